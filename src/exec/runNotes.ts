import type { RevocableLogin } from '../sandboxes/signIn/revokeTokens.js';

/** The login of a run of `exec`, as it is kept on this machine until it is revoked: encrypted, and for no other purpose. */
export type NotedLogin = RevocableLogin & {
  readonly sandboxName: string;
  readonly username: string;
  readonly productionUsername: string;
};

/** What is kept of a run that goes on. */
export interface RunNote {
  /** Takes it away: the login is revoked. */
  forget(): Promise<void>;
}

/** A run that ended without revoking its login: killed, or without a way to Salesforce. */
export type LeftRun = RunNote & {
  readonly login: NotedLogin;
  /** Notes that its login could not be revoked this time. */
  failed(): Promise<void>;
};

/** What is known on this machine of runs of `exec`. */
export interface RunNotes {
  /** @throws FileNotWritable, EncryptionKeyUnusable, RegistryDamaged, Locked */
  keep(login: NotedLogin): Promise<RunNote>;
  /** The runs that are to be cleaned up now. What they left in their temporary folders is wiped. */
  left(): Promise<LeftRun[]>;
}

/** What can be told of a run from outside, in milliseconds. */
export type RunSigns = {
  /** Whether its process would be seen from here: the same machine since the same start, the same container. */
  readonly isSeen: boolean;
  /** Whether there is a process with its number. */
  readonly isAlive: boolean;
  /** Since it last gave a sign of life. */
  readonly silence: number;
  /** Since its login could not be revoked the last time; undefined when nobody has tried. */
  readonly sinceTried?: number;
};

/** How often a run gives a sign of life. */
export const signOfLifeEvery = 20_000;

/** A run elsewhere (another container with the same home folder) that has been silent for this long is over. */
const longSilence = 6 * signOfLifeEvery;

/** A number may have gone to another process; and no session of Salesforce lasts a day without being used. */
const day = 86_400_000;

/** A login that could not be revoked is tried again after this long: whatever keeps it from being revoked must not slow down every command. */
const tryAgainAfter = 900_000;

/** Whether a run is over without having revoked its login, and this is the time to do it. */
export function isToBeCleanedUp({ isSeen, isAlive, silence, sinceTried }: RunSigns): boolean {
  const isOver = isSeen ? !isAlive || silence > day : silence > longSilence;
  return isOver && (sinceTried === undefined || sinceTried > tryAgainAfter);
}

/** Whether what is noted can be forgotten even if it could not be revoked: nobody goes on trying for ever. */
export function isTooOld(age: number): boolean {
  return age > 30 * day;
}
