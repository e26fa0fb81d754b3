import { Messages } from '@salesforce/core/messages';
import { SfCommand, toHelpSection } from '@salesforce/sf-plugins-core';
import { productionOrgVariable } from '../../../terminal/helpSections.js';
import type { ProductionOrgResult } from '../../../production/productionOrgView.js';
import { keyWords, productionOrgResult } from '../../../production/productionOrgView.js';
import { jit } from '../../../wiring/jit.js';
import { showFields } from '../../../wiring/table.js';
import { productionOrg } from '../../../flags/orgFlags.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.org.display');

export type JitOrgDisplayResult = ProductionOrgResult & { isDefault: boolean; sandboxes: readonly string[] };

export default class JitOrgDisplay extends SfCommand<JitOrgDisplayResult> {
  public static readonly summary = messages.getMessage('summary');
  public static readonly description = messages.getMessage('description');
  public static readonly examples = messages.getMessages('examples');

  public static readonly flags = {
    'production-org': productionOrg({ summary: messages.getMessage('flags.production-org.summary') }),
  };

  public static readonly configurationVariablesSection = toHelpSection(
    'CONFIGURATION VARIABLES',
    productionOrgVariable,
  );

  public async run(): Promise<JitOrgDisplayResult> {
    const { flags } = await this.parse(JitOrgDisplay);
    const org = await jit.displayProductionOrg(flags['production-org']);
    const result = { ...productionOrgResult(org), isDefault: org.isDefault, sandboxes: org.sandboxes };
    showFields(this, [
      ['Username', org.username],
      ['Alias', org.alias],
      ['Org ID', org.orgId],
      ['Instance URL', org.instanceUrl],
      ['Login URL', org.loginUrl],
      ['Client ID', org.clientId],
      ['Callback URL', org.callbackUrl],
      ['Key', keyWords(org.key)],
      ['Default', org.isDefault ? 'yes' : 'no'],
      ['Sandboxes', org.sandboxes.join(', ')],
    ]);
    return result;
  }
}
