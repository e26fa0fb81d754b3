import type { FailureName } from '../../failures/failures.js';
import { JitFailure } from '../../failures/failures.js';
import type { KeySource } from '../../keys/keySource.js';
import { platformCli } from '../../production/productionCredentials.js';
import { sameName } from '../../registry/registry.js';
import type { RememberedWay, SignInWay } from '../../registry/signInWay.js';
import type { AuthType, LoginRecord } from '../../sfStore/storedOrg.js';
import type { LoginTarget } from './loginTarget.js';
import type { Refused } from './otherWays.js';

/** One attempt to make, and what is stored when it works. */
export type Attempt = {
  readonly way: SignInWay;
  readonly authType: AuthType;
  /** What is stored instead when Salesforce gives no refresh token; without it, that is a failure. */
  readonly withoutRefreshToken?: 'access-token';
};

/**
 * Which ways may be tried, in order; which of them are tried is decided by what is refused (`mayCure`). JWT comes first wherever there is a
 * key: it makes no refresh token, of which Salesforce allows five for a user and app and ends the oldest (docs/salesforce.md, Refresh
 * token). Only a key file lets sf renew the login by itself, so a key from anywhere else leaves the access token alone. Without a key
 * production is one of sf's own logins, and so is then the sandbox: stored with its refresh token, which sf and programs on core renew.
 *
 * A way that the last login found comes before all others, unless it cannot bring what was asked for. Another user than the one
 * production vouches for can be signed in by key alone.
 *
 * @param wanted `--auth-type`, or undefined for the default: `jwt` with a key file, `sfdx-auth-url` without a key, else `access-token`
 * @param record of the last login as the user that is expected, where one is stored; without it only a registration tells which way that found
 * @throws InputInvalid when `jwt` is asked for and production has no key file, or another user without a key or with a refresh token
 */
export function attempts(
  target: LoginTarget,
  wanted?: AuthType,
  record?: LoginRecord,
): readonly [Attempt, ...Attempt[]] {
  const { production, user } = target;
  const { key, clientId } = production;
  if (user !== undefined) return [{ way: 'own-key', authType: authTypeOfAnotherUser(wanted, key) }];
  const [first, ...others] = withOwnApp(wanted, key);
  const code = others.at(-1) ?? first;
  const all: [Attempt, ...Attempt[]] = [first, ...others];
  if (first.way === 'jwt') all.push({ ...first, way: 'own-key' });
  if (clientId !== platformCli) all.push({ ...code, way: 'platform-cli' });
  const remembered = rememberedWay(target, record);
  const start = all.find(({ way, authType }) => {
    const brings = wanted === undefined || wanted === authType;
    return way === remembered && brings;
  });
  return start ? [start, ...all.filter((attempt) => attempt !== start)] : all;
}

/** Whether production's key signs the user in. */
export function isByKey(way: SignInWay): boolean {
  return way === 'jwt' || way === 'own-key';
}

/** With the app of production, when production vouches: the authorization code last. */
function withOwnApp(wanted: AuthType | undefined, key: KeySource): [Attempt, ...Attempt[]] {
  const code: Attempt = { way: 'code', authType: 'access-token' };
  switch (wanted ?? defaultAuthType(key)) {
    case 'jwt':
      if (key.source !== 'file') throw notRenewable();
      return [{ way: 'jwt', authType: 'jwt' }, code];
    case 'access-token':
      return key.source === 'sf' ? [code] : [{ way: 'jwt', authType: 'access-token' }, code];
    case 'sfdx-auth-url':
      return [
        {
          way: 'code',
          authType: 'sfdx-auth-url',
          ...(wanted === undefined ? { withoutRefreshToken: 'access-token' } : {}),
        },
      ];
  }
}

function defaultAuthType(key: KeySource): AuthType {
  switch (key.source) {
    case 'file':
      return 'jwt';
    case 'sf':
      return 'sfdx-auth-url';
    default:
      return 'access-token';
  }
}

function authTypeOfAnotherUser(wanted: AuthType | undefined, key: KeySource): AuthType {
  if (key.source === 'sf') {
    throw new JitFailure('InputInvalid', {
      field: '--user',
      problem:
        'only a key can sign in another user, and the production org is registered without one; register it by JWT',
    });
  }
  if (wanted === 'sfdx-auth-url') {
    throw new JitFailure('InputInvalid', {
      field: '--auth-type sfdx-auth-url',
      problem: 'another user is signed in by JWT, which gives no refresh token',
    });
  }
  if (wanted === 'jwt' && key.source !== 'file') throw notRenewable();
  return wanted ?? (key.source === 'file' ? 'jwt' : 'access-token');
}

function notRenewable(): JitFailure {
  return new JitFailure('InputInvalid', {
    field: 'The kind of login jwt (--auth-type, jit-auth-type)',
    problem:
      'the production org has no key file, so sf could not renew the login; choose another, or register a key file',
  });
}

/** Refusals that are the same at the next login to this copy of the sandbox, unless somebody changes something on purpose. */
const lasting: ReadonlySet<FailureName> = new Set<FailureName>([
  'AppBlocked',
  'AppNotInSandbox',
  'CallbackUrlMismatch',
  'ClientSecretRequired',
  'GrantTypeNotSupported',
  'InvalidClientId',
  'NotSandboxCreator',
  'PkceRequired',
  'SandboxAuthFailed',
  'SandboxPermissionMissing',
  'ScopeMissing',
]);

/**
 * Which way the next login should start with; undefined for the usual one. What was learned of a copy is not true of the next one, in which
 * production's app may be: only the way without production stays good.
 *
 * @param before what is remembered so far
 * @param refreshed whether the sandbox was refreshed since the last login
 */
export function wayToRemember(
  { signedInBy: way, refusals }: { readonly signedInBy: SignInWay; readonly refusals: readonly Refused[] },
  before: RememberedWay | undefined,
  refreshed: boolean,
): RememberedWay | undefined {
  if (way === 'jwt') return undefined;
  if (refusals.length > 0) return refusals.every(({ failure }) => lasting.has(failure.name)) ? way : undefined;
  return way === before && (way === 'own-key' || !refreshed) ? way : undefined;
}

/**
 * The way of signing in that the last login found the next one should start with: as the registration remembers it; where nothing registers the
 * sandbox, as the login record does, if it is of this sandbox and of the same app of production. Undefined for the usual way.
 *
 * @param record of the last login as the user that is expected
 */
export function rememberedWay(
  { registered, user, sandboxName, production }: LoginTarget,
  record: LoginRecord | undefined,
): RememberedWay | undefined {
  if (registered) return registered.signedInBy;
  if (user !== undefined || record?.startWith?.clientId !== production.clientId) return undefined;
  const isOfSandbox =
    sameName(record.sandboxName, sandboxName) && sameName(record.productionUsername, production.username);
  return isOfSandbox ? record.startWith.way : undefined;
}

/** The part of a login record that remembers the way; none where a registration does, or where another user was asked for. */
export function wayInRecord(
  { registered, user, production: { clientId } }: LoginTarget,
  way: RememberedWay | undefined,
): Pick<LoginRecord, 'startWith'> {
  return registered || user !== undefined || way === undefined ? {} : { startWith: { way, clientId } };
}
