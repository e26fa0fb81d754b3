import { expect } from 'chai';
import { variablesForProgram } from '../../../src/keep/programVariables.js';
import { acme } from '../../support/fakes.js';

describe('variablesForProgram', () => {
  const [production] = acme().productionOrgs;
  const registry = { productionOrgs: [{ ...production!, key: { source: 'env' as const, name: 'PROD_KEY' } }] };

  it("is the keeper's own without any key of production", () => {
    const env = { PATH: '/bin', PROD_KEY: 'x', SF_PRIVATE_KEY: 'y', SF_TARGET_ORG: 'uat' };
    expect(variablesForProgram(env, registry, 'linux')).to.deep.equal({ PATH: '/bin', SF_TARGET_ORG: 'uat' });
  });

  it('is whole where the key is in no variable', () => {
    expect(variablesForProgram({ PATH: '/bin', PROD_KEY: 'x' }, acme(), 'linux')).to.deep.equal({
      PATH: '/bin',
      PROD_KEY: 'x',
    });
  });

  it('knows the same variable in any letter case on Windows, and only there', () => {
    expect(variablesForProgram({ prod_key: 'x' }, registry, 'win32')).to.deep.equal({});
    expect(variablesForProgram({ prod_key: 'x' }, registry, 'linux')).to.deep.equal({ prod_key: 'x' });
  });
});
