import { expect } from 'chai';
import { leavesNoSecret, useStage } from '../support/stage.js';

/*
 * Salesforce can be told to give a new refresh token with every renewal. sf renews what the plugin stored, so the plugin must know its own
 * login again, and still tell it from one that the user makes with the same app at the same address.
 */
describe('a login whose refresh token sf has rotated', () => {
  let username: string;
  const holder = useStage(async (stage) => {
    await stage.control.setApp({ clientId: 'PlatformCLI', org: 'sandbox:uat', rotatesRefreshTokens: true });
    const { sfdxAuthUrl } = await stage.control.issueTokens(stage.info.username);
    await stage.ok(`org login sfdx-url --sfdx-url-file ${await stage.file('web.txt', sfdxAuthUrl)} --alias web`);
    await stage.ok('jit org register --target-org web --alias prod');
    await stage.ok('jit sandbox register --sandbox-name uat');
    const { sandboxes } = await stage.ok<{
      sandboxes: Array<{ username: string; authType: string; loginUrl: string }>;
    }>('jit sandbox login --sandbox-name uat');
    expect(sandboxes[0]).to.include({ authType: 'sfdx-auth-url', loginUrl: (await stage.sandbox('uat')).url });
    ({ username } = sandboxes[0]!);
  });
  const off = { env: { SF_JIT_AUTO_LOGIN: 'false' } };
  const query = `data query --query 'SELECT Name FROM Account' --target-org uat`;

  it("stays the plugin's: it is found good, and logged in to anew after a refresh", async () => {
    const { stage } = holder;
    const { refreshToken: before } = await stage.storedOrg(username);
    await stage.control.expireSessions('sandbox:uat');
    await stage.ok(query, off);
    expect((await stage.storedOrg(username))['refreshToken'], 'sf has rotated it').not.to.equal(before);
    const again = await stage.ok<{ sandboxes: Array<{ status: string; loginUrl: string }> }>(
      'jit sandbox login --sandbox-name uat --if-needed',
    );
    expect(again.sandboxes[0]).to.include({ status: 'already-logged-in', loginUrl: (await stage.sandbox('uat')).url });
    await stage.control.expireSessions('sandbox:uat');
    await stage.ok(query, off);
    await stage.control.refreshSandbox('uat', { complete: true });
    await stage.control.setApp({ clientId: 'PlatformCLI', org: 'sandbox:uat', rotatesRefreshTokens: true });
    const run = await stage.sf(query, { env: { SF_JIT_CHECK_MINUTES: '0' } });
    expect(run.code).to.equal(0);
    expect(run.stderr)
      .to.match(/^Sandbox uat was refreshed on .*: logged in to the new copy as /m)
      .and.to.contain(username);
  });

  it("is the user's once the user has logged in, with the same app at the same address", async () => {
    const { stage } = holder;
    const { sfdxAuthUrl } = await stage.control.issueTokens(username);
    await stage.ok(`org login sfdx-url --sfdx-url-file ${await stage.file('own.txt', sfdxAuthUrl)}`);
    await stage.fails('jit sandbox login --sandbox-name uat', 'TraditionalOrgStored');
    await stage.control.expireSessions('sandbox:uat');
    await stage.ok(query, off);
    await stage.fails('jit sandbox login --sandbox-name uat', 'TraditionalOrgStored');
  });

  leavesNoSecret(holder);
});
