import type { RequestContext } from '../answers.js';
import { clockSkewSeconds } from '../answers.js';
import { diagnoseAnswer } from '../diagnosis.js';
import { send } from './http.js';
import type { OrgContext, ServerFacts } from '../salesforce.js';

/**
 * What an org's server says about itself at `/services/data`, which needs no session: its API versions, and its time.
 *
 * @throws the classes of `diagnoseAnswer` and `diagnoseNetworkProblem`
 */
export async function serverFacts(instanceUrl: string, org: OrgContext): Promise<ServerFacts> {
  const context: RequestContext = { ...org, operation: 'query', host: new URL(instanceUrl).host };
  const answer = await send({ url: `${instanceUrl}/services/data` }, context);
  const apiVersions = answer.status === 200 ? versions(answer.body) : [];
  if (apiVersions.length === 0) throw diagnoseAnswer(answer, context);
  return { apiVersions, clockSkew: clockSkewSeconds(answer, new Date()) };
}

function versions(body: string): string[] {
  try {
    const list: unknown = JSON.parse(body);
    return (Array.isArray(list) ? list : [])
      .map((entry: { version?: unknown } | null) => entry?.version)
      .filter((version) => typeof version === 'string' && /^\d+\.0$/.test(version))
      .map(String)
      .sort((one, other) => Number(one) - Number(other));
  } catch {
    // not JSON: the diagnosis shows what it is
    return [];
  }
}
