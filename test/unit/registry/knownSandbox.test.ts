import { expect } from 'chai';
import { forgetWays, withKnownSandbox } from '../../../src/registry/knownSandbox.js';
import { mergeLayers } from '../../../src/registry/mergeLayers.js';
import type { Registry } from '../../../src/registry/registry.js';
import { asRememberedWay, isSignInWay, signInWays } from '../../../src/registry/signInWay.js';
import { acme, productionUsername } from '../../support/fakes.js';

const username = `${productionUsername}.uat`;
const uat = { sandboxName: 'UAT', productionUsername, username };

describe('what this machine learned of a sandbox', () => {
  it('is in its registration, and is forgotten when it is not said again', () => {
    const once = withKnownSandbox(acme(), { ...uat, signedInBy: 'platform-cli' });
    expect(once.sandboxes).to.deep.equal([{ ...acme().sandboxes[0], signedInBy: 'platform-cli' }]);
    expect(withKnownSandbox(once, uat)).to.deep.equal(acme());
  });

  it('is by itself where only a project registers the sandbox, which gets it and cannot say it', () => {
    const global = withKnownSandbox({ ...acme(), sandboxes: [] }, { ...uat, signedInBy: 'own-key' });
    expect(global.usernames).to.deep.equal([{ ...uat, signedInBy: 'own-key' }]);
    const [entry] = acme().sandboxes;
    const project = { sandboxes: [entry!], environments: [] };
    expect(mergeLayers(global, project).sandboxes[0]).to.include({ signedInBy: 'own-key' });
    const again = withKnownSandbox(global, uat);
    expect(again.usernames).to.deep.equal([uat]);
    expect(mergeLayers(again, project).sandboxes[0]).not.to.have.property('signedInBy');
  });

  it('leaves what was learned of other sandboxes', () => {
    const [registered] = acme().sandboxes;
    const dev = { ...registered!, sandboxName: 'dev', username: `${productionUsername}.dev`, alias: 'dev' };
    const learned = { ...uat, username: 'true@acme.example.uat' };
    const two = { ...acme(), sandboxes: [dev, registered!] };
    expect(withKnownSandbox(two, learned).sandboxes).to.deep.equal([
      dev,
      { ...registered, username: 'true@acme.example.uat' },
    ]);
    const sit = { ...uat, sandboxName: 'sit', username: `${productionUsername}.sit` };
    const shared = { ...acme(), sandboxes: [], usernames: [sit, uat] };
    expect(withKnownSandbox(shared, learned).usernames).to.deep.equal([sit, learned]);
  });

  describe('of the ways of signing in', () => {
    const other = { sandboxName: 'dev', productionUsername: 'ops@other.example', username: 'ops@other.example.dev' };
    const learned = (): Registry => ({
      ...withKnownSandbox(acme(), { ...uat, signedInBy: 'code' }),
      usernames: [
        { ...uat, sandboxName: 'sit', signedInBy: 'platform-cli' },
        { ...other, signedInBy: 'own-key' },
      ],
    });
    const [production] = acme().productionOrgs;

    it('is kept when production is registered again with the same app and key', () => {
      const again = { ...production!, alias: 'other', loginUrl: 'https://acme.my.salesforce.com' };
      expect(forgetWays(learned(), again)).to.deep.equal(learned());
    });

    for (const [title, change] of [
      ['app', { clientId: '3MVG9other' }],
      ['key', { key: { source: 'env', name: 'K' } }],
    ] as const) {
      it(`is forgotten with another ${title}, for the sandboxes of that production org`, () => {
        const after = forgetWays(learned(), { ...production!, ...change });
        expect(after.sandboxes).to.deep.equal(acme().sandboxes);
        expect(after.usernames).to.deep.equal([
          { ...uat, sandboxName: 'sit' },
          { ...other, signedInBy: 'own-key' },
        ]);
      });
    }
  });

  it('is a way only if this version knows it, and the usual one is none', () => {
    expect(['code', 'own-key', 'platform-cli'].map(asRememberedWay)).to.deep.equal(['code', 'own-key', 'platform-cli']);
    expect(['jwt', '', 'CODE', 'device', undefined].map(asRememberedWay)).to.deep.equal(Array(5).fill(undefined));
    expect([...signInWays, '', 'CODE', 'device', undefined, 7].filter(isSignInWay)).to.deep.equal([...signInWays]);
  });
});
