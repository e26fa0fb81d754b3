/**
 * The secret inside a text that CI systems, shells and people have wrapped: surrounding white space and quotes, a `NAME=` in front,
 * JSON around it, `\n` as two characters, CRLF, base64 of the whole (docs/salesforce.md, Keys from CI systems). Layers are removed until none
 * is left, since they come in any order.
 */
export function unwrap(text: string): string {
  let current = text;
  // Six layers are more than any CI system makes; the bound keeps a hostile text from costing time.
  for (let layer = 0; layer < 6; layer++) {
    const next = unwrapOnce(current);
    if (next === current) break;
    current = next;
  }
  return current;
}

function unwrapOnce(text: string): string {
  const trimmed = text.trim(); // also a byte order mark
  return (
    fromJson(trimmed) ??
    fromQuotes(trimmed) ??
    fromAssignment(trimmed) ??
    fromBase64(trimmed) ??
    withLineBreaks(trimmed)
  );
}

/** A JSON string, or the first key-like text in a JSON object, such as `{"privateKey":"…"}`. */
function fromJson(text: string): string | undefined {
  if (!/^["{[]/.test(text)) return undefined;
  let parsed: string | object;
  try {
    parsed = JSON.parse(text) as string | object;
  } catch {
    // Not JSON after all: `"` may be a plain quote, `{` anything. The other layers decide.
    return undefined;
  }
  if (typeof parsed === 'string') return parsed;
  const texts = Object.values(parsed).filter((value): value is string => typeof value === 'string');
  return texts.find((value) => /BEGIN [A-Z ]{0,40}PRIVATE KEY|LS0tLS1CRUdJTi/.test(value));
}

function fromQuotes(text: string): string | undefined {
  return /^(["'`])([\s\S]*)\1$/.exec(text)?.[2];
}

/** A line of an `.env` file given whole: `SF_PRIVATE_KEY="…"`. */
function fromAssignment(text: string): string | undefined {
  const assigned = /^(?:export\s+)?[A-Z][A-Z0-9_]*=([\s\S]+-----END[\s\S]*|["']?LS0tLS1CRUdJTi[\s\S]*)/.exec(text);
  return assigned?.[1];
}

/** Base64 of something that is readable text with a PEM header in it, wrapped once more or not. */
function fromBase64(text: string): string | undefined {
  const compact = text.replace(/\\[rn]|\s/g, '');
  if (compact.length < 40 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(compact)) return undefined;
  const decoded = Buffer.from(compact, 'base64').toString('utf8');
  return /BEGIN [A-Z0-9 ]+-|LS0tLS1CRUdJTi|^[{"']/.test(decoded) && !decoded.includes('\uFFFD') ? decoded : undefined;
}

/** `\n` and `\r` as two characters, also with the backslash doubled. No PEM text has a backslash of its own; a Windows path has. */
function withLineBreaks(text: string): string {
  // each run of backslashes is looked at once, from its beginning: some texts hold very long ones
  const breaks = text.includes('BEGIN ') || /^[A-Za-z0-9+/=_-]{20,}\\+n/.test(text);
  const plain = breaks
    ? text
        .replace(/(?<!\\)\\+r/g, '')
        .replace(/(?<!\\)\\+n/g, '\n')
        .replace(/(?<!\\)\\+(?=\s|$)/gm, '')
    : text;
  return plain.replace(/\r\n?/g, '\n');
}
