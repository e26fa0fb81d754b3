import { expect } from 'chai';
import { refreshWarning, refreshWords } from '../../../../src/sandboxes/login/refreshView.js';
import { productionUsername } from '../../../support/fakes.js';

const refreshedAt = '2026-11-28T14:05:59.000Z';

describe('the words about a refresh', () => {
  for (const [told, words] of [
    [{}, 'since the last login'],
    [{ refreshedBy: 'grace@acme.example' }, 'since the last login'],
    [{ refreshedAt }, 'on 2026-11-28 14:05 UTC'],
    [{ refreshedAt, refreshedBy: 'grace@acme.example' }, 'on 2026-11-28 14:05 UTC by grace@acme.example'],
    [{ refreshedAt, refreshedBy: 'x\u001b[2J@y.z' }, 'on 2026-11-28 14:05 UTC by x [2J@y.z'],
  ] as const) {
    it(`are: ${words.replace(/\p{Cc}/gu, '')}`, () => {
      expect(refreshWords({ ...told, productionUsername })).to.equal(words);
    });
  }

  it('warn of another user, whom alone production vouches for', () => {
    const warning = refreshWarning({ refreshedAt, refreshedBy: 'grace@acme.example', productionUsername });
    expect(warning).to.contain('grace@acme.example').and.to.contain(productionUsername);
  });

  it('warn of nobody when it was the registered user, or nobody is known', () => {
    for (const refreshedBy of [productionUsername, productionUsername.toUpperCase(), undefined]) {
      expect(refreshWarning({ refreshedAt, refreshedBy, productionUsername })).to.equal(undefined);
    }
  });
});
