import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { notWritable } from '../../files/io/files.js';
import { lockedFile } from '../../files/io/locks.js';
import type { Lease } from '../keepSandboxes.js';

/** Milliseconds after which a lease whose holder stopped refreshing it is free: it crashed, or its machine slept. */
const stale = 10_000;

/**
 * Takes the lease of that name, of which a machine has one.
 *
 * @returns undefined while another process has it
 * @throws FileNotWritable
 */
export async function takeLease(name: string): Promise<Lease | undefined> {
  const file = lockedFile(name);
  let held = true;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const release = await lock(file, {
      stale,
      realpath: false,
      onCompromised: () => {
        held = false;
      },
    });
    return {
      isHeld: () => held,
      release: async () => {
        if (held) await release();
        held = false;
      },
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ELOCKED') return undefined;
    throw notWritable(file, error);
  }
}

/** Waits this many milliseconds, or until the signal. */
export async function nap(milliseconds: number, until: AbortSignal): Promise<void> {
  try {
    await setTimeout(milliseconds, undefined, { signal: until });
  } catch (error) {
    if (!until.aborted) throw error;
  }
}
