import type { CommandEnd, CommandVariables } from './commandRun.js';
import { commandVariables } from './commandRun.js';
import { JitFailure } from '../failures/failures.js';
import type { LoginTarget, LoginTargetRequest } from '../sandboxes/signIn/loginTarget.js';
import { findLoginTarget, withoutStoring } from '../sandboxes/signIn/loginTarget.js';
import { attempts } from '../sandboxes/signIn/waysToSignIn.js';
import type { FreshLogin, StoredOrg } from '../sfStore/storedOrg.js';
import { storedSandbox } from '../sfStore/storedOrg.js';
import { revokeUnlessStored } from './revokeUnlessStored.js';
import type { NotedLogin, RunNote, RunNotes } from './runNotes.js';
import type { Ports } from '../ports.js';
import { getFreshLogin } from '../sandboxes/signIn/freshLogin.js';
import type { SignedIn } from '../sandboxes/signIn/tryWays.js';

/** What `sf jit sandbox exec` asks for. */
export type ExecRequest = LoginTargetRequest & {
  /** The program and its arguments. */
  readonly command: readonly [string, ...string[]];
  /** The sandbox of the `exec` around this one, if there is one. */
  readonly outer?: string;
};

/** A command that was found, with a private place for what sf writes in it. From its making on it takes the signals of this process. */
export interface PreparedCommand {
  /**
   * Waits for work that comes before the command. When a signal comes first, a little longer only.
   *
   * @returns what the work gives; undefined when a signal came and the work was not done in time
   */
  unlessInterrupted<T>(work: Promise<T>): Promise<T | undefined>;
  /** Makes the login known to the private sf, by its username and by other names. @throws TemporaryFolderUnusable */
  know(org: StoredOrg, names: ReadonlyArray<string | undefined>): Promise<void>;
  /** Runs the command to its end; not at all when a signal came before, which is then how it ended. @throws CommandNotRunnable */
  run(variables: CommandVariables): Promise<CommandEnd>;
  /** How the command ended that a signal kept from starting. */
  interruption(): CommandEnd;
  /** Removes the private place. */
  wipe(): Promise<void>;
}

/** Who hears of a run. */
export type ExecListener = {
  /** Told how the sandbox was signed in to. */
  readonly signedIn: (signedIn: SignedIn) => void;
  /** Told before requests are made that may take long; and, with `waited`, before anything else may be printed. */
  readonly waitingFor: (what: 'login' | 'revocation') => void;
  readonly waited: () => void;
  /** Told the access token before the command can print it. */
  readonly credential: (accessToken: string) => Promise<void>;
  /** Told when nothing could be kept of the run, so that nobody can revoke its tokens if it is killed. */
  readonly notNoted: (failure: JitFailure) => void;
  /** Told when the tokens could not be revoked. */
  readonly notRevoked: (failure: JitFailure) => void;
};

/** The programs of this machine. */
export interface Commands {
  /** @throws CommandNotFound, CommandNotRunnable, TemporaryFolderUnusable */
  prepare(command: readonly [string, ...string[]]): Promise<PreparedCommand>;
}

/**
 * Runs a command with a fresh login to the sandbox in its environment. The login is stored in the private place of the command only, and
 * revoked when the command has ended, however it ended. If this process is killed, a later one revokes it (`endLeftRuns`).
 *
 * @throws NestedExec, CommandNotFound, CommandNotRunnable, TemporaryFolderUnusable, and the classes of a login
 */
export async function execWithSandbox(
  request: ExecRequest,
  ports: Ports & { readonly commands: Commands; readonly runNotes: RunNotes },
  listener: ExecListener,
): Promise<CommandEnd> {
  if (request.outer !== undefined) throw new JitFailure('NestedExec', { sandbox: request.outer });
  const registry = await ports.registry.read();
  const target = withoutStoring(findLoginTarget(request, registry));
  const ways = attempts(target, 'access-token');
  // before anything is asked of Salesforce: a command that cannot be found costs no request
  const command = await ports.commands.prepare(request.command);
  try {
    listener.waitingFor('login');
    const login: SignedIn | undefined = await command.unlessInterrupted(getFreshLogin(target, ways, ports));
    listener.waited();
    if (login === undefined) return command.interruption();
    const noted = notedLogin(login.freshLogin, target);
    let note: RunNote | undefined;
    try {
      listener.signedIn(login);
      note = await keepNote(noted, ports, listener);
      await command.know(storedSandbox(login.freshLogin, undefined, false), [
        request.sandbox,
        target.alias,
        target.sandboxName,
      ]);
      await listener.credential(login.freshLogin.accessToken);
      return await command.run(commandVariables(login.freshLogin, target, registry));
    } finally {
      listener.waitingFor('revocation');
      const failure = await revokeUnlessStored(noted, ports);
      listener.waited();
      if (failure) listener.notRevoked(failure);
      else await note?.forget();
    }
  } finally {
    listener.waited();
    await command.wipe();
  }
}

function notedLogin({ username, instanceUrl, accessToken, refreshToken }: FreshLogin, target: LoginTarget): NotedLogin {
  const { sandboxName, production } = target;
  return { sandboxName, username, productionUsername: production.username, instanceUrl, accessToken, refreshToken };
}

/** Where nothing can be kept, as in a home folder that is read-only, the command runs all the same: its login is revoked at its end. */
async function keepNote(
  login: NotedLogin,
  { runNotes }: { readonly runNotes: RunNotes },
  listener: ExecListener,
): Promise<RunNote | undefined> {
  try {
    return await runNotes.keep(login);
  } catch (error) {
    if (!(error instanceof JitFailure)) throw error;
    listener.notNoted(error);
    return undefined;
  }
}
