import { text } from 'node:stream/consumers';
import { JitFailure } from '../../failures/failures.js';

/** All of standard input. @throws KeyInvalid when that is a terminal: nobody types a key */
export async function readStdin(): Promise<string> {
  if (process.stdin.isTTY) {
    throw new JitFailure('KeyInvalid', {
      problem: 'it was to come from standard input, and that is a terminal; pipe the key in',
    });
  }
  return text(process.stdin);
}
