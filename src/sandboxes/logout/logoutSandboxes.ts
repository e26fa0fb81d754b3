import pLimit from 'p-limit';
import { JitFailure } from '../../failures/failures.js';
import { chooseProductionOrg } from '../../registry/registry.js';
import type { LogoutOutcome, LogoutTarget } from './sandboxLogout.js';
import { allLogins, findLoginsByName } from './sandboxLogout.js';
import { isLoginOfPlugin } from '../../sfStore/storedOrg.js';
import type { Ports } from '../../ports.js';
import { endHeldTokens } from '../signIn/oneRefreshToken.js';
import { revokeTokens } from '../signIn/revokeTokens.js';
import type { OrgContext } from '../../salesforce/salesforce.js';
import { sandboxPhrase } from '../../failures/orgPhrases.js';

type Needed = Pick<Ports, 'registry' | 'sfOrgs' | 'salesforce' | 'locks'>;

/** What `sf jit sandbox logout` is about. */
export type LogoutRequest = {
  /** Aliases, sandbox names or usernames. */
  readonly sandboxes: readonly string[] | 'all';
  /** `-p`: alias or username of a registered production org. */
  readonly production?: string;
};

/** What a request means: logins to end, and names that fit nothing. */
export type FoundLogins = {
  readonly targets: readonly LogoutTarget[];
  readonly unknown: readonly LogoutOutcome[];
  /** Whether each was named; with `--all` a login that the user made is none of our business. */
  readonly named: boolean;
};

/** How many logins are ended at the same time. */
const concurrency = 8;

/** The logins that are meant, so that ending them can be confirmed first. @throws ProductionOrgNotRegistered, RegistryDamaged … */
export async function findLogins(request: LogoutRequest, ports: Needed): Promise<FoundLogins> {
  const registry = await ports.registry.read();
  const { production } = request;
  const known = {
    registry,
    records: await ports.sfOrgs.loginRecords(),
    productionUsername: production === undefined ? undefined : chooseProductionOrg(registry, production).username,
  };
  if (request.sandboxes === 'all') return { targets: allLogins(known), unknown: [], named: false };
  const targets = new Map<string, LogoutTarget>();
  const unknown: LogoutOutcome[] = [];
  for (const term of new Set(request.sandboxes)) {
    try {
      const found = findLoginsByName(term, await ports.sfOrgs.usernameOf(term), known);
      for (const target of found) targets.set(target.username.toLowerCase(), target);
    } catch (failure) {
      if (!(failure instanceof JitFailure)) throw failure;
      unknown.push({ target: { sandboxName: term }, status: 'failed', revoked: false, failure });
    }
  }
  return { targets: [...targets.values()], unknown, named: true };
}

/**
 * Ends logins: their tokens at Salesforce, then what sf stores of them, aliases and defaults included. Registrations stay. One that
 * fails does not stop the others, and that Salesforce could not be reached does not keep a login on this machine.
 *
 * @returns an outcome for each login
 */
export async function logoutSandboxes(
  { targets, unknown, named }: FoundLogins,
  ports: Needed,
): Promise<LogoutOutcome[]> {
  const limit = pLimit(concurrency);
  // core holds aliases and settings in memory while it removes an org
  const oneByOne = pLimit(1);
  const remove = (username: string): Promise<void> => oneByOne(() => ports.sfOrgs.remove(username));
  const outcomes = targets.map((target) =>
    limit(async (): Promise<LogoutOutcome> => {
      try {
        return { target, ...(await logout(target, named, { ...ports, remove })) };
      } catch (failure) {
        if (!(failure instanceof JitFailure)) throw failure;
        return { target, status: 'failed', revoked: false, failure };
      }
    }),
  );
  return [...(await Promise.all(outcomes)), ...unknown];
}

async function logout(
  target: LogoutTarget,
  named: boolean,
  ports: Needed & { remove: (username: string) => Promise<void> },
): Promise<Omit<LogoutOutcome, 'target'>> {
  const { sandboxName: sandbox, productionUsername, username } = target;
  return ports.locks.hold(`sandbox ${productionUsername} ${sandbox}`, async () => {
    const [stored, record] = await Promise.all([ports.sfOrgs.read(username), ports.sfOrgs.loginRecord(username)]);
    const context: OrgContext = {
      org: sandboxPhrase(sandbox),
      side: 'sandbox',
      user: username,
      sandbox,
      production: productionUsername,
    };
    if (stored === undefined) {
      await endHeldTokens(username, context, ports);
      // removed by another command since: what is left of it goes too
      if (record !== undefined) await ports.remove(username);
      return { status: 'not-logged-in', revoked: false };
    }
    if (stored === 'unreadable') {
      if (record === undefined && !named) return { status: 'not-logged-in', revoked: false };
      throw new JitFailure('LoginUnreadable', { sandbox, user: username });
    }
    if (!isLoginOfPlugin(stored, record)) {
      if (!named) return { status: 'not-logged-in', revoked: false };
      throw new JitFailure('TraditionalOrgStored', { sandbox, user: username });
    }
    const { instanceUrl = stored.loginUrl, accessToken, refreshToken } = stored;
    if (instanceUrl === undefined || !URL.canParse(instanceUrl))
      throw new JitFailure('LoginUnreadable', { sandbox, user: username });
    const held = await endHeldTokens(username, context, ports);
    const failure = (await revokeTokens({ instanceUrl, accessToken, refreshToken }, context, ports)) ?? held;
    await ports.remove(username);
    return { status: 'logged-out', revoked: failure === undefined, failure };
  });
}
