import { codeEnds, codeExchanges } from './codes.js';
import { productionLogins, sandboxLoginEnds, sandboxLogins } from './jwt.js';
import type { Observation } from './observation.js';
import { restAnswers, revocations } from './rest.js';
import { sandboxAuthAnswers } from './sandboxAuth.js';

/** Everything that is observed, in the order in which it is asked. */
export const observations: readonly Observation[] = [
  ...about('sandboxAuth', sandboxAuthAnswers),
  ...about('production', productionLogins),
  ...about('sandbox', sandboxLogins),
  ...about('code', codeExchanges),
  ...about('REST', restAnswers),
  // last, since Salesforce may give several logins one session
  ...about('revoke', [...codeEnds, ...sandboxLoginEnds, ...revocations]),
];

/** The same observations, each with a name of its own. */
function about(subject: string, list: readonly Observation[]): Observation[] {
  return list.map((observation) => ({ ...observation, what: `${subject}: ${observation.what}` }));
}
