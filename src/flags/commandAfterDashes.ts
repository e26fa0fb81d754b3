/**
 * The arguments of a command that runs another one: its own, and what stands after `--`. Taken from the raw arguments: oclif parses what
 * follows `--` as well, and reorders it.
 */
export function splitAtDashes(argv: readonly string[]): { readonly own: string[]; readonly command: string[] } {
  const dashes = argv.indexOf('--');
  return dashes < 0 ? { own: [...argv], command: [] } : { own: argv.slice(0, dashes), command: argv.slice(dashes + 1) };
}
