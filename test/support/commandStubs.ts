import { Config } from '@oclif/core';
import { stubSfCommandUx, stubSpinner } from '@salesforce/sf-plugins-core';
import type { SinonSandbox } from 'sinon';
import { createSandbox } from 'sinon';

/** What a test of a command's own code needs: oclif's configuration, what the command prints, and a place for stubs. */
export type CommandStubs = {
  readonly config: Config;
  readonly ux: ReturnType<typeof stubSfCommandUx>;
  readonly sandbox: SinonSandbox;
};

/** The signals that sf's commands listen to. */
const signals = ['SIGINT', 'SIGTERM', 'SIGBREAK', 'SIGHUP'] as const;

/** Notes what listens to signals. @returns what takes away whoever came since */
export function signalListenersSince(): () => void {
  const before = signals.map((signal) => process.listeners(signal));
  return () => {
    for (const [index, signal] of signals.entries()) {
      const added = process.listeners(signal).filter((listener) => !before[index]?.includes(listener));
      for (const listener of added) process.removeListener(signal, listener);
    }
  };
}

/**
 * Takes away, after each test of this suite, what its commands listen to signals with. Elsewhere one process runs one command, so that nothing
 * does; here the eleventh would bring a MaxListenersExceededWarning.
 */
export function dropSignalListeners(): void {
  let drop: () => void;
  beforeEach(() => {
    drop = signalListenersSince();
  });
  afterEach(() => {
    drop();
  });
}

/** Silences commands in this suite and restores everything after each test, the exit code of the process included. */
export function useCommandStubs(): CommandStubs {
  const sandbox = createSandbox();
  const stubs = { sandbox } as { -readonly [K in keyof CommandStubs]: CommandStubs[K] };
  before(async () => {
    stubs.config = await Config.load({ root: import.meta.dirname });
  });
  dropSignalListeners();
  beforeEach(() => {
    stubs.ux = stubSfCommandUx(sandbox);
    stubSpinner(sandbox);
  });
  afterEach(() => {
    sandbox.restore();
    process.exitCode = undefined;
  });
  return stubs;
}
