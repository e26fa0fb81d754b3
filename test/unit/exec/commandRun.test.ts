import { expect } from 'chai';
import type { CommandVariables } from '../../../src/exec/commandRun.js';
import { variablesForCommand, commandVariables } from '../../../src/exec/commandRun.js';
import type { LoginTarget } from '../../../src/sandboxes/signIn/loginTarget.js';
import { findLoginTarget } from '../../../src/sandboxes/signIn/loginTarget.js';
import { acme, grantFor, productionUsername, testKeyObject } from '../../support/fakes.js';
import type { KeySource } from '../../../src/keys/keySource.js';

const target = (key: KeySource): LoginTarget => {
  const registry = acme();
  return findLoginTarget(
    { sandbox: 'uat', variables: { hasPrivateKey: false }, callbackUrl: 'http://localhost:1717/OauthRedirect' },
    { ...registry, productionOrgs: registry.productionOrgs.map((org) => ({ ...org, key })) },
  );
};

const username = `${productionUsername}.uat`;
const freshLogin = {
  ...grantFor(username),
  username,
  refreshToken: 'refresh',
  loginUrl: 'https://uat.example',
  clientId: '3MVG9test',
  authType: 'access-token',
} as const;

describe('commandVariables', () => {
  const variablesWith = (key: KeySource): CommandVariables =>
    commandVariables(freshLogin, target(key), {
      productionOrgs: [{ ...acme().productionOrgs[0]!, key: { source: 'env', name: 'OTHER_PROD_KEY' } }],
    });
  let variables: CommandVariables;
  beforeEach(() => {
    variables = variablesWith({ source: 'env', name: 'PROD_KEY' });
  });

  it('make the access token the default org of sf, and tell whose it is', () => {
    expect(variables).to.include({
      SF_ACCESS_TOKEN: freshLogin.accessToken,
      SF_TARGET_ORG: freshLogin.accessToken,
      SF_ORG_INSTANCE_URL: 'https://uat.example',
      SF_JIT_SANDBOX_NAME: 'uat',
      SF_JIT_USERNAME: username,
      SF_JIT_ORG_ID: freshLogin.orgId,
      SF_JIT_EXEC: 'uat',
    });
  });

  it('switch telemetry off, which would note the token as a username', () => {
    expect(variables).to.include({ SF_DISABLE_TELEMETRY: 'true' });
  });

  it('take away the keys of all registered production orgs, and older names of what is set', () => {
    const gone = (of: CommandVariables): string[] => Object.keys(of).filter((name) => of[name] === undefined);
    const always = ['OTHER_PROD_KEY', 'SFDX_ACCESS_TOKEN', 'SFDX_DEFAULTUSERNAME', 'SFDX_INSTANCE_URL'];
    expect(gone(variables)).to.have.members([...always, 'PROD_KEY']);
    for (const key of [{ source: 'file', path: '/k' }, { source: 'stdin' }, { source: 'sf' }] as const) {
      expect(gone(variablesWith(key)), key.source).to.have.members(always);
    }
  });

  it('hold no refresh token', () => {
    expect(Object.values(variables).join('\n')).to.not.contain('refresh');
  });
});

describe('variablesForCommand', () => {
  const pem = testKeyObject.export({ type: 'pkcs8', format: 'pem' }).toString();
  const der = testKeyObject.export({ type: 'pkcs1', format: 'der' }).toString('base64');

  it('has no key of production, whatever it is called and however a CI system keeps it', () => {
    const env = {
      SF_PRIVATE_KEY: 'anything',
      SF_PRIVATE_KEY_PASSPHRASE: 'secret',
      SF_JIT_KEY_COMMAND: 'op read op://ci/prod/key',
      SF_JIT_KEY_AGENT: 'SHA256:x',
      SF_JIT_SIGN_COMMAND: 'sign',
      SF_JIT_CERTIFICATE_FILE: '/c.crt',
      PROD_KEY: 'registered',
      PEM: pem,
      ONE_LINE: pem.replaceAll('\n', '\\n'),
      BASE64: Buffer.from(pem).toString('base64'),
      DER: der,
    };
    const kept = { HOME: '/home', EMPTY: '', SSH: '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blb\n', sf_private_key: 'x' };
    expect(variablesForCommand({ ...env, ...kept }, { PROD_KEY: undefined, SET: 'new' }, 'linux')).to.deep.equal({
      ...kept,
      SET: 'new',
    });
  });

  it('is without them on Windows in any letter case, where a variable that is set takes the place of all its spellings', () => {
    const env = { Sf_Private_Key: 'x', prod_KEY: 'x', Path: 'old', Kept: 'kept' };
    expect(variablesForCommand(env, { PROD_KEY: undefined, PATH: 'new' }, 'win32')).to.deep.equal({
      Kept: 'kept',
      PATH: 'new',
    });
  });
});
