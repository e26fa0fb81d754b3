/** Mutual exclusion between processes of this machine. */
export interface Locks {
  /** Runs `work` while no other process holds the lock of that name. @throws Locked after a minute of waiting */
  hold<T>(name: string, work: () => Promise<T>): Promise<T>;
}
