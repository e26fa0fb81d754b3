import { Messages } from '@salesforce/core/messages';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import type { EnvironmentResult } from '../../../environments/environmentView.js';
import { environmentResult, environmentTable } from '../../../environments/environmentView.js';
import { environments } from '../../../wiring/environments.js';
import { showTable } from '../../../wiring/table.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.environment.list');

export type JitEnvironmentListResult = { environments: EnvironmentResult[] };

export default class JitEnvironmentList extends SfCommand<JitEnvironmentListResult> {
  public static readonly summary = messages.getMessage('summary');
  public static readonly description = messages.getMessage('description');
  public static readonly examples = messages.getMessages('examples');

  public static readonly flags = {
    category: Flags.string({ summary: messages.getMessage('flags.category.summary') }),
    repository: Flags.string({ summary: messages.getMessage('flags.repository.summary') }),
  };

  public async run(): Promise<JitEnvironmentListResult> {
    const { flags } = await this.parse(JitEnvironmentList);
    const { category, repository } = flags;
    const found = await environments.list({ category, repository });
    if (found.length > 0) showTable(this, environmentTable(found));
    else this.log(messages.getMessage(category === undefined && repository === undefined ? 'none' : 'none.fitting'));
    return { environments: found.map(environmentResult) };
  }
}
