import { JitFailure } from '../domain/failures.js';
import type { LoginTarget } from '../domain/loginTarget.js';
import { explainSandboxAuthFailure, productionKnowsMore } from '../domain/sandboxVerdict.js';
import type { About, Ports, SandboxAuthAnswer, Session } from '../ports.js';
import { aboutProduction, withProduction } from './openProduction.js';

/**
 * Asks production for the sandbox. When it refuses, production's own records tell why (spec §7).
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
