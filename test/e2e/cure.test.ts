import { expect } from 'chai';
import type { JitSandboxLoginResult } from '../../src/commands/jit/sandbox/login.js';
import { leavesNoSecret, useStage } from '../support/stage.js';

const query = `data query --query 'SELECT Id FROM User'`;
const jwt = 'token jwt-bearer';
const code = 'token authorization_code';

describe('a refused way of signing in', () => {
  const on = useStage(
    async (stage) => {
      await stage.registerProduction();
      await stage.ok('jit sandbox login -n uat');
    },
    { sandboxes: ['uat', 'noapp', 'unapproved', 'frozen'] },
  );

  it('is cured by the authorization code when the app is not in the sandbox, which is said', async () => {
    const { stage } = on;
    await stage.control.removeApp('noapp');
    await stage.requests();
    const { result, warnings } = await stage.okJson<JitSandboxLoginResult>('jit sandbox login -n noapp');
    expect(result.sandboxes[0]).to.include({ authType: 'access-token', status: 'logged-in' });
    expect(await stage.requests()).to.deep.equal([
      'production sandboxAuth',
      `sandbox:noapp ${jwt}`,
      `sandbox:noapp ${code}`,
    ]);
    expect(warnings.join('\n'))
      .to.match(/access-token/)
      .and.to.match(/does not exist in sandbox noapp/);
    await stage.ok(`${query} -o noapp`);
  });

  it('is cured by the authorization code when the user is not approved there', async () => {
    const { stage } = on;
    await stage.control.setApp({ org: 'sandbox:unapproved', approval: 'not-approved' });
    await stage.requests();
    const run = await stage.sf('jit sandbox login -n unapproved');
    expect(run.code, run.stderr).to.equal(0);
    expect(await stage.requests()).to.deep.equal([
      'production sandboxAuth',
      `sandbox:unapproved ${jwt}`,
      `sandbox:unapproved ${code}`,
    ]);
    expect(run.stderr)
      .to.contain('Warning')
      .and.to.match(/not approved/);
  });

  it('does not begin with the authorization code where there is a key, whatever is to be stored', async () => {
    const { stage } = on;
    await stage.control.setCodeLifetime(-1);
    await stage.requests();
    const { sandboxes } = await stage.ok<JitSandboxLoginResult>('jit sandbox login -n uat --auth-type access-token');
    expect(await stage.requests()).to.deep.equal(['production sandboxAuth', `sandbox:uat ${jwt}`]);
    expect(sandboxes[0]).to.include({ authType: 'access-token', status: 'logged-in' });
    const { username } = await stage.sandbox('uat');
    expect(await stage.storedOrg(username)).to.not.have.any.keys('privateKey', 'refreshToken');
  });

  it('ends in the first refusal when all ways are refused, names the others, and keeps the old login', async () => {
    const { stage } = on;
    await stage.control.removeApp('uat');
    await stage.requests();
    const { data } = await stage.fails('jit sandbox login -n uat', 'AppNotInSandbox');
    expect(data?.['alsoTried']).to.equal('code: AuthorizationCodeExpired; platform-cli: AuthorizationCodeExpired');
    expect(await stage.requests()).to.deep.equal([
      'production sandboxAuth',
      `sandbox:uat ${jwt}`,
      `sandbox:uat ${code}`,
      'production sandboxAuth',
      `sandbox:uat ${code}`,
    ]);
    await stage.control.setCodeLifetime(600);
    await stage.ok(`${query} -o uat`);
  });

  it('is not followed by the other way when that cannot help', async () => {
    const { stage } = on;
    const { username } = await stage.sandbox('frozen');
    await stage.control.setUser(username, { active: false });
    await stage.requests();
    await stage.fails('jit sandbox login -n frozen', 'InactiveUser');
    expect(await stage.requests()).to.deep.equal(['production sandboxAuth', `sandbox:frozen ${jwt}`]);
  });

  leavesNoSecret(on);
});
