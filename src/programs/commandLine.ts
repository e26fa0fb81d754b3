/** A program and its arguments. */
export type CommandWords = readonly [string, ...string[]];

/**
 * Splits a command line into words as a POSIX shell does, and refuses what only a shell can do, since none runs the words. A backslash takes
 * the meaning from white space, quotes, backslashes and what a shell would take for its own, and stands for itself before anything else:
 * `C:\Tools\sign.exe` is a path.
 *
 * @returns or a problem, without any part of the command
 */
export function commandWords(text: string): { readonly words: CommandWords } | { readonly problem: string } {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    const next = text.charAt(at + 1);
    if (char === '\\' && isEscapable(next, quote)) {
      word = (word ?? '') + next;
      at++;
    } else if (quote === '' ? /["']/.test(char) : char === quote) {
      quote = quote === '' ? char : '';
      word ??= '';
    } else {
      const needsShell = quote === "'" ? undefined : shellOnly(char, next, quote, word === undefined);
      if (needsShell !== undefined) return { problem: `it holds ${needsShell}` };
      if (quote === '' && /\s/.test(char)) {
        if (word !== undefined) words.push(word);
        word = undefined;
      } else word = (word ?? '') + char;
    }
  }
  if (quote !== '') return { problem: `it has a ${quote} that is not closed` };
  if (word !== undefined) words.push(word);
  const [program, ...args] = words;
  return program === undefined || program === '' ? { problem: 'it is empty' } : { words: [program, ...args] };
}

/** The words as one line that {@link commandWords} splits into the same words. */
export function commandLine(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./?*[\]{}#!^-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`))
    .join(' ');
}

function isEscapable(next: string, quote: string): boolean {
  if (quote === "'" || next === '') return false;
  return quote === '"' ? /["\\$`]/.test(next) : /[\s'"\\$`|&;<>~()]/.test(next);
}

/** What a shell would make something else of, in words. */
function shellOnly(char: string, next: string, quote: string, isAtBeginning: boolean): string | undefined {
  const unquoted = quote === '';
  if (char === '$' && /[\w{(]/.test(next))
    return 'a variable or a command ($), which only a shell replaces; no shell is used';
  if (char === '`') return 'a ` (backquote), which only a shell understands; no shell is used';
  if (unquoted && char === '~' && isAtBeginning)
    return 'a path with ~, which only a shell replaces; write all of the path';
  if (unquoted && /[|&;<>]/.test(char)) {
    return `${char}, which only a shell understands; no shell is used, so put the line into a script, or quote what is meant as it stands`;
  }
  return undefined;
}
