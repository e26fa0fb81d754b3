import { aliasProblem } from './alias.js';
import type { CheckedEntry, Entry } from './checkedEntry.js';
import type { Layer } from './environmentFields.js';
import { expectedSandboxUsername, isSandboxName } from './sandboxName.js';
import type { RememberedWay } from './signInWay.js';
import { asRememberedWay } from './signInWay.js';

/*
 * The fields of a registered sandbox: what each means, and what becomes of it in the files of both layers. Reading, writing and merging
 * follow from the table; how to add a field is in CONTRIBUTING.md.
 */

/** A registered sandbox: which one, of which production org, under which alias. Never a credential. */
export type SandboxRegistration = {
  /** Name in production, in production's letter case. */
  readonly sandboxName: string;
  /** Expected username at first (`<production username>.<sandbox name>`), the true one after the first login. */
  readonly username: string;
  readonly alias: string;
  readonly productionUsername: string;
  /** Org id of production, where the project file says it: then any registered user of that org serves. */
  readonly productionOrgId?: string;
  /** The way of signing in that worked last, where the usual one is refused. Of this machine: a project cannot say it. */
  readonly signedInBy?: RememberedWay;
  readonly isJitRegistration: true;
  /** Set for a sandbox of the project layer: the production user that the project file names. Never written. */
  readonly project?: { readonly productionUsername: string };
};

/** The fields that are in files. */
type Stored = Omit<SandboxRegistration, 'project'>;

/** A good value, undefined for one that this version does not know; or what is wrong, in words that end the sentence "<field> …". */
type Read<T> = { readonly value: T | undefined } | { readonly problem: string };

type Field<T> = {
  /** In this machine's file: read and written, or `left-out` of both. */
  readonly global: 'needed' | 'allowed' | 'left-out';
  /**
   * In the project's file, which is the word of whoever writes the repository. One that is `left-out` is refused there as unknown; a
   * `forbidden` one with the reason: it would choose what production's credentials are used for, or where they go.
   */
  readonly project: 'needed' | 'allowed' | 'left-out' | 'forbidden';
  /** Checks a value of a file, which can hold anything. */
  readonly read: (value: unknown, layer: Layer) => Read<T>;
  /** What it is where a file does not say it; without this it is absent. */
  readonly whenAbsent?: (known: Pick<Stored, 'sandboxName' | 'productionUsername'>) => T;
};

/** In the order in which they are written. */
const fields: { readonly [K in keyof Stored]-?: Field<Stored[K]> } = {
  sandboxName: {
    global: 'needed',
    project: 'needed',
    read: text(isSandboxName, {
      global: 'cannot be the name of a sandbox',
      project: 'must be the name of a sandbox, letters and digits, ten at most',
    }),
  },
  username: {
    global: 'needed',
    project: 'left-out',
    read: text(),
    whenAbsent: ({ productionUsername, sandboxName }) => expectedSandboxUsername(productionUsername, sandboxName),
  },
  alias: {
    global: 'needed',
    project: 'allowed',
    read: (value, layer) => {
      const read = text()(value, layer);
      const problem = layer === 'global' && 'problem' in read ? read.problem : aliasProblem(value);
      return problem === undefined ? read : { problem };
    },
    whenAbsent: ({ sandboxName }) => sandboxName,
  },
  productionUsername: {
    global: 'needed',
    project: 'needed',
    read: text(undefined, { project: 'must be the username of a production org' }),
  },
  productionOrgId: {
    global: 'left-out',
    project: 'allowed',
    read: text((value) => /^00D[A-Za-z0-9]{12}([A-Za-z0-9]{3})?$/.test(value), {
      project: 'must be the id of an org, which begins with 00D',
    }),
  },
  signedInBy: {
    global: 'allowed',
    project: 'forbidden',
    // with a way that this version does not know nothing is lost but the shorter way of the next login
    read: (value, layer) => {
      const read = text()(value, layer);
      return 'problem' in read ? read : { value: asRememberedWay(read.value) };
    },
  },
  isJitRegistration: {
    global: 'needed',
    project: 'allowed',
    read: (value, layer) => (value === true || layer === 'project' ? { value: true } : { problem: 'is not true' }),
    whenAbsent: () => true,
  },
};

