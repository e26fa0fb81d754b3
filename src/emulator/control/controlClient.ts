import { request } from 'node:http';
import type * as types from './controlTypes.js';
import type { Fault } from '../server/faults.js';
import type { OrgKind } from '../world/model.js';
import type { RequestLogEntry } from '../server/requestLog.js';

type Operations = types.ControlOperations;
type SandboxInfo = types.EmulatorInfo['sandboxes'][number];

/**
 * Drives a running emulator over HTTP, from its own process or from another one. Every method rejects with the reason
 * when the emulator cannot do what it is asked.
 */
export class EmulatorControl {
  /** @param token - `controlToken` of the emulator's info */
  public constructor(
    private readonly controlUrl: string,
    private readonly token: string,
  ) {}

  public async info(): Promise<types.EmulatorInfo> {
    return this.call('info', {});
  }

  /** Every request since the start or the last {@link clearLog}; those to the control API are not in it. */
  public async log(): Promise<RequestLogEntry[]> {
    return this.call('log', {});
  }

  public async clearLog(): Promise<void> {
    await this.call('clearLog', {});
  }

  /** Every access token, refresh token and code ever issued, to look for where none must be. */
  public async issuedSecrets(): Promise<string[]> {
    return this.call('issuedSecrets', {});
  }

  public async createSandbox(sandbox: types.NewSandbox): Promise<SandboxInfo> {
    return this.call('createSandbox', sandbox);
  }

  /**
   * Starts a new copy; the old one lives on until `setSandbox(name, { status: 'Completed' })`, or not at all with
   * `complete`.
   *
   * @param options - `by`: production username of whoever refreshes, the maker of the live copy if left out
   * @returns the org id of the new copy
   */
  public async refreshSandbox(
    name: string,
    options: { complete?: boolean; by?: string } = {},
  ): Promise<{ orgId: string }> {
    return this.call('refreshSandbox', { name, ...options });
  }

  /** Changes what production says about the newest copy; the status `Completed` activates it. */
  public async setSandbox(name: string, patch: types.SandboxPatch): Promise<void> {
    await this.call('setSandbox', { name, patch });
  }

  public async deleteSandbox(name: string): Promise<void> {
    await this.call('deleteSandbox', { name });
  }

  /**
   * Whether copies that a client asks for stay `Pending` until {@link setSandbox} completes them. They are done at once otherwise.
   */
  public async holdCopies(held: boolean): Promise<void> {
    await this.call('holdCopies', { held });
  }

  /** Renames a sandbox by a refresh, as Salesforce does: org id, usernames and URL change. */
  public async renameSandbox(name: string, newName: string): Promise<SandboxInfo> {
    return this.call('renameSandbox', { name, newName });
  }

  public async createUser(user: types.NewUser): Promise<{ username: string; userId: string }> {
    return this.call('createUser', user);
  }

  public async setUser(username: string, patch: types.UserPatch): Promise<void> {
    await this.call('setUser', { username, patch });
  }

  /** Makes an org that has nothing to do with the first, with the default app, its certificate included. */
  public async createOrg(org: { kind: OrgKind; username: string }): Promise<types.CreatedOrg> {
    return this.call('createOrg', org);
  }

  public async setOrg(org: types.OrgSelector, patch: types.OrgPatch): Promise<void> {
    await this.call('setOrg', { org, patch });
  }

  public async createApp(app: types.NewApp): Promise<{ clientId: string }> {
    return this.call('createApp', app);
  }

  public async setApp(patch: types.AppPatch): Promise<void> {
    await this.call('setApp', patch);
  }

  /** Takes an app, the default one if none is named, out of a sandbox. */
  public async removeApp(sandboxName: string, clientId?: string): Promise<void> {
    await this.setApp({ org: `sandbox:${sandboxName}`, installed: false, ...(clientId ? { clientId } : {}) });
  }

  /** Puts production's app into a sandbox. */
  public async installApp(sandboxName: string, clientId?: string): Promise<void> {
    await this.setApp({ org: `sandbox:${sandboxName}`, installed: true, ...(clientId ? { clientId } : {}) });
  }

  /** What a web login of this user with this app (`PlatformCLI`, if left out) would give. */
  public async issueTokens(username: string, clientId?: string): Promise<types.IssuedTokens> {
    return this.call('issueTokens', { username, ...(clientId ? { clientId } : {}) });
  }

  /** How many tokens of this user still work, by app. */
  public async livingTokens(username: string): Promise<types.LivingTokens[]> {
    return this.call('livingTokens', { username });
  }

  /** Ends all sessions of an org; refresh tokens live on. */
  public async expireSessions(org: types.OrgSelector): Promise<void> {
    await this.call('expireSessions', { org });
  }

  public async setCodeLifetime(seconds: number): Promise<void> {
    await this.call('setCodeLifetime', { seconds });
  }

  /** Sets the server's clock this many seconds ahead of the real one; behind it when negative. */
  public async setClockSkew(seconds: number): Promise<void> {
    await this.call('setClockSkew', { seconds });
  }

  /** Delays every answer. */
  public async setLatency(ms: number): Promise<void> {
    await this.call('setLatency', { ms });
  }

  /** @returns an id for {@link removeFault} */
  public async setFault(fault: Fault): Promise<string> {
    return (await this.call('setFault', fault)).id;
  }

  public async removeFault(id: string): Promise<void> {
    await this.call('removeFault', { id });
  }

  public async clearFaults(): Promise<void> {
    await this.call('clearFaults', {});
  }

  /** Closes the ports of an origin, so that connections are refused, or opens the same ports again. */
  public async setListening(origin: string, listening: boolean): Promise<void> {
    await this.call('setListening', { origin, listening });
  }

  /** Opens one more login host, whose certificate comes from an authority that is in no bundle. */
  public async openUntrustedOrigin(): Promise<{ url: string }> {
    return this.call('openUntrustedOrigin', {});
  }

  // A request without keep-alive, so that a client leaves no open handle behind.
  private async call<Name extends keyof Operations>(
    name: Name,
    input: Parameters<Operations[Name]>[0],
  ): Promise<ReturnType<Operations[Name]>> {
    const { status, body } = await new Promise<{ status: number; body: string }>((resolve, reject) => {
      const headers = { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json' };
      const sent = request(`${this.controlUrl}/${name}`, { method: 'POST', headers, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() });
        });
      });
      sent.on('error', reject);
      sent.end(JSON.stringify(input));
    });
    if (status !== 200) throw new Error(`Emulator control ${name}: ${body}`);
    return JSON.parse(body) as ReturnType<Operations[Name]>;
  }
}
