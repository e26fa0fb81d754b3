import type { AutoLoginOutput } from '../autoLogin/autoLogin.js';
import { autoLoginOutputFrom, isSwitchedOn, printsJson } from '../autoLogin/autoLogin.js';
import { glanceAtFlagsFolder, glanceAtSettings } from '../autoLogin/io/glance.js';
import { flagsFolder } from '../autoLogin/orgFlags.js';
import type { AutoRegistered } from '../autoRegister/autoRegister.js';
import { registerMade } from '../autoRegister/autoRegister.js';
import { doneLine, failedLine } from '../autoRegister/autoRegisterView.js';
import type { AutoUnregistered } from '../autoRegister/autoUnregister.js';
import { unregisterDeleted } from '../autoRegister/autoUnregister.js';
import { coreSandboxFiles } from '../autoRegister/io/coreSandboxFiles.js';
import { deletedUsername, madeSandbox } from '../autoRegister/stockCommands.js';
import { orAborted, withTimeLimit } from '../files/io/timeLimit.js';
import { autoLoginOutputSetting, autoRegisterSetting } from '../sfStore/settingNames.js';
import { ports } from './ports.js';

/** A stock command that has ended well, in sf's sense: it threw nothing. */
export type EndedCommand = {
  /** oclif's, with colons. */
  readonly id: string;
  readonly argv: readonly string[];
  readonly result: unknown;
};

/** How long the shell may wait for the registration, at most: it reads and writes a few small files. */
const seconds = 3;

/**
 * After a stock command made, refreshed or deleted a sandbox: registers it, or removes its registration. Says what it did in one line; throws
 * nothing, because that command is done and its exit code stands.
 */
export async function autoRegister(command: EndedCommand, say: (line: string) => void): Promise<void> {
  const setting = glanceAtSettings();
  if (!isSwitchedOn(setting(autoRegisterSetting)) || isAsync(command.argv)) return;
  const { SF_CONTENT_TYPE, SFDX_CONTENT_TYPE } = process.env;
  const isForProgram = printsJson(command.argv, SF_CONTENT_TYPE ?? SFDX_CONTENT_TYPE);
  const output = autoLoginOutputFrom(setting(autoLoginOutputSetting), isForProgram);
  const isRemoval = command.id === 'org:delete:sandbox';
  const sandbox = isRemoval ? deletedUsername(command.result) : madeSandbox(command.result);
  if (sandbox === undefined) return;
  const over = AbortSignal.timeout(seconds * 1000);
  try {
    const done = await orAborted(
      withTimeLimit(over, (): Promise<AutoRegistered | AutoUnregistered> =>
        typeof sandbox === 'string'
          ? unregisterDeleted(sandbox, ports)
          : registerMade(sandbox, commandStart(), { ...ports, coreSandboxes: coreSandboxFiles }),
      ),
      over,
    );
    tell(doneLine(done), done.kind === 'no-alias' ? 'problems' : 'all', output, say);
  } catch (error) {
    const name = typeof sandbox === 'string' ? sandbox : sandbox.sandboxName;
    const line = failedLine(isRemoval ? 'removal' : 'registration', name, error, over.aborted ? seconds : undefined);
    tell(line, 'problems', output, say);
  }
}

function tell(
  line: string | undefined,
  kind: Exclude<AutoLoginOutput, 'none'>,
  output: AutoLoginOutput,
  say: (line: string) => void,
): void {
  if (line === undefined || output === 'none' || (kind === 'all' && output === 'problems')) return;
  say(line);
}

/** Nobody waited for the sandbox: it is registered when somebody does. Also when a file of a flags folder says so. */
function isAsync(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  if ((end === -1 ? argv : argv.slice(0, end)).includes('--async')) return true;
  const folder = flagsFolder(argv, { 'flags-dir': {} });
  if (folder === undefined) return false;
  return glanceAtFlagsFolder(folder, new Set(['async']), new Set()).some(([, text]) => text.trim() !== 'false');
}

/** When this process began. */
function commandStart(): Date {
  return new Date(performance.timeOrigin);
}
