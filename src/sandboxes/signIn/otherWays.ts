import type { FailureName, JitFailure } from '../../failures/failures.js';
import type { SignInWay } from '../../registry/signInWay.js';

/**
 * A way that did not work, and where it ended: before production could be asked, because production did not vouch, or at the sandbox.
 */
export type Refused = {
  readonly way: SignInWay;
  readonly at: 'asking' | 'vouching' | 'sandbox';
  readonly failure: JitFailure;
};

/** The ways that may work after a refusal of that class. */
type Cures = Partial<Record<FailureName, readonly SignInWay[]>>;

const withoutKey: readonly SignInWay[] = ['code', 'platform-cli'];
const otherApp: readonly SignInWay[] = ['platform-cli'];
const anyWithWord: readonly SignInWay[] = ['jwt', 'code', 'platform-cli'];

/**
 * What production says when it does not vouch, and what needs another app for that, or no word at all. A callback URL that the app does not
 * know is not among it: that is put right in the app or the registration, and sf's app would only hide it.
 */
const vouching: Cures = {
  NotSandboxCreator: ['own-key'],
  // whoever may not see the list of sandboxes is not told who made them either
  SandboxPermissionMissing: ['own-key'],
  SandboxAuthFailed: [...anyWithWord, 'own-key'],
  AppBlocked: anyWithWord,
  AppNotInSandbox: anyWithWord,
  InvalidClientId: anyWithWord,
};

/** What a sandbox says of the key, the app or its approval, and not of the user or the network. */
const assertion: Cures = {
  AppNotInSandbox: withoutKey,
  AssertionExpired: withoutKey,
  AudienceInvalid: withoutKey,
  CertificateExpired: withoutKey,
  GrantTypeNotSupported: withoutKey,
  InvalidClientId: withoutKey,
  InvalidGrant: withoutKey,
  InvalidSignature: withoutKey,
  UserNotApproved: withoutKey,
};

/** The same where host and username are not production's word: it may know better ones. */
const assertionWithoutWord: Cures = {
  ...assertion,
  AudienceInvalid: anyWithWord,
  HostNotFound: anyWithWord,
  InvalidGrant: anyWithWord,
  InvalidSignature: anyWithWord,
  OrgGone: anyWithWord,
  SandboxUnconfirmed: anyWithWord,
  UserNotApproved: anyWithWord,
};

const otherAppOrKey: readonly SignInWay[] = ['jwt', 'platform-cli'];

/** What a sandbox says of a code and its app. */
const code: Cures = {
  AppBlocked: otherApp,
  AppNotInSandbox: otherAppOrKey,
  AuthorizationCodeExpired: otherAppOrKey,
  CallbackUrlMismatch: ['jwt'],
  ClientSecretRequired: otherAppOrKey,
  GrantTypeNotSupported: otherAppOrKey,
  InvalidClientId: otherAppOrKey,
  InvalidGrant: otherAppOrKey,
  PkceRequired: otherAppOrKey,
  ScopeMissing: otherApp,
  UserNotApproved: otherApp,
};

const ownApp: readonly SignInWay[] = ['jwt', 'code'];

/** The same of sf's app, which is tried first only where the registration remembers it. */
const codeOfSf: Cures = Object.fromEntries(Object.keys(code).map((name) => [name, ownApp]));

const atSandbox: Readonly<Record<SignInWay, Cures>> = {
  jwt: assertion,
  code,
  'own-key': assertionWithoutWord,
  'platform-cli': codeOfSf,
};

/** Whether there is a way of signing in that needs no such word as production refused. */
export function mayDoWithoutWord(name: FailureName): boolean {
  return Object.hasOwn(vouching, name);
}

/** Whether a way may work after another one did not. */
export function mayCure(way: SignInWay, { way: tried, at, failure }: Refused): boolean {
  const { name, facts } = failure;
  switch (at) {
    case 'asking':
      return false;
    case 'vouching':
      // production's word is for an app: the same one gets the same answer
      if (way !== 'own-key' && appOf(way) === appOf(tried)) return false;
      // its records say that this very user made the sandbox, so that it is no lack of a word
      if (way === 'own-key' && name !== 'NotSandboxCreator' && facts.creator !== undefined) return false;
      return vouching[name]?.includes(way) ?? false;
    case 'sandbox':
      return atSandbox[tried][name]?.includes(way) ?? false;
  }
}

/** Whose app production vouches for. */
function appOf(way: SignInWay): 'production' | 'sf' {
  return way === 'platform-cli' ? 'sf' : 'production';
}

/** The order in which ways are tried; the first is the one that leaves no refresh token and needs no app but production's own. */
const usualOrder: readonly SignInWay[] = ['jwt', 'code', 'own-key', 'platform-cli'];

/**
 * The refusal to tell when no way worked: that of the way which comes first in the usual order. It knows the others, and has the last one
 * as its cause.
 */
export function refusalToTell(refusals: readonly [Refused, ...Refused[]]): JitFailure {
  const rank = ({ way }: Refused): number => usualOrder.indexOf(way);
  const main = refusals.reduce((first, other) => (rank(other) < rank(first) ? other : first));
  const others = refusals.filter((refused) => refused !== main);
  if (others.length === 0) return main.failure;
  const alsoTried = others.map(({ way, failure }) => `${way}: ${failure.name}`).join('; ');
  return main.failure.with({ alsoTried }, others.at(-1)?.failure);
}
