import { shellWord } from '../../../failures/shellWord.js';
import { Messages } from '@salesforce/core/messages';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import type { Emulator, EmulatorInfo } from '../../../emulator/index.js';
import { startEmulator } from '../../../emulator/index.js';
import { settingVariables, usingVariables } from '../../../terminal/shellLines.js';
import { showTable } from '../../../wiring/table.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.emulator.start');

export type JitEmulatorStartResult = EmulatorInfo;

export default class JitEmulatorStart extends SfCommand<JitEmulatorStartResult> {
  public static readonly summary = messages.getMessage('summary');
  public static readonly description = messages.getMessage('description');
  public static readonly examples = messages.getMessages('examples');

  public static readonly flags = {
    port: Flags.integer({ summary: messages.getMessage('flags.port.summary'), min: 0, max: 65_535, default: 0 }),
    sandbox: Flags.string({ summary: messages.getMessage('flags.sandbox.summary'), multiple: true }),
    latency: Flags.integer({ summary: messages.getMessage('flags.latency.summary'), min: 0, default: 0 }),
  };

  /** Returns when the emulator is ready, so that `--json` is printed then; its open ports keep the process alive. */
  public async run(): Promise<JitEmulatorStartResult> {
    const { flags } = await this.parse(JitEmulatorStart);
    const starting = startEmulator({
      port: flags.port,
      latencyMs: flags.latency,
      ...(flags.sandbox ? { sandboxes: flags.sandbox } : {}),
    });
    stopOnSignal(starting);
    const { info } = await starting;
    this.display(info);
    return info;
  }

  private display(info: EmulatorInfo): void {
    this.log(messages.getMessage('ready'));
    showTable(this, {
      columns: [
        { key: 'origin', name: 'Origin' },
        { key: 'url', name: 'URL' },
        { key: 'username', name: 'Username' },
        { key: 'orgId', name: 'Org ID' },
      ],
      data: [
        { origin: 'login', url: info.loginUrl, username: '', orgId: '' },
        { origin: 'test', url: info.testUrl, username: '', orgId: '' },
        { origin: 'production', url: info.productionUrl, username: info.username, orgId: info.orgId },
        ...info.sandboxes.map(({ name, url, username, orgId }) => ({
          origin: `sandbox ${name}`,
          url,
          username,
          orgId,
        })),
      ],
    });
    this.log(messages.getMessage('environment'));
    this.log(settingVariables(info.environment, process.platform));
    const [first] = info.sandboxes;
    if (first) this.displayLines(shellWord(first.name));
  }

  /** Lines to paste, in the order in which they work. */
  private displayLines(sandbox: string): void {
    this.log(`\n${usingVariables(messages.getMessage('next', [sandbox, sandbox, sandbox]), process.platform)}`);
    this.log(
      `\n${messages.getMessage(process.platform === 'win32' ? 'refresh.powershell' : 'refresh', [sandbox, sandbox])}`,
    );
    this.log(`\n${messages.getMessage('end', [sandbox])}`);
  }
}

/** SfCommand's own listeners would end the process with 130 at once, before the temporary directory is removed. */
function stopOnSignal(starting: Promise<Emulator>): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.removeAllListeners(signal);
    process.once(signal, () => void starting.then((emulator) => emulator.stop()));
  }
}
