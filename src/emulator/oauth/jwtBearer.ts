import { verify, X509Certificate } from 'node:crypto';
import type { Call } from '../server/exchange.js';
import type { App, Host, Org, User } from '../world/model.js';
import { OAuthRefusal } from './oauthErrors.js';
import type { World } from '../world/world.js';

type Claims = { iss: string; sub: string; aud: string[]; exp: number };
type Assertion = { claims: Claims; signedText: string; signature: Buffer };

function parseJson(part: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString());
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch {
    // not JSON: the same refusal as for JSON that is not an object
  }
  throw new OAuthRefusal('invalid-assertion');
}

function parseAssertion(assertion: string): Assertion {
  const [header, payload, signature, ...rest] = assertion.split('.');
  if (rest.length > 0 || !signature || parseJson(header)['alg'] !== 'RS256')
    throw new OAuthRefusal('invalid-assertion');
  const { iss, sub, aud, exp } = parseJson(payload);
  if (typeof iss !== 'string' || typeof sub !== 'string' || typeof exp !== 'number') {
    throw new OAuthRefusal('invalid-assertion');
  }
  const audiences = (Array.isArray(aud) ? aud : [aud]).filter((value) => typeof value === 'string');
  const claims = { iss, sub, aud: audiences, exp };
  return { claims, signedText: `${header}.${payload}`, signature: Buffer.from(signature, 'base64url') };
}

function isSignedBy(app: App, assertion: Assertion, now: number): boolean {
  if (!app.certificate) return false;
  const certificate = new X509Certificate(app.certificate);
  const { publicKey } = certificate;
  const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
  if (publicKey.asymmetricKeyType !== 'rsa' || bits < 2048) return false;
  // what Salesforce answers for an expired certificate is unconfirmed; it gets the words for a wrong one
  if (certificate.validToDate.getTime() <= now) return false;
  return verify('RSA-SHA256', Buffer.from(assertion.signedText), publicKey, assertion.signature);
}

function originOfUrl(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : '';
}

/** Which audiences a host takes: itself, and the shared login host of its kind by its real and its emulated name. */
function audiencesOf(world: World, host: Host): string[] {
  const shared = host.role === 'my-domain' && host.org ? world.loginHostOf(host.org) : host;
  const real = shared.role === 'login' ? 'https://login.salesforce.com' : 'https://test.salesforce.com';
  return [real, ...Object.values(shared.address), ...Object.values(host.address)];
}

/** Throws what keeps this user from logging in with this app, apart from the credential itself. */
export function checkLoginAllowed(user: User, app: App): void {
  if (!user.active) throw new OAuthRefusal('inactive-user');
  if (user.refusal) throw new OAuthRefusal(user.refusal);
  if (app.refusal) throw new OAuthRefusal(app.refusal);
}

/**
 * The JWT bearer flow (docs/salesforce.md, JWT login): everything the server checks, in an order in which the first thing wrong is the one
 * that is named, and nothing about users is told before the signature is good.
 */
export function loginByAssertion(world: World, call: Call): { org: Org; user: User; app: App } {
  const assertion = parseAssertion(call.form.get('assertion') ?? '');
  const { claims } = assertion;
  const holder = world.findUser(claims.sub);
  const found = holder && world.orgsOf(call.host).includes(holder.org) ? holder : undefined;
  const installed = found?.org.apps.get(claims.iss);
  const app = installed ?? world.findApp(claims.iss);
  if (!app) throw new OAuthRefusal('unknown-client');
  if (!isSignedBy(app, assertion, world.now())) throw new OAuthRefusal('invalid-assertion');
  const audiences = audiencesOf(world, call.host);
  if (!claims.aud.some((aud) => audiences.includes(originOfUrl(aud)))) throw new OAuthRefusal('audience-invalid');
  // seconds by the documentation; core sends milliseconds, and no upper bound is enforced (docs/salesforce.md, Assertion)
  if (claims.exp * 1000 <= world.now()) throw new OAuthRefusal('expired-code');
  if (!found) {
    const sandboxUserAtProduction = holder?.org.kind === 'sandbox' && call.host.role === 'login';
    throw new OAuthRefusal(sandboxUserAtProduction ? 'invalid-assertion' : 'not-approved');
  }
  call.caller = { orgId: found.org.id, username: found.user.username };
  call.login = { ...found, app };
  if (!installed) throw new OAuthRefusal('app-not-installed');
  checkLoginAllowed(found.user, installed);
  if (installed.approval === 'blocked') throw new OAuthRefusal('app-blocked');
  if (installed.approval === 'not-approved' || !found.user.preApproved) throw new OAuthRefusal('not-approved');
  if (installed.approvalLag > 0) {
    installed.approvalLag -= 1;
    throw new OAuthRefusal('not-approved');
  }
  return { ...found, app: installed };
}
