import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Gives back what loading and the first logins used: a keeper then does next to nothing for days, so V8 would see no reason to for a long
 * time. Measured with 20 sandboxes: 170 MB before, 140 MB after.
 */
export function giveMemoryBack(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
