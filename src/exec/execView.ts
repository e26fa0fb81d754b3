import { Messages } from '@salesforce/core/messages';
import { showable } from '../failures/untrustedText.js';
import type { ExecListener } from './execWithSandbox.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.sandbox.exec');

/** What a run of `exec` is waiting for. */
export function execWaitingWords(what: Parameters<ExecListener['waitingFor']>[0], sandbox: string): string {
  return messages.getMessage(`waiting.${what}`, [showable(sandbox)]);
}

/** What a command waits for that ends what killed runs left. */
export function leftRunsWords(): string {
  return messages.getMessage('waiting.left-runs');
}
