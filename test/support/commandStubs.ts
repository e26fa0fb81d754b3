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

/** Silences commands in this suite and restores everything after each test, the exit code of the process included. */
export function useCommandStubs(): CommandStubs {
  const sandbox = createSandbox();
  const stubs = { sandbox } as { -readonly [K in keyof CommandStubs]: CommandStubs[K] };
  before(async () => {
    stubs.config = await Config.load({ root: import.meta.dirname });
  });
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
