import { open, stat } from 'node:fs/promises';
import { JitFailure } from '../../failures/failures.js';
import { parsePrivateKey, looksLikePrivateKey } from '../privateKey.js';
import { signingKey } from '../signingKey.js';
import { passphraseVariable, privateKeyVariable } from '../keySource.js';
import type { Keys } from '../keySource.js';

/** More than any private key; so that a wrong path, to a device or a log file, is not read whole. */
const maxKeyBytes = 64 * 1024;

/** Private keys from files and environment variables. Key text is handed straight to the parser and kept nowhere. */
export const keys: Keys = {
  async read(source, production) {
    switch (source.source) {
      case 'file':
        return this.parse(await fileText(source.path, production), { file: source.path, production });
      case 'env':
        return this.parse(variable(source.name, production), { variable: source.name, production });
      case 'stdin':
        return this.parse(variable(privateKeyVariable, production), { variable: privateKeyVariable, production });
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

function variable(name: string, production: string): string {
  const value = process.env[name];
  if (value === undefined || value.trim() === '') throw new JitFailure('KeyMissing', { production, variable: name });
  return value;
}

async function fileText(path: string, production: string): Promise<string> {
  if (looksLikePrivateKey(path)) {
    throw new JitFailure('KeyInvalid', {
      problem: 'the key itself was given where the path of a key file is expected',
      production,
    });
  }
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(maxKeyBytes), 0, maxKeyBytes, null);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const problem = problems[code] ?? `it cannot be read (${code})`;
    throw new JitFailure('KeyInvalid', { file: path, problem, production }, error);
  }
}

const problems: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder',
};
