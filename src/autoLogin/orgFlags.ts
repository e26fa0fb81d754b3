/**
 * What the definition of a flag says, as oclif's manifest has it (oclif/core, `Command.Flag.Cached`). Definitions of other plugins are
 * not ours to trust: every field may be missing.
 */
export type FlagDefinition = {
  readonly type?: 'boolean' | 'option';
  readonly char?: string;
  readonly aliases?: readonly string[];
  readonly charAliases?: readonly string[];
  /** Whether the flag can be given more than once. */
  readonly multiple?: boolean;
};

/** The flags of a command, by long name. */
export type FlagDefinitions = Readonly<Record<string, FlagDefinition>>;

/** A configuration variable that names an org for commands that are not told one. */
export type OrgSetting = 'target-org' | 'target-dev-hub';

/** The orgs that a command line is about. */
export type NamedOrgs = {
  /** Aliases or usernames that were given, in order, each once. */
  readonly given: readonly string[];
  /** Variables that the command may look up, because it was not told the org. */
  readonly fromSettings: readonly OrgSetting[];
};

/** Of each variable: the flags that take their default from it in Salesforce's own plugins, by the names of today and of sfdx. */
const usualFlags: Readonly<Record<OrgSetting, RegExp>> = {
  'target-org': /^target-?(org|username)$/i,
  'target-dev-hub': /^target-?dev-?hub(-?username)?$/i,
};

const orgSettings: readonly OrgSetting[] = ['target-org', 'target-dev-hub'];

/**
 * Whether a flag takes the alias or username of an org. sf's definitions do not say so of themselves in the manifest; what they share is
 * the name: `target-org`, `source-org`, `from-org`, `target-dev-hub`, `dev-hub-org`, `devops-center-username`. Plugins that are as old as
 * sfdx have kept its names: `targetusername`, `targetdevhubusername`, `sourceusername` of `sf sfdmu run`, `orgsource` of `sf ETCopyData`.
 */
function namesAnOrg(name: string, { type }: FlagDefinition): boolean {
  return (
    type === 'option' &&
    /(^|-|^target|^source)(org|hub)$|^org(source|destination)$|^devops-center-username$|^(source|target)(-?dev-?hub)?-?username$/i.test(
      name,
    )
  );
}

/**
 * Finds the orgs that a command line names, by the command's own definitions: a long name or an alias, a letter, with or without `=`.
 * `-o` is the org of one command and the object of another.
 *
 * @param argv what stands after the command, not parsed yet
 */
export function findNamedOrgs(argv: readonly string[], flags: FlagDefinitions): NamedOrgs {
  const given = new Map<string, string[]>();
  for (const [name, value] of optionValues(argv, flags)) given.set(name, [...(given.get(name) ?? []), value]);
  const orgFlags = Object.keys(flags).filter((name) => namesAnOrg(name, flags[name] ?? {}));
  return {
    given: [...new Set(orgFlags.flatMap((name) => given.get(name) ?? []))],
    fromSettings: orgSettings.filter((setting) => mayLookUp(setting, orgFlags, given)),
  };
}

/**
 * Whether a command may take its org from a variable: when the flag that usually does was not given, or, in a command without such a flag,
 * no flag for an org of that kind. Whether it really does is not in the manifest: many say nothing of a default that is looked up later.
 */
function mayLookUp(setting: OrgSetting, orgFlags: readonly string[], given: ReadonlyMap<string, unknown>): boolean {
  const ofKind = orgFlags.filter((name) => /hub/i.test(name) === (setting === 'target-dev-hub'));
  const usual = ofKind.filter((name) => usualFlags[setting].test(name));
  const deciding = usual.length > 0 ? usual : ofKind;
  return deciding.length > 0 && !deciding.some((name) => given.has(name));
}

/** How the flags that name an org can be spelt, without dashes: long names, aliases and letters. */
export function orgFlagSpellings(flags: FlagDefinitions): Set<string> {
  const { long, short } = spellings(flags);
  return new Set(
    [...long, ...short].flatMap(([spelling, name]) => (namesAnOrg(name, flags[name] ?? {}) ? [spelling] : [])),
  );
}

/**
 * The folder of flags files that the CLI will read (CLI, hook preparse): the argument behind the first `--flags-dir`, for a command that
 * has this flag. It knows no `--flags-dir=folder`.
 */
