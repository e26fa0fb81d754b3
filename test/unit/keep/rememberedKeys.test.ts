import { expect } from 'chai';
import { JitFailure } from '../../../src/failures/failures.js';
import { rememberedKeys } from '../../../src/keep/rememberedKeys.js';
import type { Keys } from '../../../src/keys/keySource.js';
import { fakePorts, testKey } from '../../support/fakes.js';
import { rejection } from '../../support/rejection.js';

const source = { source: 'file', path: '/keys/server.key' } as const;

describe('rememberedKeys', () => {
  it('reads each key once', async () => {
    const { keys } = fakePorts();
    const read: unknown[] = [];
    const counting: Keys = {
      ...keys,
      read: async (from, production) => {
        read.push(from);
        return keys.read(from, production);
      },
    };
    const remembered = rememberedKeys(counting);
    const both = await Promise.all([remembered.read(source, 'a@b.example'), remembered.read(source, 'a@b.example')]);
    expect(both[0]).to.equal(both[1]);
    await remembered.read({ source: 'env', name: 'KEY' }, 'a@b.example');
    expect(read).to.have.length(2);
  });

  it('judges keys as those that it remembers do', async () => {
    const { keys } = fakePorts();
    const remembered = rememberedKeys({ ...keys, isReadableByOthers: async (path) => path === '/open' });
    expect(remembered.parse('pem', { production: 'a@b.example' })).to.equal(testKey);
    expect(await remembered.isReadableByOthers('/open')).to.equal(true);
    expect(await remembered.isReadableByOthers('/closed')).to.equal(false);
  });

  it('tries a key again that could not be read', async () => {
    const { keys } = fakePorts();
    let isThere = false;
    const remembered = rememberedKeys({
      ...keys,
      read: async (from, production) => {
        if (!isThere) throw new JitFailure('KeyMissing', { production });
        return keys.read(from, production);
      },
    });
    expect(await rejection(remembered.read(source, 'a@b.example'))).to.have.property('name', 'KeyMissing');
    isThere = true;
    await remembered.read(source, 'a@b.example');
  });
});
