import type { FreshLogin } from '../../sfStore/storedOrg.js';

/** What a credential can be shown as. */
export type CredentialType = 'access-token' | 'sfdx-auth-url';

/** How a credential is printed: for people, as an object of JSON, or as a line `NAME=value` for each variable. */
export type CredentialFormat = 'text' | 'json' | 'env';

/** The result of `sf jit sandbox show-credentials`. It holds a secret. */
export type ShownCredential = {
  username: string;
  orgId: string;
  /** ISO 8601. */
  issuedAt: string;
} & ({ accessToken: string; instanceUrl: string } | { sfdxAuthUrl: string });

/** The credential of a login that was just made, in the form that was asked for. */
export function credentialToShow(login: FreshLogin, type: CredentialType, issuedAt: Date): ShownCredential {
  const { username, orgId, accessToken, instanceUrl } = login;
  const whose = { username, orgId, issuedAt: issuedAt.toISOString() };
  return type === 'access-token'
    ? { ...whose, accessToken, instanceUrl }
    : { ...whose, sfdxAuthUrl: sfdxAuthUrl(login) };
}

/** As core writes it (`AuthInfo.getSfdxAuthUrl`). */
function sfdxAuthUrl({ clientId, clientSecret = '', refreshToken = '', instanceUrl }: FreshLogin): string {
  return `force://${clientId}:${clientSecret}:${refreshToken}@${new URL(instanceUrl).host}`;
}

/** A credential for a program: names of variables are those that `sf jit sandbox exec` sets. No value has spaces, quotes or line breaks. */
export function formatCredential(credential: ShownCredential, format: 'json' | 'env'): string {
  if (format === 'json') return JSON.stringify(credential, null, 2);
  const { username, orgId } = credential;
  const secret: Readonly<Record<string, string>> =
    'accessToken' in credential
      ? { SF_ACCESS_TOKEN: credential.accessToken, SF_ORG_INSTANCE_URL: credential.instanceUrl }
      : { SFDX_AUTH_URL: credential.sfdxAuthUrl };
  const variables: Record<string, string> = { ...secret, SF_JIT_USERNAME: username, SF_JIT_ORG_ID: orgId };
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${value.replaceAll(/\s/g, '')}`)
    .join('\n');
}

/** Every secret in a shown credential, also the one that is only a part of a longer text. */
export function secretsOf(credential: ShownCredential): string[] {
  if ('accessToken' in credential) return [credential.accessToken];
  const [, clientSecret, refreshToken] = /^force:\/\/[^:]*:([^:]*):([^@]*)@/.exec(credential.sfdxAuthUrl) ?? [];
  return [credential.sfdxAuthUrl, refreshToken, clientSecret].filter(
    (secret) => secret !== undefined && secret !== '',
  ) as string[];
}

/** The line with which GitHub Actions is told to keep a text out of its logs; escaped as its own toolkit does. */
export function maskLine(secret: string): string {
  return `::add-mask::${secret.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')}`;
}
