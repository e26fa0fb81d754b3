import { JitFailure } from '../failures/failures.js';

const localHosts = ['localhost', '127.0.0.1', '[::1]'];

/**
 * The origin of a login URL that a user gave: `https`, or `http` on this machine only, for the emulator.
 *
 * @param from what to blame in the failure: a flag, a variable or a field
 * @throws InputInvalid
 */
export function loginOrigin(url: string, from: string): string {
  const parsed = URL.parse(/^[a-z]+:\/\//i.test(url) ? url : `https://${url}`);
  if (!parsed) throw new JitFailure('InputInvalid', { field: from, problem: 'it is not a URL' });
  if (!isSafeFromEavesdroppers(parsed.href)) {
    throw new JitFailure('InputInvalid', { field: from, problem: 'it must begin with https://' });
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new JitFailure('InputInvalid', { field: from, problem: 'it must not contain a user name or password' });
  }
  if (/\.lightning\.force\.com$/i.test(parsed.hostname)) {
    throw new JitFailure('InputInvalid', {
      field: from,
      problem: 'a lightning.force.com address cannot be logged in to; use the one that ends in my.salesforce.com',
    });
  }
  return parsed.origin;
}

/** Whether what is sent there can be read by nobody on the way: `https`, or `http` on this machine. False for anything that is not a URL. */
export function isSafeFromEavesdroppers(url: string): boolean {
  const { protocol, hostname = '' } = URL.parse(url) ?? {};
  return protocol === 'https:' || (protocol === 'http:' && localHosts.includes(hostname));
}

/** Domains under which only Salesforce answers (as sfdx-core, sfdcUrl `isSalesforceDomain`). */
const salesforceDomains = [
  '.salesforce.com',
  '.force.com',
  '.cloudforce.com',
  '.salesforce.mil',
  '.crmforce.mil',
  '.sfcrmproducts.cn',
];

/** Whether a login sent there reaches nobody but Salesforce, or this machine (the emulator). */
export function isTrustedLoginHost(url: string): boolean {
  return isThisMachine(url) || isSalesforceHost(url);
}

/** Whether an address is one of this machine, where the emulator is. */
export function isThisMachine(url: string): boolean {
  return localHosts.includes(URL.parse(url)?.hostname.toLowerCase() ?? '');
}

/** Whether an address is Salesforce's, and encrypted. */
export function isSalesforceHost(url: string): boolean {
  const { protocol, hostname = '' } = URL.parse(url) ?? {};
  return protocol === 'https:' && salesforceDomains.some((domain) => hostname.toLowerCase().endsWith(domain));
}

/** Whether a login host is one of sandboxes or of production; a My Domain of production cannot be told from an old sandbox's. */
export function hostKind(url: string): 'sandbox' | 'production' | 'unknown' {
  const host = URL.parse(url)?.hostname.toLowerCase() ?? '';
  if (host === 'test.salesforce.com' || host.endsWith('.sandbox.my.salesforce.com')) return 'sandbox';
  return host === 'login.salesforce.com' ? 'production' : 'unknown';
}
