import { Messages } from '@salesforce/core/messages';
import { SfCommand, toHelpSection } from '@salesforce/sf-plugins-core';
import type { CommandEnd } from '../../../exec/commandRun.js';
import type { JitFailure } from '../../../failures/failures.js';
import { showable } from '../../../failures/untrustedText.js';
import { failureText } from '../../../failures/failureView.js';
import { credentialVariables, productionOrgVariable } from '../../../terminal/helpSections.js';
import { otherWayNotStored } from '../../../sandboxes/login/otherWayView.js';
import type { SignedIn } from '../../../sandboxes/signIn/tryWays.js';
import type { ExecListener } from '../../../exec/execWithSandbox.js';
import { execWaitingWords } from '../../../exec/execView.js';
import { jit } from '../../../wiring/jit.js';
import { splitAtDashes } from '../../../flags/commandAfterDashes.js';
import { productionOrg, sandboxName } from '../../../flags/orgFlags.js';
import { showPassingWaiting } from '../../../wiring/waiting.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.sandbox.exec');

/** How the command ended. Never printed: standard output belongs to the command. */
export type JitSandboxExecResult = CommandEnd;

export default class JitSandboxExec extends SfCommand<JitSandboxExecResult> {
  public static readonly summary = messages.getMessage('summary');
  public static readonly description = messages.getMessage('description');
  public static readonly examples = messages.getMessages('examples');
  public static override readonly enableJsonFlag = false;
  public static override readonly usage = messages.getMessage('usage');

  public static readonly flags = {
    'sandbox-name': sandboxName({ summary: messages.getMessage('flags.sandbox-name.summary') }),
    'production-org': productionOrg({ summary: messages.getMessage('flags.production-org.summary') }),
  };

  public static readonly envVariablesSection = toHelpSection('ENVIRONMENT VARIABLES', {
    ...credentialVariables,
    SF_ACCESS_TOKEN: messages.getMessage('env.SF_ACCESS_TOKEN'),
    SF_ORG_INSTANCE_URL: messages.getMessage('env.SF_ORG_INSTANCE_URL'),
    SF_TARGET_ORG: messages.getMessage('env.SF_TARGET_ORG'),
    SF_JIT_SANDBOX_NAME: messages.getMessage('env.SF_JIT_SANDBOX_NAME'),
    SF_JIT_USERNAME: messages.getMessage('env.SF_JIT_USERNAME'),
    SF_JIT_ORG_ID: messages.getMessage('env.SF_JIT_ORG_ID'),
    SF_JIT_EXEC: messages.getMessage('env.SF_JIT_EXEC'),
  });

  public static readonly configurationVariablesSection = toHelpSection(
    'CONFIGURATION VARIABLES',
    productionOrgVariable,
  );

  public static readonly errorCodes = toHelpSection('ERROR CODES', {
    '1': messages.getMessage('exit.1'),
    '69': messages.getMessage('exit.69'),
    '126': messages.getMessage('exit.126'),
    '127': messages.getMessage('exit.127'),
  });

  public async run(): Promise<JitSandboxExecResult> {
    const { own, command } = splitAtDashes(this.argv);
    const { flags } = await this.parse(JitSandboxExec, own);
    const [program, ...args] = command;
    if (program === undefined) throw messages.createError('error.NoCommand', [], [], 2);
    const request = {
      sandbox: flags['sandbox-name'],
      production: flags['production-org'],
      command: [program, ...args] as const,
    };
    const end = await jit.execWithSandbox(request, this.config, this.listener(request.sandbox));
    jit.endAs(end);
    return end;
  }

  private listener(sandbox: string): ExecListener {
    const waiting = showPassingWaiting(false, (line) => {
      this.logToStderr(line);
    });
    return {
      signedIn: (signedIn) => {
        this.warnOfOtherWay(signedIn, sandbox);
      },
      waitingFor: (what) => {
        waiting.start(execWaitingWords(what, sandbox));
      },
      waited: () => {
        waiting.stop();
      },
      credential: async (accessToken) => jit.maskOnStandardError([accessToken]),
      notNoted: (failure) => {
        this.warnOf('not-noted', failure, sandbox);
      },
      notRevoked: (failure) => {
        this.warnOf('not-revoked', failure, sandbox);
      },
    };
  }

  private warnOfOtherWay(signedIn: SignedIn, sandbox: string): void {
    const line = otherWayNotStored(sandbox, signedIn);
    if (line !== undefined) this.warn(line);
  }

  private warnOf(message: 'not-noted' | 'not-revoked', failure: JitFailure, sandbox: string): void {
    this.warn(messages.getMessage(message, [showable(sandbox), failure.name, failureText(failure).message]));
  }
}
