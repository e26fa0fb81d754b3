/** A name or path as one word of a command line that is printed to be typed, in sh and in PowerShell: what needs no quotes gets none. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
