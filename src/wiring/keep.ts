import { setTimeout } from 'node:timers/promises';
import type { CommandEnd } from '../exec/commandRun.js';
import { endAs } from '../exec/io/commands.js';
import { findProgram } from '../programs/io/findProgram.js';
import { KeeperLife } from '../keep/io/keptCommand.js';
import { giveMemoryBack } from '../keep/io/memory.js';
import { nap, takeLease } from '../keep/io/lease.js';
import type { KeepEvent } from '../keep/keepSandboxes.js';
import { keepSandboxes } from '../keep/keepSandboxes.js';
import { variablesForProgram } from '../keep/programVariables.js';
import { rememberedKeys } from '../keep/rememberedKeys.js';
import { registeredSandboxes } from '../sandboxes/login/loginSandboxes.js';
import { asOwnRun } from '../salesforce/io/requestId.js';
import { productionUsername, ports, loginDefaults } from './ports.js';
import { settings } from './settings.js';
import { noteFailure, withFailureText } from './failureText.js';

/** Milliseconds for which the first logins may hold up the start of the command. */
const startsAfter = 30_000;

/** Milliseconds that a login under way gets when the command has ended. */
const patience = 3000;

/** What `sf jit sandbox keep` does, bound to the real parts. */
export const keeper = {
  endAs,

  /** The aliases of all registered sandboxes, or of those of one production org. */
  registeredSandboxes: withFailureText(async (production: string | undefined): Promise<string[]> =>
    registeredSandboxes({ production: await productionUsername(production) }, ports),
  ),

  /**
   * @param command the program and its arguments; empty for none
   * @param begun called when every sandbox was looked at once, or that took too long: before the program runs
   */
  keep: withFailureText(
    async (
      request: {
        readonly sandboxes: readonly string[];
        readonly production?: string;
        readonly every: number;
        readonly command: readonly string[];
      },
      tell: (event: KeepEvent) => void,
      begun: () => void,
    ): Promise<CommandEnd> => {
      const { command, ...given } = request;
      const kept = { ...given, production: await productionUsername(given.production) };
      const [name, ...args] = command;
      const program = name === undefined ? undefined : await findProgram([name, ...args], process.env['PATH'] ?? '');
      const authType = await settings.authType();
      const around = await loginDefaults();
      const life = new KeeperLife();
      const end = new AbortController();
      let looked = (): void => undefined;
      const started = new Promise<void>((resolve) => (looked = resolve));
      const work = keepSandboxes(
        { ...kept, ...around, authType },
        { ...ports, keys: rememberedKeys(ports.keys), takeLease, nap, asOwnRun },
        (event) => {
          if (event.kind === 'failed') void noteFailure(event.failure);
          tell(event);
        },
        () => {
          looked();
        },
        end.signal,
      );
      try {
        const ready = Promise.race([started, setTimeout(startsAfter, undefined, { ref: false }), work]);
        const told = await life.orTold(ready.then(() => undefined));
        if (told) return told;
        begun();
        giveMemoryBack();
        if (program === undefined) return await life.untilTold();
        const env = variablesForProgram(process.env, await ports.registry.read(), process.platform);
        return await life.run(program, name ?? '', env);
      } finally {
        end.abort();
        await Promise.race([work, setTimeout(patience, undefined, { ref: false })]);
      }
    },
  ),
};
