import { setTimeout } from 'node:timers';
import { waitingLine } from '../keyView.js';

/** Milliseconds after which a key that somebody else keeps is being waited for, rather than slow. */
const noticeable = 1000;

const said = new Set<string>();

/**
 * Tells, once a process, what is being waited for when a key does not sign at once: a touch, or a question on the desktop. In one line to
 * standard error, and not at all where a program reads both outputs (`--json`).
 *
 * @param name of the key or the program
 * @returns to be called when the waiting is over
 */
export function sayIfSlow(kind: 'agent' | 'program', name: string): () => void {
  const isParsed = process.argv.includes('--json') || process.env['SF_CONTENT_TYPE']?.toUpperCase() === 'JSON';
  if (isParsed || said.has(name)) return () => undefined;
  const timer = setTimeout(() => {
    said.add(name);
    process.stderr.write(`${waitingLine(kind, name)}\n`);
  }, noticeable);
  return () => {
    clearTimeout(timer);
  };
}
