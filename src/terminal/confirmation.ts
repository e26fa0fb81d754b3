import { Messages } from '@salesforce/core/messages';
import type { SfCommand } from '@salesforce/sf-plugins-core';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'confirmation');

/**
 * Whether the user means what cannot be undone. With `--no-prompt` and `--json` that is a yes; otherwise the user is asked. sf's own
 * question would leave the process hanging where nobody can answer (Node then ends with 13), so it is not asked there.
 *
 * @param canAsk whether there is a terminal to ask on
 * @throws NoTerminalError (exit code 2) when there is nobody to ask
 */
export async function isMeant(
  command: Pick<SfCommand<unknown>, 'confirm' | 'jsonEnabled'>,
  { noPrompt, canAsk, message }: { noPrompt: boolean; canAsk: boolean; message: string },
): Promise<boolean> {
  if (noPrompt || command.jsonEnabled()) return true;
  if (!canAsk) throw messages.createError('error.NoTerminal', [], [], 2);
  return command.confirm({ message });
}
