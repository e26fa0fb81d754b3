import { type KeyObject, randomBytes } from 'node:crypto';
import jsonwebtoken from 'jsonwebtoken';
import { HttpsClient, type Reply, type Sent } from './httpsClient.js';
import type { Secrets } from './secrets.js';
import { Shaper } from './shape.js';
import type { TokenLedger } from './tokenLedger.js';

/** One side of the comparison: where it is, and the credentials for it. */
export type Party = {
  /** How the report calls it. */
  label: 'stand-in' | 'real org';
  loginUrl: string;
  /** The host that plays `https://test.salesforce.com`, where it is known. */
  testUrl?: string | undefined;
  username: string;
  clientId: string;
  clientSecret?: string | undefined;
  key: KeyObject;
  sandboxName: string;
  callbackUrl: string;
  otherSandboxName?: string | undefined;
  ecaClientId?: string | undefined;
  /** PEM of the authority to trust, if not those of Node. */
  ca?: string | undefined;
};

/** The parts of an assertion that an observation may want wrong. */
export type AssertionParts = {
  iss?: string;
  sub?: string;
  aud?: string;
  /** Seconds from now. */
  expiresIn?: number;
  key?: KeyObject;
  algorithm?: 'RS256' | 'RS512';
};

export type Session = { token: string; instanceUrl: string; scope: string };

/** The fields of a good answer of `sandboxAuth`. */
export type Vouch = { authUserName: string; authCode: string; instanceUrl: string; loginUrl: string };

/** Thrown when an observation cannot be made here, with the reason. */
export class NotObserved extends Error {}

const apiPath = '/services/data/v60.0';

/** A name that no sandbox has, and a made-up credential: what is asked in vain. */
export const unknownSandbox = `zz${randomBytes(4).toString('hex')}`;
export const madeUp = `made-up-${randomBytes(12).toString('hex')}`;

/** Talks to one party. Whatever token or code it gets is a secret from then on, and in the ledger. */
export class Conversation {
  public readonly client: HttpsClient;
  public readonly shape: Shaper;
  private readonly remembered = new Map<string, Promise<unknown>>();

  public constructor(
    public readonly party: Party,
    private readonly secrets: Secrets,
    private readonly ledger: TokenLedger,
  ) {
    this.client = new HttpsClient(party.ca);
    this.shape = new Shaper(secrets, [
      [`${party.username}.${party.sandboxName}`, '<sandbox user>'],
      [party.username, '<user>'],
      [party.clientId, '<client id>'],
      [party.ecaClientId ?? '', '<client id of the ECA>'],
      [party.callbackUrl, '<callback URL>'],
      [unknownSandbox, '<unknown sandbox>'],
      [party.otherSandboxName ?? '', '<sandbox of another>'],
      [party.sandboxName, '<sandbox>'],
      [madeUp, '<made up>'],
    ]);
  }

  public async send(url: string, sent: Sent = {}): Promise<Reply> {
    const reply = await this.client.send(url, sent);
    const origin = new URL(url).origin;
    noteTokens(reply.json, origin, this.secrets, this.ledger);
    return reply;
  }

  public async form(url: string, fields: Record<string, string>): Promise<Reply> {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return this.send(url, { method: 'POST', headers, body: new URLSearchParams(fields).toString() });
  }

  public async token(host: string, fields: Record<string, string>): Promise<Reply> {
    return this.form(`${host}/services/oauth2/token`, fields);
  }

