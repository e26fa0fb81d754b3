import type { CommandEnd, CommandVariables } from './commandRun.js';
import { commandVariables } from './commandRun.js';
import { JitFailure } from '../failures/failures.js';
import type { LoginTarget, LoginTargetRequest } from '../sandboxes/login/loginTarget.js';
import { findLoginTarget, leavingNothing } from '../sandboxes/login/loginTarget.js';
import { attempts } from '../sandboxes/login/waysToSignIn.js';
import type { MintedLogin, StoredOrg } from '../sfStore/storedOrg.js';
import type { Ports } from '../ports.js';
import type { Minted } from '../sandboxes/login/mintLogin.js';
import { mintLogin } from '../sandboxes/login/mintLogin.js';
import { revokeTokens } from '../sandboxes/login/revokeTokens.js';
import { aboutSandbox } from '../sandboxes/login/signIn.js';

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
  /** Runs the command to its end; not at all when a signal came before, which is then how it ended. @throws CommandNotRunnable */
  run(variables: CommandVariables): Promise<CommandEnd>;
  /** How the command ended that a signal kept from starting. */
  interruption(): CommandEnd;
  /** Removes the private place. */
  wipe(): Promise<void>;
}

/** Who hears of a run. */
export type ExecListener = {
  /** Told the access token before the command can print it. */
  readonly credential: (accessToken: string) => Promise<void>;
  /** Told when the tokens could not be revoked. */
  readonly notRevoked: (failure: JitFailure) => void;
};

/** The programs of this machine. */
export interface Commands {
  /** @throws CommandNotFound, CommandNotRunnable */
  prepare(command: readonly [string, ...string[]]): Promise<PreparedCommand>;
}

/**
 * Runs a command with a fresh login to the sandbox in its environment. The login is stored nowhere, and revoked when the command has
 * ended, however it ended.
 *
 * @throws NestedExec, CommandNotFound, CommandNotRunnable, and the classes of a login
 */
export async function execWithSandbox(
  request: ExecRequest,
  ports: Ports & { readonly commands: Commands },
  listener: ExecListener,
): Promise<CommandEnd> {
  if (request.outer !== undefined) throw new JitFailure('NestedExec', { sandbox: request.outer });
  const registry = await ports.registry.read();
  const target = leavingNothing(findLoginTarget(request, registry));
  const ways = attempts('access-token', target.production.key);
  // before anything is asked of Salesforce: a command that cannot be found costs no request
  const command = await ports.commands.prepare(request.command);
  try {
    const login: Minted | undefined = await command.unlessInterrupted(mintLogin(target, ways, ports));
    if (login === undefined) return command.interruption();
    try {
      await listener.credential(login.minted.accessToken);
      return await command.run(commandVariables(login.minted, target, registry));
    } finally {
      const failure = await giveBack(login.minted, target, ports);
      if (failure) listener.notRevoked(failure);
    }
  } finally {
    await command.wipe();
  }
}

/** Revokes what the command had, unless Salesforce gave the very session that a stored login has, too: that one is not ours to end. */
async function giveBack(minted: MintedLogin, target: LoginTarget, ports: Ports): Promise<JitFailure | undefined> {
  const { username, instanceUrl, accessToken, refreshToken } = minted;
  const known = await storedLogin(username, ports);
  return revokeTokens(
    {
      instanceUrl,
      accessToken: accessToken === known?.accessToken ? undefined : accessToken,
      refreshToken: refreshToken === known?.refreshToken ? undefined : refreshToken,
    },
    aboutSandbox(target, username),
    ports,
  );
}

/** The command may have left sf's store in any state: what cannot be read holds no session that would have to be spared. */
async function storedLogin(username: string, { sfOrgs }: Ports): Promise<StoredOrg | undefined> {
  try {
    const stored = await sfOrgs.read(username);
    return stored === 'unreadable' ? undefined : stored;
  } catch {
    return undefined;
  }
}
