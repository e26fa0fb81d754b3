import { expect } from 'chai';
import type { CommandEnd, CommandVariables } from '../../../src/exec/commandRun.js';
import { JitFailure } from '../../../src/failures/failures.js';
import type { Commands, ExecRequest } from '../../../src/exec/execWithSandbox.js';
import type { RunNotes } from '../../../src/exec/runNotes.js';
import { execWithSandbox } from '../../../src/exec/execWithSandbox.js';
import type { FakePorts } from '../../support/fakes.js';
import { fakePorts, grantFor, productionUsername } from '../../support/fakes.js';
import { rejection } from '../../support/rejection.js';

const username = `${productionUsername}.uat`;
const token = `token of ${username}`;
const interrupted: CommandEnd = { exitCode: 143, signal: 'SIGTERM' };

describe('execWithSandbox', () => {
  let ports: FakePorts;
  let log: string[];
  let notRevoked: JitFailure[];
  let waits: string[];
  let notNoted: JitFailure[];
  let ways: string[];
  let runNotes: RunNotes;
  let seen: CommandVariables | undefined;
  /** What happens when the command is run. */
  let running: () => CommandEnd;
  /** When a signal comes: never, or while production is asked, with the login done in time or not. */
  let signal: 'never' | 'in-time' | 'too-late';

  const commands: Commands = {
    async prepare([name]) {
      log.push(`prepare ${name}`);
      if (name === 'missing') throw new JitFailure('CommandNotFound', { file: name, problem: 'there is no such file' });
      return {
        unlessInterrupted: async (work) => {
          const done = await work;
          return signal === 'too-late' ? undefined : done;
        },
        async run(variables) {
          if (signal !== 'never') return interrupted;
          log.push('run');
          seen = variables;
          return running();
        },
        know: async ({ username: known }, names) => void log.push(`know ${known} as ${names.join()}`),
        interruption: () => interrupted,
        wipe: async () => void log.push('wipe'),
      };
    },
  };

  beforeEach(() => {
    ports = fakePorts();
    log = ports.salesforce.calls;
    notRevoked = [];
    waits = [];
    notNoted = [];
    ways = [];
    runNotes = {
      keep: async ({ username: noted, accessToken, refreshToken }) => {
        log.push(`note ${noted} ${accessToken} ${refreshToken}`);
        return { forget: async () => void log.push('forget') };
      },
      left: async () => [],
    };
    seen = undefined;
    running = () => ({ exitCode: 3 });
    signal = 'never';
  });

  const refuseKey = (): void => {
    ports.salesforce.jwt = (name) => {
      if (name === username) throw new JitFailure('InvalidGrant', { org: 'sandbox uat', host: 'uat.example' });
      return grantFor(name);
    };
  };

  const exec = (more: Partial<ExecRequest> = {}) =>
    execWithSandbox(
      {
        sandbox: 'uat',
        command: ['deploy', '--now'],
        variables: { hasPrivateKey: false },
        callbackUrl: 'http://localhost:1717/OauthRedirect',
        ...more,
      },
      { ...ports, commands, runNotes },
      {
        signedIn: ({ signedInBy }) => ways.push(signedInBy),
        waitingFor: (what) => waits.push(`${what} after ${log.length}`),
        waited: () => waits.push(`over after ${log.length}`),
        notNoted: (failure) => notNoted.push(failure),
        credential: async (accessToken) => void log.push(`mask ${accessToken}`),
        notRevoked: (failure) => notRevoked.push(failure),
      },
    );

  it('finds the command, signs in by the key, runs it, revokes the token, and wipes', async () => {
    expect(await exec()).to.deep.equal({ exitCode: 3 });
    expect(log).to.deep.equal([
      'prepare deploy',
      `jwt ${productionUsername} at https://login.example`,
      'sandboxAuth uat for http://localhost:1717/OauthRedirect',
      `jwt ${username} at https://uat.example`,
      `note ${username} ${token} undefined`,
      `know ${username} as uat,uat,uat`,
      `mask ${token}`,
      'run',
      `revoke ${token} at https://uat.example`,
      'forget',
      'wipe',
    ]);
    // what is waited for is shown around the requests only: in between the screen is the command's
    expect(waits).to.deep.equal([
      'login after 1',
      'over after 4',
      'revocation after 8',
      'over after 9',
      'over after 10',
    ]);
    expect(seen).to.include({ SF_ACCESS_TOKEN: token, SF_JIT_EXEC: 'uat' });
    expect(ports.sfOrgs.orgs.has(username), 'stored').to.equal(false);
    expect(notRevoked).to.deep.equal([]);
    expect(ways).to.deep.equal(['jwt']);
  });

  it('takes the authorization code where the key is refused, and revokes both tokens', async () => {
    refuseKey();
    await exec();
    expect(log.filter((line) => !line.startsWith('jwt'))).to.deep.equal([
      'prepare deploy',
      'sandboxAuth uat for http://localhost:1717/OauthRedirect',
      'code at https://uat.example for http://localhost:1717/OauthRedirect',
      `note ${username} ${token} refresh-token`,
      `know ${username} as uat,uat,uat`,
      `mask ${token}`,
      'run',
      'revoke refresh-token at https://uat.example',
      `revoke ${token} at https://uat.example`,
      'forget',
      'wipe',
    ]);
    expect(ports.sfOrgs.held.size, 'held').to.equal(0);
    expect(ways).to.deep.equal(['code']);
  });

  it('stores nothing of production that sf does not keep already', async () => {
    await exec();
    expect([...ports.sfOrgs.orgs.keys()]).to.deep.equal([]);
    await ports.sfOrgs.storeProduction({ username: productionUsername }, 'prod');
    ports.sessions.clear();
    await exec();
    expect(await ports.sfOrgs.read(productionUsername)).to.include({ accessToken: `token of ${productionUsername}` });
  });

  it("revokes, and ends as the command did, when the command left sf's store damaged", async () => {
    refuseKey();
    running = () => {
      ports.sfOrgs.read = async () => {
        throw new JitFailure('RegistryDamaged', { file: 'alias.json', problem: 'it is cut off' });
      };
      return { exitCode: 7 };
    };
    expect(await exec()).to.deep.equal({ exitCode: 7 });
    expect(log.filter((call) => call.startsWith('revoke'))).to.have.length(2);
  });

  it('asks nothing of Salesforce for a command that is not there, or inside another exec', async () => {
    expect((await rejection(exec({ command: ['missing'] }))).name).to.equal('CommandNotFound');
    const nested = await rejection(exec({ outer: 'dev' }));
    expect([nested.name, nested.facts.sandbox]).to.deep.equal(['NestedExec', 'dev']);
    expect(log).to.deep.equal(['prepare missing']);
  });

  it('revokes and wipes when the command cannot be started', async () => {
    running = () => {
      throw new JitFailure('CommandNotRunnable', { file: 'deploy', problem: 'broken' });
    };
    expect((await rejection(exec())).name).to.equal('CommandNotRunnable');
    expect(log.slice(-3)).to.deep.equal([`revoke ${token} at https://uat.example`, 'forget', 'wipe']);
  });

  it('wipes when the login fails', async () => {
    ports.salesforce.vouch = () => {
      throw new JitFailure('ApiLimitReached', { org: 'production' });
    };
    expect((await rejection(exec())).name).to.equal('ApiLimitReached');
    expect(log.at(-1)).to.equal('wipe');
    expect(log).to.not.include('run');
  });

  it('gives back what it got when a signal came before the command, and runs nothing', async () => {
    signal = 'in-time';
    expect(await exec()).to.deep.equal(interrupted);
    expect(log).to.include(`revoke ${token} at https://uat.example`).and.not.include('run');
    signal = 'too-late';
    log.length = 0;
    expect(await exec()).to.deep.equal(interrupted);
    expect(log.at(-1)).to.equal('wipe');
    expect(log).to.not.include('run');
  });

  it('tells when a token could not be revoked; that it had ended already is fine', async () => {
    ports.salesforce.ends = () => {
      throw new JitFailure('SessionInvalid', { org: 'sandbox uat' });
    };
    await exec();
    expect(notRevoked).to.deep.equal([]);
    ports.salesforce.ends = () => {
      throw new JitFailure('Timeout', { org: 'sandbox uat', host: 'uat.example', seconds: '60' });
    };
    expect(await exec()).to.deep.equal({ exitCode: 3 });
    expect(notRevoked.map(({ name }) => name)).to.deep.equal(['Timeout']);
  });

  it('keeps the note of a login that could not be revoked, for a later command', async () => {
    ports.salesforce.ends = () => {
      throw new JitFailure('Timeout', { org: 'sandbox uat', host: 'uat.example', seconds: '60' });
    };
    await exec();
    expect(log).to.not.include('forget');
  });

  it('runs the command also where nothing can be noted, and says so', async () => {
    runNotes = {
      ...runNotes,
      keep: async () => {
        throw new JitFailure('FileNotWritable', { file: '/home', problem: 'read-only' });
      },
    };
    expect(await exec()).to.deep.equal({ exitCode: 3 });
    expect(notNoted.map(({ name }) => name)).to.deep.equal(['FileNotWritable']);
    expect(log).to.include(`revoke ${token} at https://uat.example`);
  });

  it('runs nothing after an error that nobody foresaw, revokes and wipes', async () => {
    const error = new TypeError('a bug');
    runNotes = { ...runNotes, keep: () => Promise.reject(error) };
    expect(await exec().catch((thrown: unknown) => thrown)).to.equal(error);
    expect(notNoted).to.deep.equal([]);
    expect(log.slice(-2)).to.deep.equal([`revoke ${token} at https://uat.example`, 'wipe']);
    expect(log).to.not.include('run');
  });

  it('does not end a session that Salesforce gave to a stored login as well', async () => {
    refuseKey();
    ports.sfOrgs.orgs.set(username, { username, ...grantFor(username) });
    await exec();
    expect(log).to.not.include(`revoke ${token} at https://uat.example`);
    expect(log).to.include('revoke refresh-token at https://uat.example');
  });

  it('does not end the refresh token of a stored login either', async () => {
    refuseKey();
    ports.sfOrgs.orgs.set(username, { username, accessToken: 'another', refreshToken: 'refresh-token' });
    await exec();
    expect(log).to.not.include('revoke refresh-token at https://uat.example');
    expect(log).to.include(`revoke ${token} at https://uat.example`);
  });

  it('revokes both tokens when the stored login cannot be read', async () => {
    refuseKey();
    ports.sfOrgs.orgs.set(username, 'unreadable');
    await exec();
    expect(log).to.include('revoke refresh-token at https://uat.example');
    expect(log).to.include(`revoke ${token} at https://uat.example`);
  });
});
