import type { LoginRecord, StoredOrg } from '../storedOrg.js';
import { isAuthType } from '../storedOrg.js';
import { isRecord } from '../../files/json.js';

/*
 * What the files of sf's store must look like to be used. Anybody can edit them, and what is taken from them goes into requests and
 * comparisons.
 */

/** The fields of an org that this plugin reads, as core writes them. */
const orgTexts = [
  'orgId',
  'userId',
  'accessToken',
  'refreshToken',
  'clientId',
  'clientSecret',
  'privateKey',
  'loginUrl',
  'instanceUrl',
] as const satisfies ReadonlyArray<keyof StoredOrg>;

/** Whether it is what core stores of an org: what is taken from it goes into requests and comparisons unchecked. */
export function isOrg(value: unknown): value is StoredOrg {
  if (!isRecord(value) || typeof value['username'] !== 'string') return false;
  const { instanceUrl = 'https://absent' } = value;
  return (
    orgTexts.every((field) => ['string', 'undefined'].includes(typeof value[field])) &&
    /^https?:$/.test(URL.parse(instanceUrl as string)?.protocol ?? '')
  );
}

const recordTexts = [
  'username',
  'sandboxName',
  'productionUsername',
  'orgId',
  'authType',
  'loggedInAt',
  'checkedAt',
  'credentialDigest',
] as const satisfies ReadonlyArray<keyof LoginRecord>;

/** Whether it is a record of a login as this plugin writes them. */
export function isLoginRecord(value: unknown): value is LoginRecord {
  return (
    isRecord(value) &&
    recordTexts.every((field) => typeof value[field] === 'string') &&
    isCredential(value) &&
    (value['replaces'] === undefined || isCredential(value['replaces']))
  );
}

function isCredential(value: unknown): boolean {
  return (
    isRecord(value) &&
    isAuthType(String(value['authType'])) &&
    typeof value['credentialDigest'] === 'string' &&
    ['string', 'undefined'].includes(typeof value['renewalDigest'])
  );
}
