import { JitFailure } from '../../failures/failures.js';
import type { LoginTarget } from './loginTarget.js';
import { explainSandboxAuthFailure, productionKnowsMore } from './sandboxVerdict.js';
import type { Ports } from '../../ports.js';
import { aboutProduction, withProduction } from '../../production/openProduction.js';
import type { About, SandboxAuthAnswer, Session } from '../../salesforce/salesforce.js';

/**
 * Asks production for the sandbox. When it refuses, production's own records tell why.
 *
 * @throws what logging in to production throws, and the classes of a refused sandbox
 */
export async function askProduction(target: LoginTarget, ports: Ports): Promise<SandboxAuthAnswer> {
  const { sandboxName, production } = target;
  const about: About = { ...aboutProduction(production), sandbox: sandboxName };
  return withProduction(production, ports, async (session) => {
    try {
      return await ports.salesforce.sandboxAuth(
        session,
        { sandboxName, clientId: production.clientId, callbackUrl: target.callbackUrl },
        about,
      );
    } catch (error) {
      throw await explained(error, target, session, ports);
    }
  });
}

async function explained(error: unknown, target: LoginTarget, session: Session, ports: Ports): Promise<unknown> {
  if (!(error instanceof JitFailure) || !productionKnowsMore(error)) return error;
  const { sandboxName, production } = target;
  try {
    const states = await ports.salesforce.sandboxStates(session, aboutProduction(production));
    return explainSandboxAuthFailure(error, states, {
      sandbox: sandboxName,
      production: production.username,
      user: production.username,
      userId: session.userId,
    });
  } catch (surveyError) {
    // what production said first stays the answer; that its records could not be read explains nothing to the user
    if (surveyError instanceof JitFailure) return error;
    throw surveyError;
  }
}
