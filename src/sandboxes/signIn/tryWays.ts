import { JitFailure } from '../../failures/failures.js';
import type { SigningKey } from '../../keys/signingKey.js';
import type { Ports } from '../../ports.js';
import { platformCli } from '../../production/productionCredentials.js';
import type { SignInWay } from '../../registry/signInWay.js';
import type { SandboxAuthAnswer } from '../../salesforce/salesforce.js';
import type { FreshLogin } from '../../sfStore/storedOrg.js';
import type { App, Word } from './askProduction.js';
import { askProduction } from './askProduction.js';
import { confirmSandbox } from './confirmSandbox.js';
import type { LoginTarget } from './loginTarget.js';
import type { Refused } from './otherWays.js';
import { mayCure, refusalToTell } from './otherWays.js';
import { signIn } from './signIn.js';
import { signInWithoutWord } from './signInWithoutWord.js';
import type { Attempt } from './waysToSignIn.js';
import { isByKey } from './waysToSignIn.js';

/** What is known when the first way is tried. */
export type Entering = {
  readonly target: LoginTarget;
  /** In the order in which they are tried. */
  readonly ways: readonly [Attempt, ...Attempt[]];
  /** Production's key, when it was read already. */
  readonly key: SigningKey | undefined;
  /** Called with each username before the sandbox is signed in to as that user; may refuse it by throwing. */
  readonly accept: (username: string) => Promise<void>;
};

/** A login, the way that brought it, and those that were refused before. */
export type SignedIn = {
  readonly freshLogin: FreshLogin;
  readonly signedInBy: SignInWay;
  readonly refusals: readonly Refused[];
};

/**
 * Signs in to the sandbox: in the first way, and in each later one that may cure all that was refused before it. Production is asked once
 * for each app, and not at all where nobody has to vouch.
 *
 * @throws the refusal that tells most, with the others (`refusalToTell`)
 */
export async function tryWays(entering: Entering, ports: Ports): Promise<SignedIn> {
  const refusals: Refused[] = [];
  const words = new Map<string, Promise<Word>>();
  const wordFor = (way: SignInWay): Promise<Word> => {
    const app = appOf(way, entering.target);
    const word = words.get(app.clientId) ?? acceptedWord(entering, app, words.size === 0, ports);
    words.set(app.clientId, word);
    return word;
  };
  for (const attempt of entering.ways) {
    if (!refusals.every((refused) => mayCure(attempt.way, refused))) continue;
    const done = await tried(attempt, entering, wordFor, ports);
    if (done === 'impossible') continue;
    if (!('failure' in done)) return { freshLogin: done, signedInBy: attempt.way, refusals };
    refusals.push(done);
  }
  const [first, ...others] = refusals;
  // the first attempt was made in any case; where it was impossible, the next one
  if (!first) throw new Error('No way of signing in could be tried');
  throw refusalToTell([first, ...others]);
}

async function tried(
  attempt: Attempt,
  { target, key, accept }: Entering,
  wordFor: (way: SignInWay) => Promise<Word>,
  ports: Ports,
): Promise<FreshLogin | Refused | 'impossible'> {
  const { way } = attempt;
  let at: Refused['at'] = 'asking';
  try {
    if (way === 'own-key') {
      const username = target.user ?? target.username;
      await accept(username);
      at = 'sandbox';
      const login = await signInWithoutWord(username, attempt, target, key, ports);
      if (login || target.user === undefined) return login ?? 'impossible';
      at = 'asking';
    }
    const word = await wordFor(way);
    if ('refusal' in word) return { way, at: 'vouching', failure: word.refusal };
    at = 'sandbox';
    return await signInWithWord(word.vouched, attempt, target, key, ports);
  } catch (failure) {
    if (!(failure instanceof JitFailure)) throw failure;
    return { way, at, failure };
  }
}

/** Signs in where production said: the user for whom it gave its word, or at the same host the one who was asked for. */
async function signInWithWord(
  { loginUrl, instanceUrl, authUserName, authCode }: SandboxAuthAnswer,
  attempt: Attempt,
  target: LoginTarget,
  key: SigningKey | undefined,
  ports: Ports,
): Promise<FreshLogin> {
  const app = appOf(attempt.way, target);
  const entrance = { username: target.user ?? authUserName, loginUrl, app };
  if (!isByKey(attempt.way)) return signIn({ ...entrance, code: authCode }, attempt, target, key, ports);
  const login = await signIn(entrance, attempt, target, key, ports);
  const isWhereItSaid = new URL(login.instanceUrl).origin === new URL(instanceUrl).origin;
  if (target.user !== undefined && !isWhereItSaid) await confirmSandbox(login, target, ports);
  return login;
}

/** Asks production, and has the user that it names accepted. */
async function acceptedWord({ target, accept }: Entering, app: App, isFirst: boolean, ports: Ports): Promise<Word> {
  const word = await askProduction(target, app, isFirst, ports);
  if ('vouched' in word && target.user === undefined) await accept(word.vouched.authUserName);
  return word;
}

function appOf(way: SignInWay, { production, callbackUrl, callbackUrlOfSf }: LoginTarget): App {
  return way === 'platform-cli'
    ? { clientId: platformCli, callbackUrl: callbackUrlOfSf }
    : { clientId: production.clientId, callbackUrl };
}
