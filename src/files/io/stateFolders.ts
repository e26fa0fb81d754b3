import { homedir } from 'node:os';
import { join } from 'node:path';

/*
 * Where sf keeps its state (@salesforce/core, global): the same folders as core's `Global.DIR` and `Global.SF_DIR`, which follow the
 * home folder and no environment variable (docs/salesforce.md, Files of core). Not imported from core because that alone takes 60 ms.
 */

/** Orgs, aliases and sandbox records. */
export const sfdxFolder = (): string => join(homedir(), '.sfdx');

/** Configuration, and this plugin's registry. */
export const sfFolder = (): string => join(homedir(), '.sf');

/** The registry of this machine. */
export const registryFile = (): string => join(sfFolder(), 'jit.json');

/** Records of the logins that this plugin made, one file a username, and locks. */
export const jitFolder = (): string => join(sfFolder(), 'jit');

/** What is kept of runs of `exec` until their logins are revoked, one file each. */
export const runNoteFolder = (): string => join(jitFolder(), 'exec');

export const aliasFile = (): string => join(sfdxFolder(), 'alias.json');

/** The key with which sf encrypts what it stores, where no keychain of the system holds it (sfdx-core, keyChainImpl). */
export const keyFile = (): string => join(sfdxFolder(), 'key.json');

/** What sf has stored of an org. */
export const orgFile = (username: string): string => join(sfdxFolder(), `${username}.json`);

/** What the plugin remembers of its logins, a file a username. */
export const loginRecordFolder = (): string => join(jitFolder(), 'logins');

/** What the plugin remembers of a login it made. Usernames are compared without regard to letter case. */
export const loginRecordFile = (username: string): string =>
  join(loginRecordFolder(), `${encodeURIComponent(username.toLowerCase())}.json`);

/** Refresh tokens that are kept only to be revoked, a file a username. */
export const heldTokensFile = (username: string): string =>
  join(jitFolder(), 'held', `${encodeURIComponent(username.toLowerCase())}.json`);

/** What is remembered of an automatic login that failed. @param org as commands name it */
export const autoLoginFailureFile = (org: string): string =>
  join(jitFolder(), 'auto-login', `${encodeURIComponent(org)}.json`);
