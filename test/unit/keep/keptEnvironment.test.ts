import { expect } from 'chai';
import { keptEnvironment } from '../../../src/keep/keptEnvironment.js';
import { acme } from '../../support/fakes.js';

describe('keptEnvironment', () => {
  const [production] = acme().productionOrgs;
  const registry = { productionOrgs: [{ ...production!, key: { source: 'env' as const, name: 'PROD_KEY' } }] };

  it("is the keeper's own without any key of production", () => {
    const env = { PATH: '/bin', PROD_KEY: 'x', SF_PRIVATE_KEY: 'y', SF_TARGET_ORG: 'uat' };
    expect(keptEnvironment(env, registry, 'linux')).to.deep.equal({ PATH: '/bin', SF_TARGET_ORG: 'uat' });
  });

  it('knows the same variable in any letter case on Windows, and only there', () => {
    expect(keptEnvironment({ prod_key: 'x' }, registry, 'win32')).to.deep.equal({});
    expect(keptEnvironment({ prod_key: 'x' }, registry, 'linux')).to.deep.equal({ prod_key: 'x' });
  });
});
