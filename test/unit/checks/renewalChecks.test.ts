import { expect } from 'chai';
import type { RenewalFacts } from '../../../src/checks/renewalChecks.js';
import { renewalFindings } from '../../../src/checks/renewalChecks.js';
import { checkOf } from '../../../src/checks/checkView.js';

const token = '5Aep861refreshtoken';
const stored = {
  username: 'admin@acme.example',
  instanceUrl: 'https://acme.my.salesforce.com',
  clientId: '3MVG9app',
  accessToken: '00D!x',
  refreshToken: token,
};
const url = (host: string, refreshToken = token): string => `force://PlatformCLI::${refreshToken}@${host}`;

describe('the renewal of a login that sf has stored', () => {
  const cases: Array<[what: string, facts: Partial<RenewalFacts>, expected: string[]]> = [
    ['on one machine', {}, ['pass here']],
    ['on a CI runner', { ci: 'GitHub Actions' }, ['warn on-ci']],
    ['with a key beside it, the refresh token counts', { stored: { ...stored, privateKey: '/k' } }, ['pass here']],
    ['by key alone', { stored: { ...stored, refreshToken: undefined, privateKey: '/k' } }, []],
    ['with nothing but a session', { stored: { ...stored, refreshToken: undefined } }, ['warn none']],
    ['seen to rotate', { rotated: true }, ['pass here', 'pass rotates']],
    ['seen to keep its token', { rotated: false, ci: 'CI' }, ['warn on-ci', 'pass kept']],
  ];
  for (const [what, facts, expected] of cases) {
    it(what, () => {
      const found = renewalFindings({ stored, env: {}, ...facts });
      expect(found.map(({ status, words }) => `${status} ${words}`)).to.deep.equal(expected);
      expect(found.every(({ name }) => name === 'refresh-token')).to.equal(true);
    });
  }

  const variables: Array<[what: string, value: string, isCopy: boolean]> = [
    ['the auth URL of this org', url('acme.my.salesforce.com', 'older'), true],
    ['the same token, at another host', url('login.salesforce.com'), true],
    ['the old form of an auth URL', `force://${token}@acme.my.salesforce.com`, true],
    ['with an app secret, and spaces around it', ` force://id:secret:t@acme.my.salesforce.com/ `, true],
    ['the auth URL of another org', url('other.my.salesforce.com', 'other'), false],
    ['the host alone', 'https://acme.my.salesforce.com', false],
    ['a text with such a URL in it', `see ${url('acme.my.salesforce.com')}`, false],
    ['such a URL and more', `${url('acme.my.salesforce.com')} or so`, false],
    ['no auth URL', 'force://', false],
    ['nothing', '', false],
  ];
  for (const [what, value, isCopy] of variables) {
    it(`${isCopy ? 'knows' : 'passes over'} a variable that holds ${what}`, () => {
      const found = renewalFindings({ stored, env: { PROD_URL: value, HOME: '/h' } });
      expect(found.map(({ words }) => words)).to.deep.equal([isCopy ? 'shared' : 'here']);
      if (isCopy) expect(found[0]!.values).to.include('PROD_URL');
    });
  }

  it('takes no variable for a copy where the address of the org is not known', () => {
    const found = renewalFindings({ stored: { ...stored, instanceUrl: undefined }, env: { HOME: '/h', EMPTY: '' } });
    expect(found.map(({ words }) => words)).to.deep.equal(['here']);
    const same = renewalFindings({ stored: { ...stored, instanceUrl: undefined }, env: { URL: url('x.example') } });
    expect(same.map(({ words }) => words)).to.deep.equal(['shared']);
  });

  it('names username, app and variables, the cure, and never the token', () => {
    const env = { B_URL: url('acme.my.salesforce.com'), A_URL: url('acme.my.salesforce.com') };
    const shared = checkOf(renewalFindings({ stored, env })[0]!).message;
    expect(shared).to.contain('A_URL, B_URL').and.to.contain('admin@acme.example').and.to.contain('3MVG9app');
    const onCi = checkOf(
      renewalFindings({ stored: { ...stored, clientId: undefined }, env, ci: 'GitLab CI' })[0]!,
    ).message;
    expect(onCi).to.contain('GitLab CI').and.to.contain('PlatformCLI');
    for (const message of [shared, onCi]) {
      expect(message)
        .to.contain('sf jit key create')
        .and.to.contain('sf jit org register --username admin@acme.example');
      expect(message).not.to.contain(token);
    }
  });
});
