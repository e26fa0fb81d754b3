import { settings } from './settings.js';
import { JitFailure } from '../failures/failures.js';
import { errorLine, failureLine, loginLine } from '../autoLogin/autoLoginView.js';
import type { LoginCircumstances } from '../autoLogin/loginIfNeeded.js';
import { loginIfNeeded as login } from '../autoLogin/loginIfNeeded.js';
import { ports, surroundings } from './ports.js';
import { remember } from './speaking.js';

/**
 * Logs in to a sandbox that another command is about to use, if it has to be.
 *
 * @param org as the command names it
 * @returns the line to tell the user, if there is anything to tell. Throws nothing: that command must run all the same
 */
export async function loginIfNeeded(org: string): Promise<string | undefined> {
  try {
    const circumstances = async (): Promise<LoginCircumstances> => ({
      authType: await settings.authType(),
      ...(await surroundings()),
    });
    const made = await login(org, circumstances, ports);
    return made && loginLine(made);
  } catch (error) {
    if (!(error instanceof JitFailure)) return errorLine(org, error);
    await remember(error);
    return failureLine(org, error);
  }
}
