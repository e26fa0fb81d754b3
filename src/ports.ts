import type { Locks } from './files/locks.js';
import type { TimeLimits } from './files/timeLimits.js';
import type { Keys } from './keys/keySource.js';
import type { RegistryStore } from './registry/registryStore.js';
import type { Salesforce, Session } from './salesforce/salesforce.js';
import type { Settings } from './sfStore/settings.js';
import type { SfOrgs } from './sfStore/sfOrgs.js';

/** A session of production, and whether it was issued just now rather than taken from sf's store. */
export type OpenSession = {
  readonly session: Session;
  readonly fresh: boolean;
  /** Set once production has answered a request with it: if it is refused later, it has ended. */
  hasWorked?: boolean;
};

/** Everything that the use cases need from outside. */
export type Ports = {
  readonly salesforce: Salesforce;
  readonly sfOrgs: SfOrgs;
  readonly registry: RegistryStore;
  readonly keys: Keys;
  readonly locks: Locks;
  readonly timeLimits: TimeLimits;
  readonly settings: Settings;
  readonly now: () => Date;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  /** Waits this many milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Sessions of production that this process opened, by username and app: several logins share one. */
  readonly sessions: Map<string, Promise<OpenSession>>;
};
