import { expect } from 'chai';
import { JitFailure } from '../../../src/failures/failures.js';
import type { SetupPorts } from '../../../src/checks/checkSetup.js';
import { checkSetup } from '../../../src/checks/checkSetup.js';
import { acme, fakePorts, productionUsername } from '../../support/fakes.js';

const production = acme().productionOrgs[0]!;

function ports(more: Partial<SetupPorts> = {}): SetupPorts {
  return {
    ...fakePorts(),
    machine: async () => ({ env: {} }),
    keychain: async () => ({ kind: 'file', file: '/h/.sfdx/key.json', hasDesktopSession: false }),
    openFiles: async () => [],
    filesWithOwnSettings: async () => [],
    lastFailure: async () => undefined,
    configFile: async () => undefined,
    ...more,
  };
}

const outcomes = async (given: SetupPorts): Promise<string[]> =>
  (await checkSetup(given, ({ name }) => name)).map(({ name, status, words }) => `${name} ${status} ${words}`);

const registryWith = (...keys: Array<(typeof production)['key']>): Partial<SetupPorts> =>
  fakePorts({
    ...acme(),
    productionOrgs: keys.map((key, index) => ({ ...production, username: `${index}${productionUsername}`, key })),
  });

describe('the check of the setup', () => {
  it('passes where everything is in order', async () => {
    expect(await outcomes(ports())).to.deep.equal([
      'key pass usable',
      'proxy pass none',
      'ca pass none',
      'private-key-variable pass unset',
      'registry pass readable',
      'keychain pass file',
      'file-modes pass closed',
      'last-failure pass none',
    ]);
  });

  it('tells keys that are not here now from keys that cannot be used', async () => {
    const { keys, registry } = registryWith(
      { source: 'env', name: 'PROD_KEY' },
      { source: 'file', path: '/k' },
      { source: 'sf' },
      { source: 'stdin' },
    );
    const reading = {
      ...keys!,
      read: async ({ source }: { source: string }): Promise<never> => {
        if (source === 'file') throw new JitFailure('KeyInvalid', { problem: 'it is empty' });
        throw new JitFailure('KeyMissing', { production: 'x', variable: 'PROD_KEY' });
      },
    };
    const found = (await checkSetup(ports({ registry, keys: reading }), ({ name }) => name)).filter(
      ({ name }) => name === 'key',
    );
    expect(found.map(({ status, words }) => `${status} ${words}`)).to.deep.equal([
      'warn not-here',
      'fail unusable',
      'fail org-gone',
      'warn not-here',
    ]);
    expect(found.map(({ values }) => values[1])).to.deep.equal(['PROD_KEY', undefined, undefined, 'SF_PRIVATE_KEY']);
  });

  it('warns of a key file that others can read, and knows a login that sf has stored', async () => {
    const fakes = fakePorts();
    fakes.keys.isReadableByOthers = async () => true;
    expect(await outcomes(ports(fakes))).to.include('key-file-mode warn open');
    const stored = fakePorts({ ...acme(), productionOrgs: [{ ...production, key: { source: 'sf' } }] });
    stored.sfOrgs.orgs.set(productionUsername, { username: productionUsername });
    expect(await outcomes(ports(stored))).to.include('key pass stored');
  });

  it('knows a key in an agent or in the hands of a program, and says why it cannot be used', async () => {
    const agent = { source: 'agent', fingerprint: 'SHA256:abc' } as const;
    const program = { source: 'sign-command', command: ['kms', 'sign'], certificateFile: '/c.crt' } as const;
    const printing = { source: 'command', command: ['op', 'read'] } as const;
    const { keys, registry } = registryWith(agent, program, printing);
    expect(await outcomes(ports({ registry }))).to.include.members(Array.from({ length: 3 }, () => 'key pass usable'));
    const failing = {
      ...keys!,
      read: async ({ source }: { source: string }): Promise<never> => {
        if (source === 'agent')
          throw new JitFailure('KeyNotInAgent', { fingerprint: 'SHA256:abc', problem: 'none is running' });
        if (source === 'command')
          throw new JitFailure('KeyProgramFailed', { program: 'op', problem: 'it ended with 1' });
        throw new JitFailure('KeyInvalid', { problem: 'there is no file /c.crt' });
      },
    };
    const found = await checkSetup(
      ports({ registry, keys: failing }),
      ({ name, facts }) => `${name}: ${facts.problem}`,
    );
    expect(
      found.filter(({ name }) => name === 'key').map(({ status, words, values }) => [status, words, ...values]),
    ).to.deep.equal([
      ['fail', 'unusable', 'KeyNotInAgent: none is running'],
      ['fail', 'unusable', 'KeyInvalid: there is no file /c.crt'],
      ['fail', 'unusable', 'KeyProgramFailed: it ended with 1'],
    ]);
  });

  it('takes a stored login that cannot be read for one that is gone, and says of a key why it cannot be looked at', async () => {
    const stored = fakePorts({ ...acme(), productionOrgs: [{ ...production, key: { source: 'sf' } }] });
    stored.sfOrgs.orgs.set(productionUsername, 'unreadable');
    expect(await outcomes(ports(stored))).to.include('key fail org-gone');
    for (const [error, word] of [
      [Object.assign(new Error('x'), { code: 'EACCES' }), 'EACCES'],
      [new Error('x'), 'unknown'],
    ] as const) {
      stored.sfOrgs.read = () => Promise.reject(error);
      const found = (await checkSetup(ports(stored), ({ name }) => name)).filter(({ name }) => name === 'key');
      expect(found.map(({ status, words, values }) => [status, words, ...values])).to.deep.equal([
        ['fail', 'unable', word],
      ]);
    }
  });

  it('asks whether others can read a key of files only', async () => {
    const { keys, registry } = registryWith({ source: 'env', name: 'PROD_KEY' });
    const asking = { ...keys!, isReadableByOthers: () => Promise.reject(new Error('asked')) };
    expect(await outcomes(ports({ registry, keys: asking }))).to.include('key pass usable');
  });

  it('warns of a stored login with a refresh token on a CI runner, and says nothing of one by key', async () => {
    const stored = fakePorts({ ...acme(), productionOrgs: [{ ...production, key: { source: 'sf' } }] });
    const onCi = ports({ ...stored, machine: async () => ({ env: {}, ci: 'Jenkins' }) });
    stored.sfOrgs.orgs.set(productionUsername, { username: productionUsername, refreshToken: 'secret' });
    expect(await outcomes(onCi)).to.include('refresh-token warn on-ci');
    stored.sfOrgs.orgs.set(productionUsername, { username: productionUsername, privateKey: '/k' });
    expect((await outcomes(onCi)).filter((outcome) => outcome.startsWith('refresh-token'))).to.deep.equal([]);
  });

  it('reads the .sfconnect.json of the folder', async () => {
    const file = (text: string): Partial<SetupPorts> => ({
      configFile: async () => ({ path: '/p/.sfconnect.json', text, isNamed: false }),
    });
    const fields = {
      instanceUrl: 'https://acme.my.salesforce.com',
      clientId: 'c',
      username: 'a@b.c',
      privateKeyPath: 'k',
    };
    expect(await outcomes(ports(file(JSON.stringify(fields))))).to.include('config-file pass valid');
    const odd = await checkSetup(ports(file(JSON.stringify({ ...fields, x: 1, y: 2 }))), ({ name }) => name);
    const [warned] = odd.filter(({ name }) => name === 'config-file');
    expect(warned).to.include({ status: 'warn', words: 'warnings' });
    expect(warned?.values[0]).to.match(/^\/p\/\.sfconnect\.json: .*x.* .*y/);
    expect(await outcomes(ports(file('{')))).to.include('config-file fail invalid');
  });

  it('finds one thing wrong with a damaged registry, and goes on', async () => {
    const { registry } = fakePorts();
    registry.read = async () => {
      throw new JitFailure('RegistryDamaged', { file: 'f', problem: 'p' });
    };
    expect(await outcomes(ports({ registry }))).to.deep.equal([
      'proxy pass none',
      'ca pass none',
      'private-key-variable pass unset',
      'registry fail damaged',
      'keychain pass file',
      'file-modes pass closed',
      'last-failure pass none',
    ]);
  });

  it('makes a finding of whatever cannot be looked at', async () => {
    const broken = async (): Promise<never> => {
      throw Object.assign(new Error('no'), { code: 'EACCES' });
    };
    const { registry } = fakePorts();
    registry.read = broken;
    const found = await outcomes(
      ports({
        registry,
        machine: broken,
        keychain: broken,
        openFiles: broken,
        filesWithOwnSettings: broken,
        lastFailure: broken,
        configFile: broken,
      }),
    );
    expect(found).to.deep.equal([
      ...['config-file', 'proxy', 'registry', 'settings', 'keychain', 'file-modes', 'last-failure'].map(
        (name) => `${name} fail unable`,
      ),
    ]);
  });
});
