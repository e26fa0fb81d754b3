import { Messages } from '@salesforce/core/messages';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import type { EnvironmentResult } from '../../../environments/environmentView.js';
import { environmentResult } from '../../../environments/environmentView.js';
import { environments } from '../../../wiring/environments.js';
import { nonEmpty } from '../../../flags/orgFlags.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.environment.update');

export type JitEnvironmentUpdateResult = EnvironmentResult;

const changes = ['sandbox-name', 'branch', 'category', 'description', 'repository'];

export default class JitEnvironmentUpdate extends SfCommand<JitEnvironmentUpdateResult> {
  public static readonly summary = messages.getMessage('summary');
  public static readonly description = messages.getMessage('description');
  public static readonly examples = messages.getMessages('examples');

  public static readonly flags = {
    name: Flags.string({ summary: messages.getMessage('flags.name.summary'), required: true, parse: nonEmpty }),
    'sandbox-name': Flags.string({
      parse: nonEmpty,
      char: 'n',
      summary: messages.getMessage('flags.sandbox-name.summary'),
      atLeastOne: changes,
    }),
    branch: Flags.string({ summary: messages.getMessage('flags.branch.summary'), multiple: true, atLeastOne: changes }),
    category: Flags.string({ summary: messages.getMessage('flags.category.summary'), atLeastOne: changes }),
    description: Flags.string({ summary: messages.getMessage('flags.description.summary'), atLeastOne: changes }),
    repository: Flags.string({ summary: messages.getMessage('flags.repository.summary'), atLeastOne: changes }),
  };

  public async run(): Promise<JitEnvironmentUpdateResult> {
    const { flags } = await this.parse(JitEnvironmentUpdate);
    const { name, 'sandbox-name': sandbox, branch: branches, category, description, repository } = flags;
    const environment = await environments.update({ name, sandbox, branches, category, description, repository });
    this.logSuccess(messages.getMessage('success', [environment.name]));
    return environmentResult(environment);
  }
}
