import { expect } from 'chai';
import type { JitFailure } from '../../../src/failures/failures.js';
import type { CreateKeyPairPorts } from '../../../src/keys/createKeyPair.js';
import { createKeyPair } from '../../../src/keys/createKeyPair.js';

const now = new Date('2026-11-22T00:00:00Z');

/** Ports that write down what happened, in order. */
function fakes(existing: readonly string[] = []): { ports: CreateKeyPairPorts; events: string[] } {
  const events: string[] = [];
  const ports: CreateKeyPairPorts = {
    now: () => now,
    certificates: {
      create: ({ keySize, days, subject }) => {
        events.push(`certificate ${keySize} ${days} ${JSON.stringify(subject)}`);
        return Promise.resolve({
          key: 'KEY',
          certificate: 'CERTIFICATE',
          fingerprintSha256: 'AB:CD',
          expiresAt: new Date(now.getTime() + days * 86_400_000),
          subject: 'CN=x',
        });
      },
    },
    newFiles: {
      exists: (path) => Promise.resolve(existing.includes(path)),
      create: (files) => {
        events.push(...files.map(({ path, content, mode }) => `create ${path} ${content} ${mode.toString(8)}`));
        return Promise.resolve();
      },
      ignore: (paths, withCopies) => {
        events.push(`ignore ${paths.join(' ')}${withCopies ? ' with copies' : ''}`);
        return Promise.resolve('/repo/.gitignore');
      },
    },
  };
  return { ports, events };
}

const request = { outputDir: '/repo/certs', keySize: 2048, days: 30, subject: { commonName: ' x ' } } as const;

describe('createKeyPair', () => {
  it('has git ignore the files before there are any, and returns nothing of the key', async () => {
    const { ports, events } = fakes();
    const created = await createKeyPair(request, ports);
    expect(events).to.deep.equal([
      'certificate 2048 30 {"commonName":"x"}',
      'ignore /repo/certs/server.key /repo/certs/server.crt with copies',
      'create /repo/certs/server.key KEY 600',
      'create /repo/certs/server.crt CERTIFICATE 644',
    ]);
    expect(created).to.deep.equal({
      keyFile: '/repo/certs/server.key',
      certificateFile: '/repo/certs/server.crt',
      keySize: 2048,
      fingerprintSha256: 'AB:CD',
      expiresAt: '2026-12-22T00:00:00.000Z',
      subject: 'CN=x',
      gitignore: '/repo/.gitignore',
    });
  });

  for (const existing of ['/repo/certs/server.key', '/repo/certs/server.crt']) {
    it(`does nothing at all when ${existing} is there`, async () => {
      const { ports, events } = fakes([existing]);
      const error = await createKeyPair(request, ports).catch((reason: unknown) => reason);
      expect((error as JitFailure).name).to.equal('FileExists');
      expect((error as JitFailure).facts.file).to.equal(existing);
      expect(events).to.deep.equal([]);
    });
  }

  it('refuses a subject that cannot stand in a certificate', async () => {
    const { ports, events } = fakes();
    const error = await createKeyPair({ ...request, subject: { commonName: '' } }, ports).catch(
      (reason: unknown) => reason,
    );
    expect((error as JitFailure).name).to.equal('InputInvalid');
    expect(events).to.deep.equal([]);
  });
});
