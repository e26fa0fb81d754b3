import { open } from 'node:fs/promises';
import { JitFailure } from '../../failures/failures.js';
import { looksLikePrivateKey } from '../privateKey.js';

/** More than any key or certificate; so that a wrong path, to a device or a log file, is not read whole. */
const maxKeyBytes = 64 * 1024;

/**
 * The beginning of a file that should hold a key or a certificate: all of it, if it does.
 *
 * @throws KeyInvalid
 */
export async function keyFileText(path: string, production: string | undefined): Promise<string> {
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
