import { join } from 'node:path';
import { JitFailure } from '../failures/failures.js';
import type { SfconnectFields } from './sfconnect.js';
import { fieldProblem, parseSfconnect, sfconnectFile, sfconnectText } from './sfconnect.js';
import type { NewFiles } from '../keys/createKeyPair.js';
import type { Questions } from '../terminal/questions.js';

/** The fields that the user gave; absent ones are asked for or take their default. */
export type WriteSfconnectRequest = Partial<SfconnectFields> & {
  /** Absolute path of the folder for the file. */
  readonly outputDir: string;
};

export type WrittenSfconnect = Required<SfconnectFields> & {
  readonly file: string;
  /** The `.gitignore` that names the file; `null` outside a git work tree. */
  readonly gitignore: string | null;
  /** Whether the key file is not there yet: worth a warning, but not a failure, since the key may be made later. */
  readonly keyFileMissing: boolean;
};

export type WriteSfconnectPorts = {
  readonly newFiles: NewFiles;
  /** Absent when nobody can be asked: with `--json`, `--no-prompt`, or without a terminal. */
  readonly questions?: Questions;
};

/** The fields that have no default, and how they are asked for. */
const asked = [
  ['instanceUrl', 'URL of the org (My Domain)', 'https://login.salesforce.com'],
  ['username', 'Username', undefined],
  ['clientId', 'Consumer key of the app', undefined],
  ['privateKeyPath', 'Path of the private key, relative to the file', './certs/server.key'],
] as const satisfies ReadonlyArray<readonly [keyof SfconnectFields, string, string | undefined]>;

/** The flags of `sf jit config init` by the field that they fill. */
const flags: Partial<Record<string, string>> = {
  instanceUrl: '--instance-url',
  apiVersion: '--api-version',
  tokenUrl: '--token-url',
  clientId: '--client-id',
  username: '--username',
  privateKeyPath: '--jwt-key-file',
};

/**
 * Writes a `.sfconnect.json`, and has git ignore it.
 *
 * @throws FileExists before anybody is asked anything; FlagMissing, InputInvalid with all that is missing or wrong; FileNotWritable
 */
export async function writeSfconnect(
  request: WriteSfconnectRequest,
  ports: WriteSfconnectPorts,
): Promise<WrittenSfconnect> {
  const { outputDir, ...given } = request;
  const file = join(outputDir, sfconnectFile);
  if (await ports.newFiles.exists(file)) throw new JitFailure('FileExists', { file });
  const fields: Partial<Record<keyof SfconnectFields, string>> = { ...given };
  if (ports.questions) {
    for (const [field, question, preset] of asked) {
      fields[field] ??= await ports.questions.ask(question, preset, (answer) => fieldProblem(field, answer));
    }
  }
  const { text, keyPath } = checkedText(fields, file);
  const gitignore = await ports.newFiles.ignore([file]);
  await ports.newFiles.create([{ path: file, content: text, mode: 0o600 }]);
  const keyFileMissing = !(await ports.newFiles.exists(keyPath));
  return { file, ...(JSON.parse(text) as Required<SfconnectFields>), gitignore, keyFileMissing };
}

/** The text to write, judged as it will be when it is read, so that the two never disagree. */
function checkedText(
  fields: Partial<Record<keyof SfconnectFields, string>>,
  file: string,
): { text: string; keyPath: string } {
  const complete = asked.every(([field]) => fields[field] !== undefined);
  const text = complete ? sfconnectText(fields as SfconnectFields) : JSON.stringify(fields);
  try {
    return { text, keyPath: parseSfconnect(text, file).config.privateKeyPath };
  } catch (error) {
    if (!(error instanceof JitFailure)) throw error;
    // Nobody has a file yet whose fields could be corrected, so the flags are named.
    const problems = (error.facts.problems ?? '').split('\n').map((line) => {
      const [field, ...words] = line.split(': ');
      return [flags[field ?? ''] ?? field, words.join(': ')] as const;
    });
    if (problems.length === asked.filter(([field]) => fields[field] === undefined).length) {
      throw new JitFailure('FlagMissing', { field: problems.map(([flag]) => flag).join(', ') });
    }
    throw new JitFailure('InputInvalid', {
      field: problems.map(([flag]) => flag).join(', '),
      problem: 'a value is missing or wrong',
      problems: problems.map(([flag, words]) => `${flag}: ${words}`).join('\n'),
    });
  }
}
