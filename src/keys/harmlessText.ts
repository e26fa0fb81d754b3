/** The longest text that is shown of a program. */
const longest = 300;

/**
 * What a program said about its failure, as far as it cannot hold a key: programs that work with keys print them by mistake, whole, in
 * lines, or as hexadecimal digits. Only words pass: letters in the way of words, short numbers, and both with marks between them, as in
 * paths and names of errors. Everything else becomes `…`, and a text in which much is left out is not shown at all.
 *
 * @param error what it printed to standard error
 * @param secret what it printed to standard output, which may be the key
 * @returns one line, or undefined when nothing can be shown
 */
export function harmlessText(error: string, secret: string): string | undefined {
  const tokens = error
    .slice(0, 10 * longest)
    .split(/\s+/)
    .filter(Boolean);
  if (tokens.length === 0 || isSpelledOut(tokens)) return undefined;
  const shown = tokens.map((token) => (isWord(token) && !isPartOf(token, secret) ? token : '…'));
  const hidden = shown.filter((token) => token === '…').length;
  if (hidden * 3 > shown.length) return undefined;
  const line = shown.join(' ').replace(/…( …)+/g, '…');
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

/** Words, short numbers, and marks between them; in a long one of them nothing but words. */
function isWord(token: string): boolean {
  const pieces = token.split(/[^A-Za-z0-9]+/).filter(Boolean);
  if (/[^\u0020-\u007E]/.test(token) || pieces.length > 12) return false;
  return (
    pieces.every((piece) => /^\d{1,4}$/.test(piece) || isNatural(piece) || /^[a-z]{1,6}\d{1,3}$/i.test(piece)) &&
    !isEncoded(token)
  );
}

/** Letters as in `error`, `Error`, `ERROR` or `AccessDeniedException`. */
function isNatural(piece: string): boolean {
  return /^([A-Z]?[a-z]{1,19}|[A-Z]{1,12}|(?:[A-Z]{1,4}[a-z]{2,15}){1,6}|[a-z]{2,15}(?:[A-Z][a-z]{1,15}){1,4})$/.test(
    piece,
  );
}

/** Texts of the marks and letters of base64 that are longer than a word: a path has points, dashes or a slash at its beginning. */
function isEncoded(token: string): boolean {
  return /^[A-Za-z0-9+/=]{25,}$/.test(token) && !/^\/[a-z]/.test(token);
}

function isPartOf(token: string, secret: string): boolean {
  return token.length >= 8 && secret.includes(token);
}

/** One byte, digit or letter after another. */
function isSpelledOut(tokens: readonly string[]): boolean {
  const short = tokens.filter((token) =>
    /^[^A-Za-z0-9]*[A-Za-z0-9]{1,2}[^A-Za-z0-9]*$|^(0x)?[0-9A-Fa-f]{2,8}:?$/.test(token),
  );
  return short.length > 8 && short.length * 2 > tokens.length;
}
