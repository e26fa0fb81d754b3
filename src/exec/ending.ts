/**
 * Why a command should come to its end: a signal to this process, which was passed on; or nobody is there any more who wants its result
 * (`abandoned`): a process that started this one is gone.
 */
export type EndingCause = 'SIGINT' | 'SIGQUIT' | 'SIGTERM' | 'SIGHUP' | 'SIGBREAK' | 'abandoned';

/** CI systems kill a job so soon after the last thing they do to end it that there must be time left to revoke (GitHub: 2.5 s). */
const hurried = 1000;

/** For a command that was told to end by one SIGTERM: containers are killed after 10 s. */
const unhurried = 5000;

/**
 * Milliseconds after which a command that goes on is killed. An interruption alone is a question: a program may ask back, or end what
 * it is doing first. What comes after it is meant.
 *
 * @param causes in order, the last one just now
 * @returns undefined for as long as the command likes
 */
export function timeUntilKill(causes: readonly EndingCause[]): number | undefined {
  const last = causes.at(-1);
  if (last === 'abandoned') return hurried;
  if (last === 'SIGTERM' || last === 'SIGHUP') return causes.length > 1 ? hurried : unhurried;
  return undefined;
}
