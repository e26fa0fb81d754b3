/**
 * Text that came from a file or a server, made fit to be shown on a terminal: one line, no control, bidirectional or zero-width
 * characters (they could forge output or colour it), and not longer than `maxLength` characters.
 */
export function showable(text: string, maxLength = 200): string {
  const oneLine = text
    .normalize('NFC')
    .replace(/[\u0000-\u001F\u007F-\u009F\u2028\u2029]/gu, ' ')
    .replace(/[\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\u{E0000}-\u{E007F}]/gu, '')
    .replace(/ {2,}/g, ' ')
    .trim();
  const characters = Array.from(oneLine);
  return characters.length <= maxLength ? oneLine : `${characters.slice(0, maxLength - 1).join('')}…`;
}

/** Values for a message, as `showable` makes them: numbers stay, and what is not known is shown as nothing. */
export function valuesToShow(values: ReadonlyArray<string | number | null | undefined>): Array<string | number> {
  return values.map((value) => (typeof value === 'number' ? value : showable(value ?? '', 1000)));
}

/** The words of an HTML page without its markup, scripts and styles, so that a maintenance page can be quoted in a line. */
export function htmlText(html: string): string {
  return withoutScripts(html.slice(0, 100_000))
    .replace(/<[^<>]*>/g, ' ')
    .replace(/&nbsp;/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Without scripts and styles. No pattern from beginning to end: it would look for the end of each of a thousand beginnings anew. */
function withoutScripts(html: string): string {
  const [before = '', ...scripts] = html.split(/<(?:script|style)\b/i);
  const after = scripts.map((script) => {
    const end = script.search(/<\/(?:script|style)/i);
    return end < 0 ? '' : script.slice(end);
  });
  return before + after.join('');
}
