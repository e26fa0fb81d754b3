import { Messages } from '@salesforce/core/messages';
import { Flags, SfCommand, toHelpSection } from '@salesforce/sf-plugins-core';
import type { CommandEnd } from '../../../exec/commandRun.js';
import { eventJson, eventLine, firstLoginsWords } from '../../../keep/keepView.js';
import { credentialVariables, productionOrgVariable } from '../../../terminal/helpSections.js';
import { keeper } from '../../../wiring/keep.js';
import { showPassingWaiting } from '../../../wiring/waiting.js';
import { nonEmpty, productionOrg } from '../../../flags/orgFlags.js';
import { splitAtDashes } from '../../../flags/commandAfterDashes.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.sandbox.keep');

/** How the command ended. Never printed: standard output belongs to the command. */
export type JitSandboxKeepResult = CommandEnd;

export default class JitSandboxKeep extends SfCommand<JitSandboxKeepResult> {
  public static readonly summary = messages.getMessage('summary');
  public static readonly description = messages.getMessage('description');
  public static readonly examples = messages.getMessages('examples');
  public static override readonly usage = messages.getMessage('usage');
  // sf's own flag would print a result on standard output, which belongs to the command
  public static override readonly enableJsonFlag = false;

  public static readonly flags = {
    'sandbox-name': Flags.string({
      parse: nonEmpty,
      char: 'n',
      summary: messages.getMessage('flags.sandbox-name.summary'),
      multiple: true,
      exclusive: ['all'],
    }),
    all: Flags.boolean({ summary: messages.getMessage('flags.all.summary') }),
    every: Flags.integer({
      summary: messages.getMessage('flags.every.summary'),
      description: messages.getMessage('flags.every.description'),
      default: 10,
      min: 1,
      max: 1440,
    }),
    'production-org': productionOrg({ summary: messages.getMessage('flags.production-org.summary') }),
    // eslint-disable-next-line sf-plugin/no-json-flag -- not sf's: see enableJsonFlag
    json: Flags.boolean({ summary: messages.getMessage('flags.json.summary') }),
  };

  public static readonly envVariablesSection = toHelpSection('ENVIRONMENT VARIABLES', credentialVariables);

  public static readonly configurationVariablesSection = toHelpSection(
    'CONFIGURATION VARIABLES',
    productionOrgVariable,
  );

  public static readonly errorCodes = toHelpSection('ERROR CODES', {
    '0': messages.getMessage('exit.0'),
    '1': messages.getMessage('exit.1'),
    other: messages.getMessage('exit.other'),
  });

  public async run(): Promise<JitSandboxKeepResult> {
    const { own, command } = splitAtDashes(this.argv);
    const { flags } = await this.parse(JitSandboxKeep, own);
    const { all, every, json, 'sandbox-name': names = [], 'production-org': production } = flags;
    if (!all && names.length === 0) throw messages.createError('error.WhichSandbox', [], [this.config.bin], 2);
    const sandboxes = all ? await keeper.registeredSandboxes(production) : names;
    if (sandboxes.length === 0) throw messages.createError('error.NoneRegistered', [], [this.config.bin]);
    const end = await this.keep({ sandboxes, production, every: every * 60_000, command }, json);
    keeper.endAs(end);
    return end;
  }

  /** Writes what happens on the error output, and until the program runs what is waited for. */
  private async keep(request: Parameters<typeof keeper.keep>[0], json: boolean): Promise<CommandEnd> {
    const say = (line: string): unknown => process.stderr.write(`${line}\n`);
    const waiting = showPassingWaiting(json, say);
    waiting.start(firstLoginsWords(request.sandboxes));
    try {
      return await keeper.keep(
        request,
        (event) => {
          waiting.aside(() => say(json ? eventJson(event, new Date()) : eventLine(event)));
        },
        () => {
          waiting.stop();
        },
      );
    } finally {
      waiting.stop();
    }
  }
}
