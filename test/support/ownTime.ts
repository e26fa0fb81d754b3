/** Milliseconds between two looks at whether this process was waiting. */
const look = 20;

/**
 * Begins to measure how long something takes of this process's own time: what it computed, or what it waited while it had a core to go on with.
 * A clock on the wall also counts how long other programs had the core, so that a limit by it falls on a busy machine.
 *
 * @returns what gives the milliseconds until now
 */
export function ownTime(): () => number {
  const computed = process.cpuUsage();
  let waited = 0;
  // an interval that is kept from its turn does not make up for it
  const timer = setInterval(() => (waited += look), look);
  return () => {
    clearInterval(timer);
    const { user, system } = process.cpuUsage(computed);
    return Math.max(waited, (user + system) / 1000);
  };
}
