import { stat } from 'node:fs/promises';
import { JitFailure } from '../../failures/failures.js';
import { parsePrivateKey } from '../privateKey.js';
import { signingKey } from '../signingKey.js';
import { passphraseVariable, privateKeyVariable } from '../keySource.js';
import type { Keys } from '../keySource.js';
import type { SigningKey } from '../signingKey.js';
import type { CommandWords } from '../../programs/commandLine.js';
import { agentKey } from './agentKeys.js';
import { keyFileText } from './keyFile.js';
import { outputOf } from './keyPrograms.js';
import { askOnce } from './signingTime.js';
import { signCommandKey } from './signCommandKey.js';
import { sayIfSlow } from './waiting.js';

/** Private keys from files and environment variables. Key text is handed straight to the parser and kept nowhere. */
export const keys: Keys = {
  async read(source, production) {
    switch (source.source) {
      case 'file':
        return this.parse(await keyFileText(source.path, production), { file: source.path, production });
      case 'env':
        return this.parse(variable(source.name, production), { variable: source.name, production });
      case 'stdin':
        return this.parse(variable(privateKeyVariable, production), { variable: privateKeyVariable, production });
      case 'command':
        return printedKey(source.command, production);
      case 'agent':
        return agentKey(source.fingerprint, production);
      case 'sign-command':
        return signCommandKey({ command: source.command, publicFile: source.certificateFile }, production);
      case 'sf':
        throw new JitFailure('KeyMissing', { production });
    }
  },

  parse(text, origin) {
    return signingKey(parsePrivateKey(text, { origin, passphrase: process.env[passphraseVariable] }));
  },

  async isReadableByOthers(path) {
    return process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0;
  },
};

/** Keys that programs printed, by their command: each is asked once a run of sf, however many sandboxes are logged in to. */
const printed = new Map<string, Promise<SigningKey>>();

async function printedKey(command: CommandWords, production: string): Promise<SigningKey> {
  const name = JSON.stringify(command);
  const known = printed.get(name);
  if (known) return known;
  const stopSaying = sayIfSlow('program', command[0]);
  const key = askOnce(name, async () => {
    const text = await outputOf(command, undefined, production);
    return keys.parse(text.toString('utf8'), { program: command[0], production });
  }).finally(stopSaying);
  printed.set(name, key);
  // for a command that lives long, such as one that keeps sandboxes logged in
  key.catch(() => printed.delete(name));
  return key;
}

function variable(name: string, production: string): string {
  const value = process.env[name];
  if (value === undefined || value.trim() === '') throw new JitFailure('KeyMissing', { production, variable: name });
  return value;
}
