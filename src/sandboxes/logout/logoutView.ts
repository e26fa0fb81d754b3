import type { LogoutOutcome, SandboxLogout } from './sandboxLogout.js';
import { failureText } from '../../failures/failureView.js';

/** One login in the JSON result. */
export function logoutEntry({ target, status, revoked, failure }: LogoutOutcome): SandboxLogout {
  const { sandboxName, alias = null, username = null, productionUsername = null } = target;
  const error = failure && { name: failure.name, ...failureText(failure) };
  return { sandboxName, alias, username, productionUsername, status, revoked, ...(error && { error }) };
}
