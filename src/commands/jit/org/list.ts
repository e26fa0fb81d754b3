import { Messages } from '@salesforce/core/messages';
import { SfCommand } from '@salesforce/sf-plugins-core';
import type { ProductionOrgResult } from '../../../production/productionOrgView.js';
import { productionOrgResult, productionOrgTable } from '../../../production/productionOrgView.js';
import { jit } from '../../../wiring/jit.js';
import { showTable } from '../../../wiring/table.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.org.list');

export type JitOrgListResult = Array<ProductionOrgResult & { isDefault: boolean; sandboxes: readonly string[] }>;

export default class JitOrgList extends SfCommand<JitOrgListResult> {
  public static readonly summary = messages.getMessage('summary');
  public static readonly description = messages.getMessage('description');
  public static readonly examples = messages.getMessages('examples');

  public async run(): Promise<JitOrgListResult> {
    await this.parse(JitOrgList);
    const orgs = await jit.listProductionOrgs();
    if (orgs.length === 0) this.log(messages.getMessage('none'));
    else showTable(this, productionOrgTable(orgs));
    return orgs.map((org) => ({ ...productionOrgResult(org), isDefault: org.isDefault, sandboxes: org.sandboxes }));
  }
}
