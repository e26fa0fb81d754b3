import { JitFailure } from '../../failures/failures.js';
import type { LoginTarget } from './loginTarget.js';
import { creatorOf, explainSandboxAuthFailure, canBeExplainedByProduction } from './sandboxVerdict.js';
import { sameName } from '../../registry/registry.js';
import { sameOrgId } from '../../sfStore/storedOrg.js';
import type { Ports } from '../../ports.js';
import { productionContext, withProduction } from '../../production/openProduction.js';
import type { OrgContext, SandboxAuthAnswer, Session } from '../../salesforce/salesforce.js';

/**
 * Asks production for the sandbox. When it refuses, production's own records tell why.
 *
 * @throws what logging in to production throws, and the classes of a refused sandbox
 */
export async function askProduction(target: LoginTarget, ports: Ports): Promise<SandboxAuthAnswer> {
  const { sandboxName, production } = target;
  const context: OrgContext = { ...productionContext(production), sandbox: sandboxName };
  return withProduction(production, ports, async (session) => {
    try {
      return await ports.salesforce.sandboxAuth(
        session,
        { sandboxName, clientId: production.clientId, callbackUrl: target.callbackUrl },
        context,
      );
    } catch (error) {
      throw await explainRefusal(error, target, session, ports);
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
  const question = { id: creatorId, ...(session.userId === undefined ? { username } : {}) };
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
    const mayBeOfAnother = verdict === error ? session.userId === undefined : verdict.name === 'NotSandboxCreator';
    if (creatorId === undefined || !mayBeOfAnother) return verdict;
    return explainSandboxAuthFailure(error, states, {
      ...context,
      ...(await whoIsWho(creatorId, session, target, ports)),
    });
  } catch (surveyError) {
    // what production said first stays the answer; that its records could not be read explains nothing to the user
    if (surveyError instanceof JitFailure) return error;
    throw surveyError;
  }
}
