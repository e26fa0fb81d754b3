import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const isLinux = process.platform === 'linux';

/** The processes that a process started, and those that they started, as far as their parents are still there. */
export function descendants(pid: number): number[] {
  const parents = allParents();
  const found: number[] = [];
  for (let layer = [pid]; layer.length > 0; found.push(...layer)) {
    layer = [...parents].flatMap(([child, parent]) => (layer.includes(parent) ? [child] : []));
  }
  return found;
}

/**
 * The processes that hold a text in their environment, but for this one: what belongs to a command whose own process is gone already, and
 * with it the way to its children. Linux only.
 */
export function processesHolding(text: string): number[] {
  if (!isLinux) return [];
  return [...allParents().keys()].filter((pid) => pid !== process.pid && environmentOf(pid).includes(text));
}

/** Of other users' processes it cannot be read, and they are none of ours. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}

/** Sends a signal to processes, of which some may be gone. On Windows there is one way to end a process, and it ends what it started. */
export function signalAll(pids: readonly number[], signal: 'SIGTERM' | 'SIGKILL'): void {
  for (const pid of pids) {
    try {
      if (process.platform === 'win32') endOnWindows(pid);
      else process.kill(pid, signal);
    } catch {
      // gone
    }
  }
}

/**
 * Whether there is a process with this number that has not ended. One of another user counts as running. One that has ended, and whose
 * parent has not asked how, is gone: in a container whose first process asks nobody, it keeps its number for as long as that lives.
 */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return statOf(pid)?.state !== 'Z';
}

/**
 * Whether nobody waits for this process any more: one of the processes that started it is gone, up to the leader of the session, which
 * on a terminal is the user's shell and in a CI job is what the runner started. Beyond Linux only its own parent can be told.
 */
export function watchForAbandonment(): () => boolean {
  const chain = ancestors();
  return () => chain.some(({ pid, parent }) => parentOf(pid) !== parent);
}

function ancestors(): Array<{ pid: number; parent: number }> {
  const chain: Array<{ pid: number; parent: number }> = [];
  const session = statOf(process.pid)?.session;
  for (let pid = process.pid; ;) {
    const parent = parentOf(pid);
    // the first process of a machine or container does not go away before the others
    if (parent === undefined || parent <= 1) return chain;
    chain.push({ pid, parent });
    if (!isLinux || parent === session || statOf(parent)?.session !== session) return chain;
    pid = parent;
  }
}

/** Windows keeps the number of a parent that is gone. */
function parentOf(pid: number): number | undefined {
  if (pid !== process.pid) return statOf(pid)?.parent;
  if (process.platform === 'win32' && !isRunning(process.ppid)) return undefined;
  return process.ppid;
}

/** Every process with its parent. */
function allParents(): Map<number, number> {
  if (isLinux) {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return new Map(pids.flatMap((pid) => [[Number(pid), statOf(Number(pid))?.parent ?? 0]] as const));
  }
  if (process.platform === 'win32') return new Map();
  const { stdout } = spawnSync('/bin/ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  return new Map([...stdout.matchAll(/(\d+)\s+(\d+)/g)].map(([, pid, parent]) => [Number(pid), Number(parent)]));
}

/** proc(5): the name, in brackets, may hold anything. */
function statOf(pid: number): { state: string; parent: number; session: number } | undefined {
  if (!isLinux) return undefined;
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', parent, , session] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent), session: Number(session) };
  } catch {
    return undefined;
  }
}

function endOnWindows(pid: number): void {
  const taskkill = join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'taskkill.exe');
  spawnSync(taskkill, ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' });
}
