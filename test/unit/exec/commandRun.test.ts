import { expect } from 'chai';
import type { CommandVariables } from '../../../src/exec/commandRun.js';
import { commandVariables } from '../../../src/exec/commandRun.js';
import type { LoginTarget } from '../../../src/sandboxes/login/loginTarget.js';
import { findLoginTarget } from '../../../src/sandboxes/login/loginTarget.js';
import { acme, grantFor, productionUsername } from '../../support/fakes.js';
import type { KeySource } from '../../../src/keys/keySource.js';

const target = (key: KeySource): LoginTarget => {
  const registry = acme();
  return findLoginTarget(
    { sandbox: 'uat', environment: { hasPrivateKey: false }, callbackUrl: 'http://localhost:1717/OauthRedirect' },
    { ...registry, productionOrgs: registry.productionOrgs.map((org) => ({ ...org, key })) },
  );
};

const username = `${productionUsername}.uat`;
const minted = {
  ...grantFor(username),
  username,
  refreshToken: 'refresh',
  loginUrl: 'https://uat.example',
  clientId: '3MVG9test',
  authType: 'access-token',
} as const;

describe('commandVariables', () => {
  const variablesWith = (key: KeySource): CommandVariables => commandVariables(minted, target(key));
  let variables: CommandVariables;
  beforeEach(() => {
    variables = variablesWith({ source: 'env', name: 'PROD_KEY' });
  });

  it('make the access token the default org of sf, and tell whose it is', () => {
    expect(variables).to.include({
      SF_ACCESS_TOKEN: minted.accessToken,
      SF_TARGET_ORG: minted.accessToken,
      SF_ORG_INSTANCE_URL: 'https://uat.example',
      SF_JIT_SANDBOX_NAME: 'uat',
      SF_JIT_USERNAME: username,
      SF_JIT_ORG_ID: minted.orgId,
      SF_JIT_EXEC: 'uat',
    });
  });

  it('switch telemetry off, which would note the token as a username', () => {
    expect(variables).to.include({ SF_DISABLE_TELEMETRY: 'true' });
  });

  it('take away the key of production, under every name, and older names of what is set', () => {
    const gone = (of: CommandVariables): string[] => Object.keys(of).filter((name) => of[name] === undefined);
    const always = [
      'SF_PRIVATE_KEY',
      'SF_PRIVATE_KEY_PASSPHRASE',
      'SFDX_ACCESS_TOKEN',
      'SFDX_DEFAULTUSERNAME',
      'SFDX_INSTANCE_URL',
    ];
    expect(gone(variables)).to.have.members([...always, 'PROD_KEY']);
    for (const key of [{ source: 'file', path: '/k' }, { source: 'stdin' }, { source: 'sf' }] as const) {
      expect(gone(variablesWith(key)), key.source).to.have.members(always);
    }
  });

  it('hold no refresh token', () => {
    expect(Object.values(variables).join('\n')).to.not.contain('refresh');
  });
});
