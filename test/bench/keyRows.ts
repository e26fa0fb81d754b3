import { spawnSync } from 'node:child_process';
import { TestAgent } from '../support/keepers.js';
import { difference, inTurns } from './measure.js';
import type { Row } from './rows.js';
import { milliseconds } from './rows.js';
import type { Setting } from './setting.js';

/** Milliseconds that a login may take more with a key that somebody else keeps. */
const bar = 30;

/** A cold login with production's key in an ssh-agent, and with a program that signs, beside the same with a key file. None where one of them is missing. */
export async function keyRows({ stage, command, keep }: Setting, rounds: number): Promise<Row[]> {
  if (['ssh-agent', 'openssl'].some((program) => spawnSync(program, ['-h']).error !== undefined)) return [];
  const { info } = stage;
  const agent = await TestAgent.start(stage.folder);
  try {
    const env = { SSH_AUTH_SOCK: agent.socket };
    const fingerprint = await agent.add(info.keyFile);
    const keepers = {
      agent: `--jwt-agent ${fingerprint}`,
      program: `--jwt-sign-command 'openssl dgst -sha256 -sign ${info.keyFile}' --certificate-file ${info.certificateFile}`,
    };
    for (const [name, flags] of Object.entries(keepers)) {
      await stage.newHome();
      const org = `--username ${info.username} --client-id ${info.clientId} --instance-url ${info.loginUrl}`;
      await stage.ok(`jit org register ${org} ${flags} --alias prod`, { env });
      await stage.ok('jit sandbox register --sandbox-name uat', { env });
      await keep(name);
    }
    const login = 'jit sandbox login --sandbox-name uat --json';
    const costs = await inTurns(rounds, {
      file: command(login, { from: 'cold' }),
      agent: command(login, { from: 'agent', env }),
      program: command(login, { from: 'program', env }),
    });
    const row = (keeper: 'agent' | 'program', what: string): Row => {
      const more = difference(costs[keeper], costs.file);
      return {
        what: `\`sandbox login\`, cold, 0 ms a request, key ${what}, against a key file`,
        measured: `${milliseconds(more)} (processor time ${milliseconds(difference(costs[keeper], costs.file, 'cpu'))})`,
        bar: `≤ ${bar} ms`,
        met: more <= bar,
      };
    };
    return [row('agent', 'in an ssh-agent'), row('program', 'of `openssl dgst` as sign command')];
  } finally {
    agent.stop();
  }
}
