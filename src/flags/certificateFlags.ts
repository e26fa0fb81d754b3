import type { Interfaces } from '@oclif/core';
import { Messages } from '@salesforce/core/messages';
import { Flags } from '@salesforce/sf-plugins-core';
import type { CertificateSubject } from '../keys/keyPair.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'certificateFlags');

/** What stands in a certificate that is made. */
export const certificateFlags = {
  days: Flags.integer({ summary: messages.getMessage('flags.days.summary'), default: 365, min: 1, max: 3650 }),
  'common-name': Flags.string({
    summary: messages.getMessage('flags.common-name.summary'),
    default: 'sf-plugin-jit',
  }),
  organization: Flags.string({ summary: messages.getMessage('flags.organization.summary') }),
  'organizational-unit': Flags.string({ summary: messages.getMessage('flags.organizational-unit.summary') }),
  country: Flags.string({ summary: messages.getMessage('flags.country.summary') }),
  state: Flags.string({ summary: messages.getMessage('flags.state.summary') }),
  locality: Flags.string({ summary: messages.getMessage('flags.locality.summary') }),
  email: Flags.string({ summary: messages.getMessage('flags.email.summary') }),
};

/** Whose certificate it is, as the flags say. */
export function certificateSubject(flags: Interfaces.InferredFlags<typeof certificateFlags>): CertificateSubject {
  const { 'common-name': commonName, 'organizational-unit': organizationalUnit } = flags;
  const { organization, country, state, locality, email } = flags;
  return { commonName, organizationalUnit, organization, country, state, locality, email };
}
