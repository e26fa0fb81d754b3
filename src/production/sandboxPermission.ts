import type { FailureName } from '../failures/failures.js';
import { JitFailure } from '../failures/failures.js';
import type { Ports } from '../ports.js';
import type { OrgContext, Session } from '../salesforce/salesforce.js';
import type { SandboxState } from '../salesforce/sandboxState.js';

/** How Salesforce refuses a user who may not see sandboxes (docs/salesforce.md, Sandbox records). */
const refusals: readonly FailureName[] = ['SandboxPermissionMissing', 'UnexpectedAnswer'];

/**
 * Production's records of its sandboxes, or why its user may not see them. That is as close as a query comes to the permission; what is
 * needed for `sandboxAuth` itself is not documented.
 *
 * @throws any other failure of the query
 */
export async function statesOrRefusal(
  session: Session,
  context: OrgContext,
  { salesforce }: Pick<Ports, 'salesforce'>,
): Promise<readonly SandboxState[] | JitFailure> {
  try {
    return await salesforce.sandboxStates(session, context);
  } catch (error) {
    if (error instanceof JitFailure && refusals.includes(error.name)) return error;
    throw error;
  }
}
