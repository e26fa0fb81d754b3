import { resolve } from 'node:path';
import { expect } from 'chai';
import { keeperFromVariables, keyFromFlags, otherKeyFlags } from '../../../src/production/keyInput.js';
import { loginFromVariables, readCredentialVariables } from '../../../src/production/productionCredentials.js';
import { testKeyObject } from '../../support/fakes.js';
import { failureOf } from '../../support/rejection.js';

const fingerprint = `SHA256:${'a+/B'.repeat(10)}xyz`;
const pem = testKeyObject.export({ type: 'pkcs8', format: 'pem' }).toString();

describe('the flags that say where the key is', () => {
  it('take a program that prints it, in words', () => {
    expect(keyFromFlags({ 'jwt-key-command': `op read 'op://ci/prod/the key'` })).to.deep.equal({
      source: 'command',
      command: ['op', 'read', 'op://ci/prod/the key'],
    });
  });

  it('take the whole path of a program, since it is run from any folder', () => {
    expect(keyFromFlags({ 'jwt-key-command': './ci/key.sh x' })).to.deep.equal({
      source: 'command',
      command: [resolve('ci/key.sh'), 'x'],
    });
  });

  it('take a fingerprint as ssh-add prints it, with or without padding', () => {
    for (const given of [fingerprint, ` ${fingerprint}=`]) {
      expect(keyFromFlags({ 'jwt-agent': given })).to.deep.equal({ source: 'agent', fingerprint });
    }
  });

  it('take a program that signs, with the certificate of its key', () => {
    expect(keyFromFlags({ 'jwt-sign-command': 'sign --key 1', 'certificate-file': 'server.crt' })).to.deep.equal({
      source: 'sign-command',
      command: ['sign', '--key', '1'],
      certificateFile: resolve('server.crt'),
    });
  });

  const refused: ReadonlyArray<readonly [Parameters<typeof keyFromFlags>[0], string, RegExp]> = [
    [{ 'jwt-agent': 'MD5:00:11' }, '--jwt-agent', /ssh-add -l/],
    [{ 'jwt-agent': 'SHA256:short' }, '--jwt-agent', /43 characters/],
    [{ 'jwt-agent': `2048 ${fingerprint}` }, '--jwt-agent', /43 characters/],
    [{ 'jwt-agent': `${fingerprint} me@laptop (RSA)` }, '--jwt-agent', /43 characters/],
    [{ 'jwt-key-command': 'op read "x' }, '--jwt-key-command', /not closed/],
    [{ 'jwt-key-command': 'op | jq' }, '--jwt-key-command', /no shell is used/],
    [{ 'jwt-sign-command': 'sign' }, '--certificate-file', /needed with --jwt-sign-command/],
    [{ 'certificate-file': 'x.crt' }, '--certificate-file', /goes with --jwt-sign-command/],
    [{ 'jwt-agent': fingerprint, 'jwt-key-command': 'op' }, '--jwt-key-command, --jwt-agent', /one of them only/],
  ];
  for (const [flags, field, problem] of refused) {
    it(`refuse ${JSON.stringify(flags)}`, () => {
      const failure = failureOf(() => keyFromFlags(flags));
      expect([failure.name, failure.facts.field]).to.deep.equal(['InputInvalid', field]);
      expect(failure.facts.problem).to.match(problem);
    });
  }

  it('say what they take when they are given the key itself', () => {
    for (const [flags, expected] of [
      [{ 'jwt-key-command': pem }, '--jwt-key-command, which takes a program and its arguments'],
      [{ 'jwt-agent': pem }, '--jwt-agent, which takes a fingerprint'],
      [
        { 'jwt-sign-command': 'sign', 'certificate-file': pem },
        '--certificate-file, which takes the path of a certificate',
      ],
    ] as const) {
      const { facts } = failureOf(() => keyFromFlags(flags));
      expect(facts.problem).to.equal(`the key itself was given to ${expected}`);
    }
  });

  it('exclude each other', () => {
    expect(otherKeyFlags('jwt-agent')).to.deep.equal([
      'jwt-key-file',
      'jwt-key-env',
      'jwt-key-command',
      'jwt-sign-command',
    ]);
  });

  it('refuse the key itself, without showing it', () => {
    for (const flag of ['jwt-key-command', 'jwt-agent', 'jwt-sign-command', 'jwt-key-env'] as const) {
      const failure = failureOf(() => keyFromFlags({ [flag]: pem, 'certificate-file': undefined }));
      expect(failure.name, flag).to.equal(flag === 'jwt-sign-command' ? 'InputInvalid' : 'KeyInvalid');
      expect(JSON.stringify(failure.facts)).to.not.contain(pem.slice(40, 60));
    }
    const both = { 'jwt-sign-command': pem, 'certificate-file': 'x' };
    expect(failureOf(() => keyFromFlags(both)).name).to.equal('KeyInvalid');
  });
});

describe('the variables that name a keeper of the key', () => {
  it('take what the flags take, and count as not set when they are empty', () => {
    expect(keeperFromVariables({ SF_JIT_KEY_COMMAND: ' op read x ' })).to.deep.equal({
      source: 'command',
      command: ['op', 'read', 'x'],
    });
    expect(keeperFromVariables({ SF_JIT_KEY_AGENT: fingerprint, SF_JIT_KEY_COMMAND: '' })).to.deep.equal({
      source: 'agent',
      fingerprint,
    });
    expect(keeperFromVariables({ SF_JIT_SIGN_COMMAND: 'sign', SF_JIT_CERTIFICATE_FILE: '/c.crt' })).to.deep.equal({
      source: 'sign-command',
      command: ['sign'],
      certificateFile: resolve('/c.crt'),
    });
    expect(keeperFromVariables({ SF_JIT_KEY_AGENT: ' ', SF_JIT_CERTIFICATE_FILE: 'x' })).to.equal(undefined);
  });

  it('are named by what is wrong with them', () => {
    const failure = failureOf(() => keeperFromVariables({ SF_JIT_SIGN_COMMAND: 'sign' }));
    expect(failure.facts.field).to.equal('SF_JIT_CERTIFICATE_FILE');
  });

  it('describe a login with username and consumer key, and come before SF_PRIVATE_KEY', () => {
    const env = { SF_USERNAME: 'ci@acme.example', SF_CLIENT_ID: '3MVG9', SF_JIT_KEY_AGENT: fingerprint };
    for (const more of [{}, { SF_PRIVATE_KEY: pem }]) {
      const login = loginFromVariables(readCredentialVariables({ ...env, ...more }));
      expect(login).to.deep.include({ from: 'environment', key: { source: 'agent', fingerprint } });
    }
  });
});
