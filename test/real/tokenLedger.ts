import type { HttpsClient } from './httpsClient.js';

/** What became of the tokens. */
export type Revocation = { ended: number; failures: string[] };

/** Every token that a run got, in memory only, so that all of them can be revoked. */
export class TokenLedger {
  private readonly tokens = new Map<string, { kind: 'refresh' | 'access'; instanceUrl: string }>();

  /** @param instanceUrl where the token is revoked */
  public add(kind: 'refresh' | 'access', token: string, instanceUrl: string): void {
    this.tokens.set(token, { kind, instanceUrl });
  }

  /** Revokes what was added since the last time. A token that had ended already (400) is as good as revoked. */
  public async revokeAll(client: HttpsClient): Promise<Revocation> {
    const failures: string[] = [];
    let ended = 0;
    // refresh tokens first: with them gone, nobody gets another access token
    const inOrder = [...this.tokens].sort(([, a], [, b]) => b.kind.localeCompare(a.kind));
    for (const [token, { kind, instanceUrl }] of inOrder) {
      try {
        const { status } = await client.send(`${instanceUrl}/services/oauth2/revoke`, {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({ token }).toString(),
        });
        if (status === 200 || status === 400) {
          ended += 1;
          this.tokens.delete(token);
        } else failures.push(`${kind} token: HTTP ${status}`);
      } catch (error) {
        failures.push(`${kind} token: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return { ended, failures };
  }
}
