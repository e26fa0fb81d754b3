import { Messages } from '@salesforce/core/messages';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import type { EnvironmentResult } from '../../../environments/environmentView.js';
import { environmentResult } from '../../../environments/environmentView.js';
import { environments } from '../../../wiring/environments.js';
import { nonEmpty, sandboxName } from '../../../flags/orgFlags.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.environment.create');

export type JitEnvironmentCreateResult = EnvironmentResult;

export default class JitEnvironmentCreate extends SfCommand<JitEnvironmentCreateResult> {
  public static readonly summary = messages.getMessage('summary');
  public static readonly description = messages.getMessage('description');
  public static readonly examples = messages.getMessages('examples');

  public static readonly flags = {
    name: Flags.string({ summary: messages.getMessage('flags.name.summary'), required: true, parse: nonEmpty }),
    'sandbox-name': sandboxName({ summary: messages.getMessage('flags.sandbox-name.summary') }),
    branch: Flags.string({ summary: messages.getMessage('flags.branch.summary'), multiple: true }),
    category: Flags.string({ summary: messages.getMessage('flags.category.summary') }),
    description: Flags.string({ summary: messages.getMessage('flags.description.summary') }),
    repository: Flags.string({ summary: messages.getMessage('flags.repository.summary') }),
    global: Flags.boolean({ summary: messages.getMessage('flags.global.summary'), default: false }),
  };

  public async run(): Promise<JitEnvironmentCreateResult> {
    const { flags } = await this.parse(JitEnvironmentCreate);
    const { name, 'sandbox-name': sandbox, branch: branches, category, description, repository, global } = flags;
    const request = { name, sandbox, branches, category, description, repository, global };
    const { hidden, ...environment } = await environments.create(request);
    this.logSuccess(messages.getMessage(`success.${environment.layer}`, [name, environment.sandboxName]));
    if (hidden) this.warn(messages.getMessage('warning.hidden', [name]));
    return environmentResult(environment);
  }
}
