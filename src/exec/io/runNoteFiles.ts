import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync, rmSync, statSync, utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import { lockOfCore, withFileLock } from '../../files/io/fileLock.js';
import { namesIn, replaceFiles, textOrNothing } from '../../files/io/files.js';
import { aliasFile, runNoteFolder } from '../../files/io/stateFolders.js';
import { isRecord, parseJson } from '../../files/json.js';
import { encrypt, decrypt } from '../../sfStore/io/orgEncryption.js';
import type { LeftRun, NotedLogin, RunNotes } from '../runNotes.js';
import { isToBeCleanedUp, isTooOld, signOfLifeEvery } from '../runNotes.js';
import { privateFolderPattern } from './privateSf.js';
import { isRunning } from './processTree.js';

/** A note as it lies on disk. `login` is encrypted as sf encrypts its orgs: by core's code, under the key that sf has for that. */
type NoteFile = {
  readonly version: 1;
  readonly pid: number;
  readonly machine: string;
  readonly startedAt: string;
  readonly triedAt?: string;
  /** The temporary folder of the run. */
  readonly place: string;
  readonly names: Pick<NotedLogin, 'sandboxName' | 'productionUsername'>;
  readonly login: unknown;
};

/** Notes of runs in sf's state folder. @param place gives the temporary folder of the run that begins */
export const runNotesWith = (place: () => string): RunNotes => ({
  async keep(login) {
    const { sandboxName, productionUsername, ...org } = login;
    const path = join(runNoteFolder(), `${randomBytes(8).toString('hex')}.json`);
    const note: NoteFile = {
      version: 1,
      pid: process.pid,
      machine: machine(),
      startedAt: new Date().toISOString(),
      place: place(),
      names: { sandboxName, productionUsername },
      login: parseJson(await withFileLock(aliasFile(), lockOfCore, () => encrypt(org))),
    };
    await write(path, note);
    const signs = setInterval(() => {
      signOfLife(path);
    }, signOfLifeEvery).unref();
    return {
      async forget() {
        clearInterval(signs);
        await remove(path);
      },
    };
  },

  async left() {
    const files = (await namesIn(runNoteFolder())).filter((name) => name.endsWith('.json'));
    const runs = await Promise.all(files.map(async (name) => leftRun(join(runNoteFolder(), name))));
    return runs.filter((run) => run !== undefined);
  },
});

async function leftRun(path: string): Promise<LeftRun | undefined> {
  const note = readNote(path);
  const now = Date.now();
  if (note === undefined) return undefined;
  const isOver = isToBeCleanedUp({
    isSeen: note.machine === machine(),
    isAlive: isRunning(note.pid),
    silence: now - statSync(path).mtimeMs,
    sinceTried: note.triedAt === undefined ? undefined : now - Date.parse(note.triedAt),
  });
  if (!isOver) return undefined;
  wipe(note.place);
  const org = await withFileLock(aliasFile(), lockOfCore, () => decrypt(JSON.stringify(note.login)));
  if (org === undefined || org === 'unreadable' || org.instanceUrl === undefined) {
    // sf's key is another one by now: nobody can read what is in it
    await remove(path);
    return undefined;
  }
  const { username, instanceUrl, accessToken, refreshToken } = org;
  return {
    login: { ...note.names, username, instanceUrl, accessToken, refreshToken },
    forget: () => remove(path),
    async failed() {
      if (isTooOld(now - Date.parse(note.startedAt))) await remove(path);
      else await write(path, { ...note, triedAt: new Date(now).toISOString() });
    },
  };
}

/** A note that is damaged, or was taken away by another process, counts as none. */
function readNote(path: string): NoteFile | undefined {
  try {
    const note = parseJson(readFileSync(path, 'utf8'));
    return isRecord(note) && note['version'] === 1 && isRecord(note['names']) && typeof note['place'] === 'string'
      ? (note as NoteFile)
      : undefined;
  } catch {
    return undefined;
  }
}

async function write(path: string, note: NoteFile): Promise<void> {
  await replaceFiles([{ path, content: JSON.stringify(note) }]);
}

async function remove(path: string): Promise<void> {
  if ((await textOrNothing(path)) !== undefined) await replaceFiles([{ path, content: null }]);
}

/** Of a note that somebody took away, nobody wants a sign. */
function signOfLife(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // as said above
  }
}

/** Only a folder of the name that a run makes, wherever temporary files went at that time. */
function wipe(place: string): void {
  if (!isAbsolute(place) || !privateFolderPattern.test(basename(place))) return;
  rmSync(place, { recursive: true, force: true, maxRetries: 5 });
}

/** Where a process number means the same process: this machine since its start, and on Linux this container. */
function machine(): string {
  const facts = [
    () => readlinkSync('/proc/self/ns/pid'),
    () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'),
  ];
  const known = facts.map((fact) => {
    try {
      return fact().trim();
    } catch {
      return '';
    }
  });
  return [hostname(), ...known].join(' ');
}
