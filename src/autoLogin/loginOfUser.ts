/** What of an error of sf tells that it could not use the stored login (sfdx-core, jsforce: `INVALID_SESSION_ID`, `invalid_grant` …). */
const refusals =
  /INVALID_SESSION_ID|INVALID_LOGIN|Bad_OAuth_Token|session expired or invalid|expired access\/refresh token|invalid_grant|RefreshTokenAuthError|JwtAuthError|inactive (organization|org|user)/i;

/** Whether a command failed because Salesforce refused the login that sf has stored. */
export function isRefusedLogin(error: unknown): boolean {
  const texts: unknown[] = [];
  for (let one = error, depth = 0; one instanceof Error && depth < 5; one = one.cause, depth++)
    texts.push(one.name, one.message);
  return texts.some((text) => typeof text === 'string' && refusals.test(text));
}

/**
 * The alias of the registered sandbox that an org is.
 *
 * @param username of the org, as sf has stored it
 * @param layers the registry files as they were read: this machine's, and the plugin's part of the project's; of any shape
 * @returns undefined also for an alias that is not fit to be pasted into a shell
 */
export function registeredAlias(username: string, layers: readonly unknown[]): string | undefined {
  for (const layer of layers) {
    const sandboxes: unknown = layer && (layer as { sandboxes?: unknown }).sandboxes;
    if (!Array.isArray(sandboxes)) continue;
    for (const entry of sandboxes as Array<{ username?: unknown; alias?: unknown } | null>) {
      const { username: user, alias } = entry ?? {};
      if (typeof user !== 'string' || typeof alias !== 'string' || !/^[\w.@-]+$/.test(alias)) continue;
      if (user.toLowerCase() === username.toLowerCase()) return alias;
    }
  }
  return undefined;
}
