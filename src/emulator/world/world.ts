import { RecordIds } from './identifiers.js';
import type { App, Host, Org, OrgKind, Sandbox, User } from './model.js';
import { Sessions } from '../oauth/sessions.js';

const editions: Record<OrgKind, string> = {
  production: 'Enterprise Edition',
  sandbox: 'Enterprise Edition',
  scratch: 'Developer Edition',
  developer: 'Developer Edition',
};

/** Opens the listeners of a host and fills in its address; and closes them again. */
export type Network = { open(host: Host): Promise<void>; close(host: Host): Promise<void> };

/** Client id of the app that every org has (docs/salesforce.md, Apps): it takes codes, but has no certificate, so no JWT. */
export const platformCli = 'PlatformCLI';

/** The callback URL that sf's web login and core's `sandboxAuth` use. */
export const sfCallbackUrl = 'http://localhost:1717/OauthRedirect';

/** Everything that exists in this Salesforce: hosts, orgs, users, apps, sandboxes, sessions, and what time it is. */
export class World {
  public readonly ids = new RecordIds();
  public readonly hosts: Host[] = [];
  /** Every org that ever was, copies that are gone included. */
  public readonly orgs: Org[] = [];
  public readonly sandboxes: Sandbox[] = [];
  public clockSkewSeconds = 0;
  /** Whether copies that production is asked for stay `Pending`, instead of being done at once. */
  public holdsCopies = false;
  public readonly sessions = new Sessions(() => this.now());
  private lastTimestamp = 0;

  public constructor(private readonly network: Network) {}

  /** Milliseconds since the epoch by the server's clock. */
  public now(): number {
    return Date.now() + this.clockSkewSeconds * 1000;
  }

  /**
   * The server's time as Salesforce writes it in records. No two are the same, so that `ORDER BY CreatedDate`, by which
   * sf finds the newest copy of a sandbox, has one answer even when copies are made in the same millisecond.
   */
  public timestamp(): string {
    this.lastTimestamp = Math.max(this.now(), this.lastTimestamp + 1);
    return new Date(this.lastTimestamp).toISOString().replace('Z', '+0000');
  }

  public async openHost(label: string, role: Host['role']): Promise<Host> {
    const host: Host = { label, role, address: { https: '', http: '' } };
    await this.network.open(host);
    this.hosts.push(host);
    return host;
  }

  public async closeHost(host: Host): Promise<void> {
    await this.network.close(host);
    const index = this.hosts.indexOf(host);
    if (index >= 0) this.hosts.splice(index, 1);
  }

  /** Adds an org with the app every org has. It is live at once, unless it is a copy still to be activated. */
  public addOrg(kind: OrgKind, name: string, host: Host, state: Org['state'] = 'live'): Org {
    const soon = new Date(this.now() + 7 * 86_400_000).toISOString().slice(0, 10);
    const org: Org = {
      id: this.ids.next('00D'),
      kind,
      name,
      edition: editions[kind],
      trialExpirationDate: kind === 'scratch' ? `${soon}T00:00:00.000+0000` : null,
      createdDate: this.timestamp(),
      copy: 0,
      state,
      isDevHub: false,
      users: new Map(),
      apps: new Map(),
      logins: [],
      host,
      tokenLifetimeSeconds: 7200,
      requestLimitReached: false,
      requestsToday: 0,
    };
    if (state === 'live') host.org = org;
    this.orgs.push(org);
    this.addApp(org, { clientId: platformCli, label: 'Salesforce CLI', callbackUrls: [sfCallbackUrl] });
    return org;
  }

  public addUser(org: Org, user: { username: string } & Partial<User>): User {
    if (this.findUser(user.username)) throw new Error(`There is already a user ${user.username}.`);
    const added: User = {
      id: this.ids.next('005'),
      firstName: 'Ada',
      lastName: user.username.split('@')[0] ?? user.username,
      email: user.username,
      active: true,
      preApproved: true,
      managesSandboxes: true,
      profileName: 'System Administrator',
      createdDate: this.timestamp(),
      ...user,
    };
    org.users.set(added.username.toLowerCase(), added);
    return added;
  }

  public addApp(org: Org, app: { clientId: string } & Partial<App>): App {
    const added: App = {
      label: 'Just in time',
      kind: 'connected',
      callbackUrls: [],
      scopes: ['api', 'web', 'refresh_token'],
      approval: 'approved',
      approvalLag: 0,
      apiBlocked: false,
      rotatesRefreshTokens: false,
      ...app,
    };
    org.apps.set(added.clientId, added);
    return added;
  }

  /** The default production org: the first one made. */
  public get production(): Org {
    const first = this.orgs.find((org) => org.kind === 'production');
    if (!first) throw new Error('The emulator has no production org yet.');
    return first;
  }

  public get liveOrgs(): Org[] {
    return this.orgs.filter((org) => org.state === 'live');
  }

  /** The orgs a host logs in to. */
  public orgsOf(host: Host): Org[] {
    if (host.role === 'my-domain') return host.org ? [host.org] : [];
    const kinds: OrgKind[] = host.role === 'login' ? ['production', 'developer'] : ['sandbox', 'scratch'];
    return this.liveOrgs.filter((org) => kinds.includes(org.kind));
  }

  public host(role: 'login' | 'test'): Host {
    const found = this.hosts.find((host) => host.role === role);
    if (!found) throw new Error(`The emulator has no ${role} host yet.`);
    return found;
  }

  /** The shared host that logs in to this kind of org, as `id` URLs name it. */
  public loginHostOf(org: Org): Host {
    return this.host(org.kind === 'production' || org.kind === 'developer' ? 'login' : 'test');
  }

  public findUser(username: string): { org: Org; user: User } | undefined {
    for (const org of this.liveOrgs) {
      const user = org.users.get(username.toLowerCase());
      if (user) return { org, user };
    }
    return undefined;
  }

  /** An app by its client id, in whatever org: consumer keys are unique in all of Salesforce. */
  public findApp(clientId: string): App | undefined {
    return this.orgs.map((org) => org.apps.get(clientId)).find((app) => app !== undefined);
  }

  public findSandbox(production: Org, name: string): Sandbox | undefined {
    return this.sandboxes.find(
      (sandbox) =>
        sandbox.production === production && !sandbox.deleted && sandbox.name.toLowerCase() === name.toLowerCase(),
    );
  }

  /** @param selector - `production`, `sandbox:<name>`, a username, an org id of 15 or 18 characters, or a host label */
  public org(selector: string): Org {
    const byHost = this.hosts.find((host) => host.label.toLowerCase() === selector.toLowerCase())?.org;
    const byId = this.liveOrgs.find((org) => org.id === selector || org.id.slice(0, 15) === selector);
    const found = byHost ?? byId ?? this.findUser(selector)?.org;
    if (!found) throw new Error(`The emulator has no live org ${selector}.`);
    return found;
  }

  /** @param selector - sandbox name; with several production orgs `<production username or org id>/<name>` */
  public sandbox(selector: string): Sandbox {
    const [owner, name] = selector.includes('/') ? selector.split('/', 2) : [undefined, selector];
    const production = owner ? this.org(owner) : this.production;
    const found = this.findSandbox(production, name ?? '');
    if (!found) throw new Error(`The emulator has no sandbox ${selector}.`);
    return found;
  }
}
