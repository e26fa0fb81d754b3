/**
 * Takes secrets out of texts: those it was told of, in every way they are written in requests and answers, and what looks like a
 * secret of Salesforce, told or not.
 */
export class Secrets {
  private readonly known = new Set<string>();

  /** Shorter texts are no secrets, and would tear holes into words. */
  private static readonly shortest = 8;

  private static readonly patterns: readonly RegExp[] = [
    // the private key of any app, whole or cut off
    /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
    // access tokens: opaque, and three-part ones, which assertions look like as well
    /00D\w{9,15}(?:!|%21)[.\w%-]*/g,
    /eyJ[\w-]{6,}\.[\w-]+(?:\.[\w-]*)?/g,
    // refresh tokens, codes
    /\b5Aep861[\w.!%-]+/g,
    /\baPrx[\w.=%-]{8,}/g,
  ];

  /** Remembers a secret; what is empty or no text is none. */
  public keep(secret: unknown): void {
    if (typeof secret !== 'string' || secret.length < Secrets.shortest) return;
    this.known.add(secret);
  }

  /** Remembers a private key, also line by line: a server may repeat a part of what it got. */
  public keepPem(pem: string): void {
    this.keep(pem);
    for (const line of pem.split('\n')) if (!line.startsWith('-----')) this.keep(line.trim());
  }

  /** The text without secrets. */
  public redact(text: string): string {
    let clean = text;
    // the longest first: one secret may be the beginning of another
    const known = [...this.known].sort((a, b) => b.length - a.length);
    for (const secret of known) {
      for (const written of new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])) {
        clean = clean.replaceAll(written, '<secret>');
      }
    }
    return Secrets.patterns.reduce((result, pattern) => result.replaceAll(pattern, '<secret>'), clean);
  }
}
