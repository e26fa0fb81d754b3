/** A block of a PEM file, found even when its line breaks are gone. */
export type PemBlock = {
  /** What stands after BEGIN, e.g. `RSA PRIVATE KEY`. */
  readonly label: string;
  /** The base64 text, without white space. */
  readonly body: string;
  /** `Proc-Type` and `DEK-Info` of an encrypted PKCS#1 key, a line each. */
  readonly headers: readonly string[];
  /** Whether those headers say that the body is encrypted. */
  readonly encryptedBody: boolean;
  /** Whether the END line was there. */
  readonly complete: boolean;
};

/** All PEM blocks in a text, in order. Text around them (such as OpenSSL's bag attributes) is passed over. */
export function pemBlocks(text: string): PemBlock[] {
  const begin = /-{4,5} ?BEGIN ([A-Z0-9 ]{1,40}?) ?-{4,5}/g;
  const starts = [...text.matchAll(begin)];
  return starts.map((start, index) => {
    const from = start.index + start[0].length;
    const rest = text.slice(from, starts[index + 1]?.index);
    const end = /-{4,5} ?END [A-Z0-9 ]{1,40}?-{4,5}/.exec(rest);
    const content = end ? rest.slice(0, end.index) : rest;
    const procType = /Proc-Type:\s*4\s*,\s*ENCRYPTED/.exec(content);
    // The initialisation vector has a fixed length, which tells where the body begins when there is no line break between them.
    const dekInfo =
      /DEK-Info:\s*(?:((?:DES|BF|CAST5|IDEA|RC2)[A-Z0-9-]*)\s*,\s*([0-9A-Fa-f]{16})|([A-Z0-9-]+)\s*,\s*([0-9A-Fa-f]{32}))/.exec(
        content,
      );
    const bodyStart = Math.max(
      procType ? procType.index + procType[0].length : 0,
      dekInfo ? dekInfo.index + dekInfo[0].length : 0,
    );
    return {
      label: (start[1] ?? '').trim(),
      body: content.slice(bodyStart).replace(/\s/g, ''),
      headers: dekInfo
        ? ['Proc-Type: 4,ENCRYPTED', `DEK-Info: ${dekInfo[1] ?? dekInfo[3]},${dekInfo[2] ?? dekInfo[4]}`]
        : [],
      encryptedBody: procType !== null,
      complete: end !== null,
    };
  });
}

/** The block as a PEM file should look, lines of 64 characters. */
export function pemText(block: PemBlock): string {
  const head = block.headers.length > 0 ? [...block.headers, ''] : [];
  const lines = block.body.match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${block.label}-----`, ...head, ...lines, `-----END ${block.label}-----`, ''].join('\n');
}

/**
 * How many bytes a base64 text decodes to, and how many its DER header announces. `undefined` when it is not base64 of a DER
 * sequence, as every key and certificate is.
 */
export function derLengths(base64: string): { present: number; announced: number } | undefined {
  const compact = base64.replace(/\s/g, '');
  if (!/^[A-Za-z0-9+/_-]{24,}={0,2}$/.test(compact)) return undefined;
  const bytes = Buffer.from(compact, 'base64');
  const [tag, first = 0] = bytes;
  if (tag !== 0x30) return undefined;
  if (first < 0x80) return { present: bytes.length, announced: first + 2 };
  const size = first & 0x7f;
  if (size < 1 || size > 3) return undefined;
  return { present: bytes.length, announced: bytes.readUIntBE(2, size) + 2 + size };
}
