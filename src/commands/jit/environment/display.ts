import { Messages } from '@salesforce/core/messages';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import type { EnvironmentResult } from '../../../environments/environmentView.js';
import { environmentResult, environmentRow } from '../../../environments/environmentView.js';
import { environments } from '../../../wiring/environments.js';
import { showFields } from '../../../wiring/table.js';
import { nonEmpty } from '../../../flags/orgFlags.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.environment.display');

export type JitEnvironmentDisplayResult = EnvironmentResult & {
  /** The branch that it was found by; null when it was named. */
  branch: string | null;
};

export default class JitEnvironmentDisplay extends SfCommand<JitEnvironmentDisplayResult> {
  public static readonly summary = messages.getMessage('summary');
  public static readonly description = messages.getMessage('description');
  public static readonly examples = messages.getMessages('examples');

  public static readonly flags = {
    name: Flags.string({ summary: messages.getMessage('flags.name.summary'), parse: nonEmpty }),
  };

  public async run(): Promise<JitEnvironmentDisplayResult> {
    const { flags } = await this.parse(JitEnvironmentDisplay);
    const { environment, branch } = await environments.find(flags.name);
    const row = environmentRow(environment);
    showFields(this, [
      ['Name', row.name],
      ['Sandbox', row.sandboxName],
      ['Production org', row.productionUsername],
      ['Branches', row.branches],
      ['Category', row.category],
      ['Description', row.description],
      ['Repository', row.repository],
      ['Layer', row.layer],
    ]);
    return { ...environmentResult(environment), branch };
  }
}
