import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory of one's own, and the way to get rid of it. */
export type TemporaryDirectory = { path: string; remove(): Promise<void> };

/** Makes an empty directory that only its owner can read. Its path has no symbolic links, so it can be compared. */
export async function temporaryDirectory(prefix = 'jit-test-'): Promise<TemporaryDirectory> {
  const path = await realpath(await mkdtemp(join(tmpdir(), prefix)));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}
