import { JitFailure } from '../../failures/failures.js';
import type { Registry } from '../../registry/registry.js';
import { findSandbox, joinNames, requireSandbox, sameName, sandboxKey } from '../../registry/registry.js';
import type { LoginRecord } from '../../sfStore/storedOrg.js';

/** A login that is to be ended, or a registered sandbox without one. */
export type LogoutTarget = {
  readonly sandboxName: string;
  /** The registered alias; null for another user's login and for a sandbox that is not registered. */
  readonly alias: string | null;
  readonly username: string;
  readonly productionUsername: string;
};

/** One login in the result of `sf jit sandbox logout`. What is not known of a sandbox that was not found is null. */
export type SandboxLogout = {
  sandboxName: string;
  alias: string | null;
  username: string | null;
  productionUsername: string | null;
  status: 'logged-out' | 'not-logged-in' | 'failed';
  /** Whether Salesforce confirmed that no token of the login is good any longer. */
  revoked: boolean;
  /** Why it failed, or with status `logged-out` why the tokens could not be revoked. */
  error?: { name: string; message: string; actions: string[] };
};

/** What became of one login. */
export type LogoutOutcome = {
  /** Only the name that was asked for, when no login and no sandbox fits it. */
  readonly target: Pick<LogoutTarget, 'sandboxName'> & Partial<LogoutTarget>;
  readonly status: SandboxLogout['status'];
  readonly revoked: boolean;
  /** Why it failed, or why the tokens could not be revoked. */
  readonly failure?: JitFailure;
};

/** The exit code for all of them together. */
export function logoutExitCode(outcomes: readonly LogoutOutcome[]): 0 | 1 | 68 {
  const failed = outcomes.filter(({ status }) => status === 'failed').length;
  return failed === 0 ? 0 : failed === outcomes.length ? 1 : 68;
}

/** What the plugin knows of sandboxes and of the logins that it made. */
export type KnownLogins = {
  readonly registry: Registry;
  readonly records: readonly LoginRecord[];
  /** `--production-org`: only what belongs to it. */
  readonly productionUsername?: string;
};

/**
 * The logins that a name means: a username means one login, a sandbox (by alias or name, registered or not) all logins to it.
 *
 * @param aliased the username that sf's alias of that name points at
 * @throws SandboxNotRegistered, AmbiguousSandbox
 */
export function findLoginsByName(term: string, aliased: string, known: KnownLogins): LogoutTarget[] {
  const { registry, productionUsername } = known;
  const records = recordsOf(known);
  const byUsername = records.filter(({ username }) => sameName(username, term));
  if (byUsername.length > 0) return byUsername.map((record) => targetOf(record, registry));
  const registered = findSandbox(registry, term, productionUsername);
  const meant = registered
    ? records.filter((record) => sandboxKey(record) === sandboxKey(registered))
    : loginsWithoutRegistration(records, term, aliased);
  if (meant.length > 0) return meant.map((record) => targetOf(record, registry));
  return [registered ?? requireSandbox(registry, term, productionUsername)];
}

/** Every login that the plugin made and remembers, and every registered sandbox without one. */
export function allLogins(known: KnownLogins): LogoutTarget[] {
  const { registry, productionUsername } = known;
  const records = recordsOf(known);
  const loggedIn = new Set(records.map(sandboxKey));
  const without = registry.sandboxes.filter(
    (sandbox) =>
      !loggedIn.has(sandboxKey(sandbox)) &&
      (productionUsername === undefined || sameName(sandbox.productionUsername, productionUsername)),
  );
  return [...records.map((record) => targetOf(record, registry)), ...without];
}

function recordsOf({ records, productionUsername }: KnownLogins): LoginRecord[] {
  return records.filter(
    (record) => productionUsername === undefined || sameName(record.productionUsername, productionUsername),
  );
}

function loginsWithoutRegistration(records: readonly LoginRecord[], term: string, aliased: string): LoginRecord[] {
  const byAlias = records.filter(({ username }) => username === aliased);
  const found = byAlias.length > 0 ? byAlias : records.filter(({ sandboxName }) => sameName(sandboxName, term));
  if (new Set(found.map(sandboxKey)).size > 1) {
    throw new JitFailure('AmbiguousSandbox', {
      sandbox: term,
      names: joinNames(found.map((record) => `${record.sandboxName} of ${record.productionUsername}`)),
    });
  }
  return found;
}

function targetOf({ sandboxName, username, productionUsername }: LoginRecord, registry: Registry): LogoutTarget {
  const registered = registry.sandboxes.find(
    (sandbox) => sandboxKey(sandbox) === sandboxKey({ sandboxName, productionUsername }),
  );
  const alias = registered && sameName(registered.username, username) ? registered.alias : null;
  return { sandboxName, alias, username, productionUsername };
}
