import { Messages } from '@salesforce/core/messages';
import { SfCommand } from '@salesforce/sf-plugins-core';
import type { ProductionOrgResult } from '../../../production/productionOrgView.js';
import { keyWords, productionOrgResult } from '../../../production/productionOrgView.js';
import { loadTables, shownRows } from '../../../terminal/tables.js';
import { jit } from '../../../wiring/jit.js';

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
    else {
      await loadTables();
      this.table({
        data: shownRows(
          orgs.map((org) => ({
            default: org.isDefault ? '*' : '',
            alias: org.alias ?? '',
            username: org.username,
            orgId: org.orgId,
            loginUrl: org.loginUrl,
            key: keyWords(org.key),
            sandboxes: org.sandboxes.length,
          })),
        ),
        columns: [
          { key: 'default', name: '' },
          { key: 'alias', name: 'Alias' },
          { key: 'username', name: 'Username' },
          { key: 'orgId', name: 'Org ID' },
          { key: 'loginUrl', name: 'Login URL' },
          { key: 'key', name: 'Key' },
          { key: 'sandboxes', name: 'Sandboxes' },
        ],
      });
    }
    return orgs.map((org) => ({ ...productionOrgResult(org), isDefault: org.isDefault, sandboxes: org.sandboxes }));
  }
}
