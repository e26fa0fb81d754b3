import { glanceAtRegistration } from '../autoLogin/io/glance.js';
import { isRefusedLogin } from '../autoLogin/loginOfUser.js';
import { refusedLoginLine } from '../autoLogin/io/refusedLoginLine.js';

/**
 * Says whose login it is when the command fails with it: the plugin leaves a login alone that the user made, also when a refresh has ended it.
 * Nothing is read or asked before that (sf-plugins-core, `sfCommandError`: an event that comes when the error has been printed).
 *
 * @param orgs that the command uses, and that the plugin did not log in to
 */
export function explainRefusal(orgs: readonly string[], say: (line: string) => void): void {
  process.once('sfCommandError', (error: unknown) => {
    if (!isRefusedLogin(error)) return;
    for (const org of orgs) {
      const alias = glanceAtRegistration(org);
      if (alias !== undefined) say(refusedLoginLine(org, alias));
    }
  });
}
