import { Messages } from '@salesforce/core/messages';
import { Flags, SfCommand, toHelpSection } from '@salesforce/sf-plugins-core';
import type { RegisteredSandbox } from '../../../registry/registry.js';
import { valuesToShow } from '../../../failures/untrustedText.js';
import { credentialVariables, productionOrgVariable } from '../../../terminal/helpSections.js';
import { jit } from '../../../wiring/jit.js';
import type { RequestMark } from '../../../wiring/requests.js';
import { requestMark } from '../../../wiring/requests.js';
import { showWaiting } from '../../../wiring/waiting.js';
import { productionOrg, sandboxNames } from '../../../flags/orgFlags.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.sandbox.register');

export type JitSandboxRegisterResult = RequestMark & {
  sandboxes: Array<{
    sandboxName: string;
    alias: string;
    username: string;
    productionUsername: string;
    isJitRegistration: true;
    status: 'registered' | 'already-registered';
    /** State of the copy as Salesforce calls it; null when production was not asked. */
    sandboxStatus: string | null;
  }>;
};

export default class JitSandboxRegister extends SfCommand<JitSandboxRegisterResult> {
  public static readonly summary = messages.getMessage('summary');
  public static readonly description = messages.getMessage('description');
  public static readonly examples = messages.getMessages('examples');

  public static readonly flags = {
    'sandbox-name': sandboxNames({ summary: messages.getMessage('flags.sandbox-name.summary') }),
    all: Flags.boolean({ summary: messages.getMessage('flags.all.summary'), exactlyOne: ['sandbox-name', 'all'] }),
    'production-org': productionOrg({ summary: messages.getMessage('flags.production-org.summary') }),
    alias: Flags.string({ char: 'a', summary: messages.getMessage('flags.alias.summary'), exclusive: ['all'] }),
    project: Flags.boolean({ summary: messages.getMessage('flags.project.summary'), default: false }),
    'no-verify': Flags.boolean({ summary: messages.getMessage('flags.no-verify.summary'), exclusive: ['all'] }),
  };

  public static readonly envVariablesSection = toHelpSection('ENVIRONMENT VARIABLES', credentialVariables);

  public static readonly configurationVariablesSection = toHelpSection(
    'CONFIGURATION VARIABLES',
    productionOrgVariable,
  );

  public async run(): Promise<JitSandboxRegisterResult> {
    const { flags } = await this.parse(JitSandboxRegister);
    const names = flags['sandbox-name'] ?? [];
    const { 'production-org': production, alias } = flags;
    if (alias !== undefined && names.length > 1) throw messages.createError('error.AliasForOne', [], [], 2);
    const skipped: string[] = [];
    const request = {
      sandboxes: flags.all ? ('all' as const) : names,
      production,
      alias,
      verify: !flags['no-verify'],
      project: flags.project,
    };
    const words = request.verify || request.project ? messages.getMessage('waiting') : undefined;
    const registered = await showWaiting(this).during(words, () =>
      jit.registerSandboxes(request, (name) => skipped.push(name)),
    );
    for (const name of skipped) this.warn(messages.getMessage('warning.skipped', valuesToShow([name])));
    if (registered.length + skipped.length === 0) this.log(messages.getMessage('none'));
    for (const sandbox of registered) this.show(sandbox);
    if (flags.project && registered.length > 0) this.log(messages.getMessage('commit'));
    return { sandboxes: registered.map(entry), ...requestMark() };
  }

  private show({ sandboxName, alias, status, sandboxStatus, ...known }: RegisteredSandbox): void {
    this.logSuccess(messages.getMessage(status, valuesToShow([sandboxName, alias])));
    if (known.createdByAnotherUser) this.warn(messages.getMessage('warning.another-user', valuesToShow([sandboxName])));
    if (sandboxStatus !== undefined && sandboxStatus !== 'Completed') {
      this.warn(messages.getMessage('warning.not-ready', valuesToShow([sandboxName, sandboxStatus])));
    }
    if (known.hasLoginOfUser) this.log(messages.getMessage('login-of-user', valuesToShow([sandboxName, alias])));
  }
}

function entry(sandbox: RegisteredSandbox): JitSandboxRegisterResult['sandboxes'][number] {
  const { sandboxName, alias, username, productionUsername, isJitRegistration, status } = sandbox;
  const sandboxStatus = sandbox.sandboxStatus ?? null;
  return { sandboxName, alias, username, productionUsername, isJitRegistration, status, sandboxStatus };
}
