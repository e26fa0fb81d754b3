import type { JitFailure } from '../failures/failures.js';
import type { Ports } from '../ports.js';
import { sandboxContext } from '../sandboxes/signIn/signIn.js';
import { revokeTokens } from '../sandboxes/signIn/revokeTokens.js';
import type { StoredOrg } from '../sfStore/storedOrg.js';
import type { NotedLogin } from './runNotes.js';

/** Revokes what a command had, unless Salesforce gave the very session that a stored login has, too: that one is not ours to end. */
export async function revokeUnlessStored(
  { sandboxName, username, productionUsername, instanceUrl, accessToken, refreshToken }: NotedLogin,
  ports: Pick<Ports, 'salesforce' | 'sfOrgs'>,
): Promise<JitFailure | undefined> {
  const known = await storedLogin(username, ports);
  return revokeTokens(
    {
      instanceUrl,
      accessToken: accessToken === known?.accessToken ? undefined : accessToken,
      refreshToken: refreshToken === known?.refreshToken ? undefined : refreshToken,
    },
    sandboxContext({ sandboxName, production: { username: productionUsername } }, username),
    ports,
  );
}

/** The command may have left sf's store in any state: what cannot be read holds no session that would have to be spared. */
async function storedLogin(username: string, { sfOrgs }: Pick<Ports, 'sfOrgs'>): Promise<StoredOrg | undefined> {
  const stored = await sfOrgs.read(username).catch(() => undefined);
  return stored === 'unreadable' ? undefined : stored;
}
