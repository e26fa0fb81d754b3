import { lastFailure } from '../checks/io/lastFailure.js';
import type { LoginHistory, LoginHistoryRequest } from '../loginHistory/loginHistory.js';
import { readLoginHistory } from '../loginHistory/loginHistory.js';
import { withFailureText } from './failureText.js';
import { loginDefaults, ports, productionUsername } from './ports.js';

/** The Login History, bound to the real adapters. An object, so that a test can put another function in its place. */
export const loginHistory = {
  read: withFailureText(
    async (request: Omit<LoginHistoryRequest, 'variables' | 'defaultProduction'>): Promise<LoginHistory> =>
      readLoginHistory(
        { ...request, ...(await loginDefaults()), production: await productionUsername(request.production) },
        { ...ports, lastFailure: () => lastFailure.read() },
      ),
  ),
};