export function flagsFolder(argv: readonly string[], flags: FlagDefinitions): string | undefined {
  const at = argv.indexOf('--flags-dir');
  const folder = at === -1 || flags['flags-dir'] === undefined ? undefined : argv[at + 1];
  return folder === undefined || folder === '' || folder.startsWith('-') ? undefined : folder;
}

/**
 * Names of the flags files that the CLI leaves out (CLI, hook preparse): those of flags of one value that stand among the arguments, by
 * their long name or letter and without `=`.
 */
export function flagsFilesLeftOut(argv: readonly string[], flags: FlagDefinitions): Set<string> {
  const isGiven = (name: string, char?: string): boolean =>
    argv.includes(`--${name}`) || (char !== undefined && argv.includes(`-${char}`));
  return new Set(
    Object.entries(flags).flatMap(([name, { multiple, char }]) => (!multiple && isGiven(name, char) ? [name] : [])),
  );
}

/**
 * The arguments with what the files of a flags folder add to them: a line of the file of a flag is a value of it, unless it is a
 * comment. They are added at the end, also behind a `--`, where they are no flags any more (CLI, hook preparse).
 */
export function withFlagsFiles(argv: readonly string[], files: ReadonlyArray<[name: string, text: string]>): string[] {
  const added = files.flatMap(([name, text]) =>
    text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '' && !/^(#|\/\/)/.test(line))
      .flatMap((value) => [name.length === 1 ? `-${name}` : `--${name}`, value]),
  );
  return [...argv, ...added];
}

/**
 * Whether the command line asks for help instead of running the command (oclif/core, main `helpAddition`). The version is asked for in
 * place of a command only: `--version` behind one is a flag of that command.
 */
export function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).some((arg) => arg === '--help' || arg === '-h');
}

/**
 * Writes the name of an org anew wherever a flag of the command line has it, in place: the arguments are those that oclif hands to the command
 * next (docs/salesforce.md, Hooks).
 *
 * @returns whether there was one
 */
export function respellOrg(argv: string[], flags: FlagDefinitions, org: string, name: string): boolean {
  const places = optionValues(argv, flags)
    .filter(([flag, value]) => value === org && namesAnOrg(flag, flags[flag] ?? {}))
    .map(([, , place]) => place);
  for (const place of places) argv[place] = (argv[place] ?? '').slice(0, -org.length) + name;
  return places.length > 0;
}

/**
 * Name and value of every option in the arguments, read as oclif's parser reads them (oclif/core, parser/parse), and the place of the
 * argument that ends with the value.
 */
function optionValues(argv: readonly string[], flags: FlagDefinitions): Array<[string, string, number]> {
  const { long, short } = spellings(flags);
  const values: Array<[string, string, number]> = [];
  const rest = [...argv];
  for (let arg = rest.shift(); arg !== undefined && arg !== '--'; arg = rest.shift()) {
    const [, longName, longValue] = /^--([^=]+)(?:=([\s\S]*))?/.exec(arg) ?? [];
    const [, letter, glued] = /^-([^-])([\s\S]*)/.exec(arg) ?? [];
    const name = longName === undefined ? short.get(letter ?? '') : long.get(longName);
    if (name === undefined) continue;
    if (flags[name]?.type !== 'option') {
      // letters of switches may stand together: -jo uat
      if (glued) rest.unshift(`-${glued}`);
      continue;
    }
    const value = longValue ?? (glued ? glued.replace(/^=/, '') : rest.shift());
    if (value !== undefined && value !== '') values.push([name, value, argv.length - rest.length - 1]);
  }
  return values;
}

function spellings(flags: FlagDefinitions): { long: Map<string, string>; short: Map<string, string> } {
  const long = new Map<string, string>();
  const short = new Map<string, string>();
  for (const [name, { char, aliases = [], charAliases = [] }] of Object.entries(flags)) {
    long.set(name, name);
    for (const letter of [char, ...charAliases]) if (letter !== undefined) short.set(letter, name);
    // sf's old aliases are of both kinds: `targetusername` and `u`
    for (const alias of aliases) (alias.length === 1 ? short : long).set(alias, name);
  }
  return { long, short };
}
