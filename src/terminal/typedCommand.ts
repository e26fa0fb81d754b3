const topics = ['org', 'sandbox', 'environment', 'key', 'config', 'emulator'];

/**
 * The command of this plugin that was typed: `jit org register`. Its words may stand in any order (`flexibleTaxonomy`), before its flags.
 *
 * @param argv all words of the command line, those of Node and sf included
 * @returns undefined when it is none of ours, as in a test
 */
export function typedCommand(argv: readonly string[]): string | undefined {
  const words = argv.slice(2);
  const flag = words.findIndex((word) => word.startsWith('-'));
  // older scripts join the words: sf jit:org:register
  const own = (flag < 0 ? words : words.slice(0, flag)).flatMap((word) => word.split(':'));
  const topic = topics.find((one) => own.includes(one));
  const verb = own.find((word) => word !== 'jit' && word !== topic);
  if (own.length !== 3 || !own.includes('jit') || topic === undefined || !/^[a-z-]+$/.test(verb ?? ''))
    return undefined;
  return `jit ${topic} ${verb}`;
}
