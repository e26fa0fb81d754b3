import { Messages } from '@salesforce/core/messages';
import type { JitFailure } from '../../failures/failures.js';
import { showable, valuesToShow } from '../../failures/untrustedText.js';
import { sameName } from '../../registry/registry.js';
import type { SuccessfulLogin } from './sandboxLogin.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'refresh');

type Refreshed = Pick<SuccessfulLogin, 'refreshedAt' | 'refreshedBy' | 'productionUsername'>;

/** When and by whom a sandbox was refreshed, as the end of "was refreshed …". */
export function refreshWords({ refreshedAt, refreshedBy }: Refreshed): string {
  if (refreshedAt === undefined) return messages.getMessage('since');
  // in UTC, as a log of a pipeline is read anywhere
  const when = `${refreshedAt.slice(0, 16).replace('T', ' ')} UTC`;
  return refreshedBy === undefined
    ? messages.getMessage('when', valuesToShow([when]))
    : messages.getMessage('when-by', [showable(when), showable(refreshedBy, 100)]);
}

/**
 * What follows when another user refreshed it than the registered one; undefined when it was the registered one, or production does not tell,
 * or when the refusal of the usual way of signing in has said it already.
 */
export function refreshWarning(
  { refreshedBy, productionUsername }: Refreshed,
  refusedFirst?: JitFailure,
): string | undefined {
  if (refusedFirst?.name === 'NotSandboxCreator') return undefined;
  if (refreshedBy === undefined || sameName(refreshedBy, productionUsername)) return undefined;
  return messages.getMessage('by-another', [showable(refreshedBy, 100), showable(productionUsername, 100)]);
}