/** What this machine learns of a sandbox when it logs in, and adds to what a project registers: a project's word is not taken for it. */
const learned = ['username', 'signedInBy'] as const satisfies ReadonlyArray<keyof Stored>;

/** What this machine learned of a sandbox when it logged in. */
export type KnownSandbox = Pick<SandboxRegistration, 'sandboxName' | 'productionUsername' | (typeof learned)[number]>;

const names = Object.keys(fields) as ReadonlyArray<keyof Stored>;

const namesIn = (layer: Layer): ReadonlyArray<keyof Stored> =>
  names.filter((name) => ['needed', 'allowed'].includes(fields[name][layer]));

/** The fields that the project's file may hold of a sandbox. */
export const projectSandboxFields: readonly string[] = namesIn('project');

/** The fields that a project's file is refused for because others write that file. */
export const forbiddenSandboxFields: readonly string[] = names.filter((name) => fields[name].project === 'forbidden');

/** Reads a sandbox from the file of a layer, or finds the first thing that is wrong with it. Fields of no layer are not looked at. */
export function readSandbox(entry: Entry, layer: Layer): CheckedEntry<SandboxRegistration> {
  const read = readFields<Stored>(entry, namesIn(layer), layer);
  if ('problems' in read) return read;
  const whole = names.map((name) => [name, read.item[name] ?? fields[name].whenAbsent?.(read.item)]);
  return { item: Object.fromEntries(whole.filter(([, value]) => value !== undefined)) as SandboxRegistration };
}

/** Reads what this machine learned of a sandbox that only a project registers. */
export function readKnownSandbox(entry: Entry): CheckedEntry<KnownSandbox> {
  return readFields<KnownSandbox>(entry, ['sandboxName', 'productionUsername', ...learned], 'global');
}

function readFields<T extends Partial<Stored>>(
  entry: Entry,
  wanted: ReadonlyArray<keyof Stored>,
  layer: Layer,
): CheckedEntry<T> {
  const found: Record<string, unknown> = {};
  for (const name of wanted) {
    const value = Object.hasOwn(entry, name) ? entry[name] : undefined;
    if (value === undefined && fields[name][layer] !== 'needed') continue;
    const read = fields[name].read(value, layer);
    if ('problem' in read) return { problems: [{ field: name, problem: read.problem }] };
    if (read.value !== undefined) found[name] = read.value;
  }
  return { item: found as T };
}

/** What is written of a sandbox to the file of a layer: nothing that is not this layer's to say. */
export function storedSandbox(sandbox: SandboxRegistration, layer: Layer): Partial<SandboxRegistration> {
  return pick(sandbox, namesIn(layer));
}

/** What this machine learned of a sandbox, without what names it. */
export function learnedOf(known: KnownSandbox): Pick<KnownSandbox, (typeof learned)[number]> {
  return pick(known, learned);
}

/** A sandbox with what is known of it now, in the place of what was. */
export function withLearned(sandbox: SandboxRegistration, known: KnownSandbox): SandboxRegistration {
  const others = names.filter((name) => !(learned as readonly string[]).includes(name));
  return { ...pick(sandbox, [...others, 'project']), ...learnedOf(known) };
}

function pick<T extends object, K extends keyof T>(from: T, wanted: readonly K[]): Pick<T, K> {
  const present = wanted.filter((name) => from[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, from[name]])) as Pick<T, K>;
}

const notText = 'is missing or not a text';

/** A text that is not empty, and good. A project is told in the same words what it must be when it is none at all. */
function text(isGood: (value: string) => boolean = () => true, words: Partial<Record<Layer, string>> = {}) {
  return (value: unknown, layer: Layer): Read<string> => {
    if (typeof value !== 'string' || value === '')
      return { problem: words.project && layer === 'project' ? words.project : notText };
    return isGood(value) ? { value } : { problem: words[layer] ?? notText };
  };
}
