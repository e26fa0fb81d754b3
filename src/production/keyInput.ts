import { resolve } from 'node:path';
import { JitFailure } from '../failures/failures.js';
import type { KeySource } from '../keys/keySource.js';
import { keeperVariables } from '../keys/keySource.js';
import { refuseKeyText } from '../keys/privateKey.js';
import type { CommandWords } from '../programs/commandLine.js';
import { commandWords } from '../programs/commandLine.js';

/** The flags that say where the key is: one of them, and the certificate with a program that signs. */
export type KeyFlags = {
  /** `-` for standard input. */
  readonly 'jwt-key-file'?: string;
  /** Name of a variable. */
  readonly 'jwt-key-env'?: string;
  /** A command line. */
  readonly 'jwt-key-command'?: string;
  /** Fingerprint. */
  readonly 'jwt-agent'?: string;
  /** A command line. */
  readonly 'jwt-sign-command'?: string;
  readonly 'certificate-file'?: string;
};

/** The flags of which one says where the key is. */
const keyFlagNames = ['jwt-key-file', 'jwt-key-env', 'jwt-key-command', 'jwt-agent', 'jwt-sign-command'] as const;

/** The flags that one of them excludes. */
export function otherKeyFlags(flag: (typeof keyFlagNames)[number]): string[] {
  return keyFlagNames.filter((other) => other !== flag);
}

/** What a user says of a key that somebody else keeps, by flags or by variables; each with the name that the user knows it by. */
export type KeeperInput = Readonly<Record<keyof typeof keeperVariables, string | undefined>>;
type KeeperNames = Readonly<Record<keyof typeof keeperVariables, string>>;

const keeperFlags: KeeperNames = {
  command: '--jwt-key-command',
  agent: '--jwt-agent',
  signCommand: '--jwt-sign-command',
  certificateFile: '--certificate-file',
};

/** Where the flags say that the key is. @throws InputInvalid, KeyInvalid for a key in the place of its path or its variable's name */
export function keyFromFlags(flags: KeyFlags): KeySource | undefined {
  const { 'jwt-key-file': file, 'jwt-key-env': variable } = flags;
  const keeper = keyOfKeeper(
    {
      command: flags['jwt-key-command'],
      agent: flags['jwt-agent'],
      signCommand: flags['jwt-sign-command'],
      certificateFile: flags['certificate-file'],
    },
    keeperFlags,
  );
  if (keeper) return keeper;
  if (file === '-') return { source: 'stdin' };
  refuseKeyText(file, '--jwt-key-file', 'the path of a key file');
  refuseKeyText(variable, '--jwt-key-env', 'the name of an environment variable');
  if (file !== undefined) return { source: 'file', path: resolve(file) };
  if (variable === undefined) return undefined;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable)) {
    throw new JitFailure('InputInvalid', {
      field: '--jwt-key-env',
      problem: 'it takes the name of a variable, without $',
    });
  }
  return { source: 'env', name: variable };
}

/** The keeper of the key that the variables name. Empty ones count as not set. @throws InputInvalid, KeyInvalid */
export function keeperFromVariables(env: Readonly<Record<string, string | undefined>>): KeySource | undefined {
  const value = (name: string): string | undefined => env[name]?.trim() || undefined;
  const { command, agent, signCommand, certificateFile } = keeperVariables;
  return keyOfKeeper(
    {
      command: value(command),
      agent: value(agent),
      signCommand: value(signCommand),
      // alone it says nothing: a job may have it for other steps
      certificateFile: value(signCommand) === undefined ? undefined : value(certificateFile),
    },
    keeperVariables,
  );
}

function keyOfKeeper(input: KeeperInput, names: KeeperNames): KeySource | undefined {
  const { command, agent, signCommand, certificateFile } = input;
  const given = (['command', 'agent', 'signCommand'] as const).filter((one) => input[one] !== undefined);
  if (given.length > 1) {
    throw new JitFailure('InputInvalid', {
      field: given.map((one) => names[one]).join(', '),
      problem: 'each of them says where the key is; give one of them only',
    });
  }
  if (command !== undefined) return { source: 'command', command: words(command, names.command) };
  if (agent !== undefined) return { source: 'agent', fingerprint: fingerprint(agent, names.agent) };
  if (signCommand === undefined) {
    if (certificateFile === undefined) return undefined;
    throw new JitFailure('InputInvalid', {
      field: names.certificateFile,
      problem: `it goes with ${names.signCommand}`,
    });
  }
  if (certificateFile === undefined) {
    throw new JitFailure('InputInvalid', {
      field: names.certificateFile,
      problem: `needed with ${names.signCommand}, because a signature is checked before it is sent; it takes the file with the certificate that is in the app`,
    });
  }
  refuseKeyText(certificateFile, names.certificateFile, 'the path of a certificate');
  return {
    source: 'sign-command',
    command: words(signCommand, names.signCommand),
    certificateFile: resolve(certificateFile),
  };
}

/**
 * A command line as words, its program by its whole path when it is one: what is registered here is run from any folder.
 *
 * @throws InputInvalid, KeyInvalid when the key itself was given
 */
function words(line: string, field: string): CommandWords {
  refuseKeyText(line, field, 'a program and its arguments');
  const split = commandWords(line);
  if ('problem' in split) throw new JitFailure('InputInvalid', { field, problem: split.problem });
  const [program, ...args] = split.words;
  return [/[\\/]/.test(program) ? resolve(program) : program, ...args];
}

/** A fingerprint as it is compared. @throws InputInvalid, KeyInvalid when the key itself was given */
function fingerprint(text: string, field: string): string {
  refuseKeyText(text, field, 'a fingerprint');
  const found = /^(SHA256:[A-Za-z0-9+/]{43})=?$/.exec(text.trim())?.[1];
  if (found !== undefined) return found;
  throw new JitFailure('InputInvalid', {
    field,
    problem: 'it takes the fingerprint of a key as "ssh-add -l" prints it: SHA256: and 43 characters',
  });
}
