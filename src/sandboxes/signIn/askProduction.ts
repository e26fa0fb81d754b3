import { JitFailure } from '../../failures/failures.js';
import type { LoginTarget } from './loginTarget.js';
import { mayDoWithoutWord } from './otherWays.js';
import { creatorOf, explainSandboxAuthFailure, canBeExplainedByProduction } from './sandboxVerdict.js';
import { sameName } from '../../registry/registry.js';
import { sameOrgId } from '../../sfStore/storedOrg.js';
import type { Ports } from '../../ports.js';
import { productionContext, withProduction } from '../../production/openProduction.js';
import type { OrgContext, SandboxAuthAnswer, Session } from '../../salesforce/salesforce.js';

/** An app that signs in to the sandbox. */
export type App = { readonly clientId: string; readonly callbackUrl: string };

/** What production says of a sandbox: its word for a user, or why it does not give it. */
export type Word = { readonly vouched: SandboxAuthAnswer } | { readonly refusal: JitFailure };

/**
 * Asks production for its word for the sandbox. When it does not give it, its own records tell why.
 *
 * @param app for which the word is good
 * @param explain whether the records are asked; not where they were before
 * @returns a refusal that another way of signing in may do without (`mayDoWithoutWord`)
 * @throws any other refusal, and what logging in to production throws
 */
export async function askProduction(target: LoginTarget, app: App, explain: boolean, ports: Ports): Promise<Word> {
  const { sandboxName, production } = target;
  const context: OrgContext = { ...productionContext(production), sandbox: sandboxName };
  return withProduction(production, ports, async (session) => {
    try {
      return { vouched: await ports.salesforce.sandboxAuth(session, { sandboxName, ...app }, context) };
    } catch (error) {
      const refusal = explain ? await explainRefusal(error, target, session, ports) : error;
      if (refusal instanceof JitFailure && mayDoWithoutWord(refusal.name)) return { refusal };
      throw refusal;
    }
  });
}

/** Which user asked, where sf does not know it, and who made the sandbox: one query. Empty when production does not tell. */
async function whoIsWho(
  creatorId: string,
  session: Session,
  { production }: LoginTarget,
  ports: Ports,
): Promise<{ userId?: string; creator?: string }> {
  const { username } = production;
  const question = { ids: [creatorId], ...(session.userId === undefined ? { username } : {}) };
  try {
    const users = await ports.salesforce.users(session, question, productionContext(production));
    const creator = users.find(({ id }) => sameOrgId(id, creatorId));
    return {
      userId: session.userId ?? users.find((user) => sameName(user.username, username))?.id,
      ...(creator && { creator: `${creator.name} (${creator.username})` }),
    };
  } catch (error) {
    if (error instanceof JitFailure) return { userId: session.userId };
    throw error;
  }
}

/** A refusal that the records do not explain knows the creator if that is the user who asked. */
async function explainRefusal(error: unknown, target: LoginTarget, session: Session, ports: Ports): Promise<unknown> {
  if (!(error instanceof JitFailure) || !canBeExplainedByProduction(error)) return error;
  const { sandboxName, production } = target;
  try {
    const { username } = production;
    const states = await ports.salesforce.sandboxStates(session, productionContext(production));
    const registration = target.registered?.alias;
    const context = {
      sandbox: sandboxName,
      production: username,
      user: username,
      userId: session.userId,
      registration,
    };
    const verdict = explainSandboxAuthFailure(error, states, context);
    const creatorId = creatorOf(states, sandboxName);
    if (creatorId === undefined || (verdict !== error && verdict.name !== 'NotSandboxCreator')) return verdict;
    if (verdict === error && session.userId !== undefined) return madeBy(username, error);
    const people = await whoIsWho(creatorId, session, target, ports);
    const verdictOnPeople = explainSandboxAuthFailure(error, states, { ...context, ...people });
    const isOwn = verdictOnPeople === error && people.userId !== undefined;
    return isOwn ? madeBy(username, error) : verdictOnPeople;
  } catch (surveyError) {
    // what production said first stays the answer; that its records could not be read explains nothing to the user
    if (surveyError instanceof JitFailure) return error;
    throw surveyError;
  }
}

function madeBy(creator: string, refusal: JitFailure): JitFailure {
  return mayDoWithoutWord(refusal.name) ? refusal.with({ creator }) : refusal;
}