  public async jwt(host: string, parts: AssertionParts = {}): Promise<Reply> {
    const { party } = this;
    const { iss = party.clientId, sub = party.username, aud = host, expiresIn = 120, key = party.key } = parts;
    const exp = Math.floor(Date.now() / 1000) + expiresIn;
    const options = { algorithm: parts.algorithm ?? 'RS256', noTimestamp: true } as const;
    const assertion = jsonwebtoken.sign({ iss, sub, aud, exp }, key, options);
    this.secrets.keep(assertion);
    return this.token(host, { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
  }

  /** How the app names itself with codes and refresh tokens. */
  public get appFields(): Record<string, string> {
    const { clientId, clientSecret } = this.party;
    return { client_id: clientId, ...(clientSecret === undefined ? {} : { client_secret: clientSecret }) };
  }

  public async exchange(host: string, code: string, fields: Record<string, string> = {}): Promise<Reply> {
    const usual = { redirect_uri: this.party.callbackUrl, ...this.appFields };
    return this.token(host, { grant_type: 'authorization_code', code, ...usual, ...fields });
  }

  public async get(url: string, token?: string): Promise<Reply> {
    return this.send(url, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });
  }

  public async rest(session: Pick<Session, 'token' | 'instanceUrl'>, path: string): Promise<Reply> {
    return this.get(`${session.instanceUrl}${apiPath}${path}`, session.token);
  }

  public async query(session: Session, soql: string, api: '' | '/tooling' = ''): Promise<Reply> {
    return this.rest(session, `${api}/query?q=${encodeURIComponent(soql)}`);
  }

  public async revoke(instanceUrl: string, token: string): Promise<Reply> {
    return this.form(`${instanceUrl}/services/oauth2/revoke`, { token });
  }

  /** @param body instead of the usual fields: a text is sent as it is; a field that is undefined is left out */
  public async sandboxAuth(
    session: { token?: string; instanceUrl: string },
    body: Record<string, string | undefined> | string = {},
    method = 'POST',
  ): Promise<Reply> {
    const { sandboxName, clientId, callbackUrl } = this.party;
    const json = typeof body === 'string' ? body : JSON.stringify({ sandboxName, clientId, callbackUrl, ...body });
    const authorization: Record<string, string> =
      session.token === undefined ? {} : { authorization: `Bearer ${session.token}` };
    return this.send(`${session.instanceUrl}${apiPath}/tooling/sandboxAuth`, {
      method,
      headers: { ...authorization, 'content-type': 'application/json' },
      ...(method === 'POST' ? { body: json } : {}),
    });
  }

  /** The session of production that all observations share. */
  public async production(): Promise<Session> {
    return this.once('production', async () => this.session(await this.jwt(this.party.loginUrl), 'production'));
  }

  /** A fresh code for the sandbox. */
  public async vouch(): Promise<Vouch> {
    const reply = await this.sandboxAuth(await this.production());
    const vouch = reply.json as Partial<Vouch> | undefined;
    if (reply.status !== 200 || !vouch?.loginUrl) {
      throw new NotObserved(`needs a good answer of sandboxAuth, which was ${this.inShort(reply)}`);
    }
    return vouch as Vouch;
  }

  /** What production said about the sandbox the first time. */
  public async firstVouch(): Promise<Vouch> {
    return this.once('vouch', () => this.vouch());
  }

  /** One exchange of a code, whose code and tokens several observations look at. */
  public async exchanged(): Promise<{ code: string; host: string; reply: Reply }> {
    return this.once('exchange', async () => {
      const { authCode: code, loginUrl: host } = await this.vouch();
      return { code, host, reply: await this.exchange(host, code) };
    });
  }

  /** A session of the sandbox that all observations share: by key, or by code where the key is refused. */
  public async sandbox(): Promise<Session> {
    return this.once('sandbox', async () => {
      const { loginUrl, authUserName } = await this.firstVouch();
      const byKey = await this.jwt(loginUrl, { sub: authUserName });
      if (byKey.status === 200) return this.session(byKey, 'the sandbox');
      const { authCode } = await this.vouch();
      return this.session(await this.exchange(loginUrl, authCode), 'the sandbox');
    });
  }

  /** @throws NotObserved when the answer is no login */
  public session(reply: Reply, where: string): Session {
    const { access_token: token, instance_url: instanceUrl, scope } = (reply.json ?? {}) as Record<string, unknown>;
    if (reply.status !== 200 || typeof token !== 'string' || typeof instanceUrl !== 'string') {
      throw new NotObserved(`needs a login to ${where}, which was ${this.inShort(reply)}`);
    }
    return { token, instanceUrl: new URL(instanceUrl).origin, scope: typeof scope === 'string' ? scope : '' };
  }

  /** An answer in a few words. */
  public inShort(reply: Reply): string {
    const shape = this.shape.answer(reply);
    const words = [
      shape['error'] ?? shape['errorCode'],
      shape['error_description'] ?? shape['message'] ?? shape['body'],
    ];
    return [`HTTP ${reply.status}`, ...words.filter((word) => word !== undefined)].join(' ');
  }

  private async once<T>(what: string, make: () => Promise<T>): Promise<T> {
    const known = this.remembered.get(what) as Promise<T> | undefined;
    const made = known ?? make();
    this.remembered.set(what, made);
    return made;
  }
}

/** Keeps the tokens and codes of an answer: as secrets, and the tokens for being revoked. */
export function noteTokens(answer: unknown, host: string, secrets: Secrets, ledger: TokenLedger): void {
  const fields = Object(answer) as Record<string, unknown>;
  const { access_token: access, refresh_token: refresh, authCode, id_token: identity, instance_url: instance } = fields;
  [access, refresh, authCode, identity, fields['signature']].forEach((secret) => {
    secrets.keep(secret);
  });
  const origin = typeof instance === 'string' && URL.canParse(instance) ? new URL(instance).origin : host;
  if (typeof access === 'string') ledger.add('access', access, origin);
  if (typeof refresh === 'string') ledger.add('refresh', refresh, origin);
}
