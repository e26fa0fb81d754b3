/** As core tells access tokens from names (docs/salesforce.md, Access token as target org): opaque ones, and those in JWT format. */
const patterns = [/00D\w{12,15}(?:!|%21)[^\s"'<>]*/gi, /eyJ[\w+=-]+\.[\w+=-]+\.[\w+=-]+/g];

/** Whether what was given as an org is an access token, which is nobody's name: it is neither looked up nor shown. */
export function isAccessToken(org: string): boolean {
  return org.includes('!') || /^eyJ[\w+=-]+\.[\w+=-]+\.[\w+=-]+$/.test(org);
}

/** The text without access tokens: someone may have given one where a name belongs. */
export function withoutAccessTokens(text: string): string {
  return patterns.reduce((rest, pattern) => rest.replace(pattern, '[access token]'), text);
}
