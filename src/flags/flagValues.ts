import { Messages } from '@salesforce/core/messages';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'flagValues');

/**
 * Reads a flag that names something: an empty text, as a script with an unset variable gives, names nothing. To be used as `parse` of a
 * flag; oclif puts the flag's name before the words, and ends with 2.
 */
export function nonEmpty(value: string): Promise<string> {
  if (value.trim() !== '') return Promise.resolve(value);
  return Promise.reject(messages.createError('error.EmptyValue', [], [], 2));
}

/** Refuses a negative length of time, which sf's own flag takes when the least is 0 (sf-plugins-core, flags/duration). */
export function refuseNegative(flag: string, { milliseconds }: { readonly milliseconds: number }): void {
  if (milliseconds < 0) throw messages.createError('error.NegativeTime', [flag], [], 2);
}
