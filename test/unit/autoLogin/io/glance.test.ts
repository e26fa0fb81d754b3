import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import {
  aliasInOtherCase,
  areRunsNoted,
  glanceAtOrg,
  glanceAtRegistration,
} from '../../../../src/autoLogin/io/glance.js';
import { useHome } from '../../../support/home.js';

const checkedAt = '2026-11-29T10:00:00.000Z';
const username = 'admin@acme.example.uat';
const record = '.sf/jit/logins/admin%40acme.example.uat.json';

describe('what the hook sees at a glance', () => {
  const home = useHome();

  beforeEach(() => {
    process.chdir(home.path);
  });

  async function write(file: string, content: unknown): Promise<void> {
    const path = join(home.path, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  }

  describe('of an org', () => {
    it('is that there is none, where sf has stored none', async () => {
      expect(glanceAtOrg('uat')).to.deep.equal({ isStored: false });
      await write('.sfdx/alias.json', { orgs: { uat: username } });
      expect(glanceAtOrg('uat')).to.deep.equal({ isStored: false });
    });

    it('is that sf has stored it, under its username and each alias', async () => {
      await write('.sfdx/alias.json', { orgs: { uat: username, deploy: username } });
      await write(`.sfdx/${username}.json`, {});
      for (const name of ['uat', 'deploy', username]) expect(glanceAtOrg(name), name).to.deep.equal({ isStored: true });
      expect(glanceAtOrg('sit')).to.deep.equal({ isStored: false });
    });

    it('is when a login of the plugin was checked, whatever the letter case of the username', async () => {
      await write(record, { checkedAt });
      expect(glanceAtOrg(username.toUpperCase())).to.deep.equal({ isStored: false, record: { checkedAt } });
      await write(`.sfdx/${username}.json`, {});
      expect(glanceAtOrg(username)).to.deep.equal({ isStored: true, record: { checkedAt } });
    });

    for (const [what, content] of [
      ['cut off', '{"checkedAt":"2026'],
      ['null', null],
      ['empty', ''],
    ] as const) {
      it(`is nothing more where the record of its login is ${what}`, async () => {
        await write(record, content);
        expect(glanceAtOrg(username)).to.deep.equal({ isStored: false });
      });
    }

    it('is a check that never was, where the record has no time of it', async () => {
      for (const content of [{}, { checkedAt: 17 }, [checkedAt]]) {
        await write(record, content);
        expect(glanceAtOrg(username)).to.deep.equal({ isStored: false, record: { checkedAt: '' } });
      }
    });

    it('is nothing where a name leads out of the folder', async () => {
      await write('secret.json', {});
      await write('.sfdx/alias.json', { orgs: { up: '../secret', down: '..\\secret', list: ['../secret'] } });
      for (const name of ['../secret', '..\\secret', 'up', 'down', 'list']) {
        expect(glanceAtOrg(name), name).to.deep.equal({ isStored: false });
      }
    });

    it('is never what objects have by nature', () => {
      for (const name of ['constructor', '__proto__', 'toString']) {
        expect(glanceAtOrg(name), name).to.deep.equal({ isStored: false });
      }
    });
  });

  describe('of an alias in other letters', () => {
    beforeEach(async () => {
      await write('.sfdx/alias.json', { orgs: { uat: username, byHand: 'by.hand@acme.example' } });
      await write(record, { checkedAt });
    });

    it("is sf's own spelling of it, where the plugin made the login", () => {
      expect(aliasInOtherCase('UAT')).to.equal('uat');
      expect(aliasInOtherCase('Uat')).to.equal('uat');
    });

    it('is nothing where sf knows the alias as it is, where nobody does, and where somebody else made the login', () => {
      for (const name of ['uat', 'sit', 'BYHAND']) expect(aliasInOtherCase(name), name).to.equal(undefined);
    });

    it('is nothing where sf knows another org by those very letters', async () => {
      await write('.sfdx/alias.json', { orgs: { uat: username, UAT: 'by.hand@acme.example' } });
      expect(aliasInOtherCase('UAT')).to.equal(undefined);
    });
  });

  describe('of a registration', () => {
    const sandbox = (alias: string) => ({ sandboxName: 'uat', alias, username, isJitRegistration: true });

    it('is its alias, from this machine and from the project above the current folder', async () => {
      expect(glanceAtRegistration('uat')).to.equal(undefined);
      await write('.sf/jit.json', { sandboxes: [sandbox('uat')] });
      expect(glanceAtRegistration(username)).to.equal('uat');
      expect(glanceAtRegistration('sit')).to.equal(undefined);
      await write('work/sfdx-project.json', { plugins: { 'sf-plugin-jit': { sandboxes: [sandbox('deploy')] } } });
      await mkdir(join(home.path, 'work', 'force-app'));
      process.chdir(join(home.path, 'work', 'force-app'));
      expect(glanceAtRegistration(username)).to.equal('deploy');
    });

    it('is nothing where both files are damaged: the command says so itself', async () => {
      await write('.sf/jit.json', '{"sandboxes": [');
      await write('sfdx-project.json', '{"plugins":');
      expect(glanceAtRegistration('uat')).to.equal(undefined);
    });
  });

  it('of runs of exec is whether anything is noted of one', async () => {
    expect(areRunsNoted()).to.equal(false);
    await mkdir(join(home.path, '.sf', 'jit', 'exec'), { recursive: true });
    expect(areRunsNoted()).to.equal(false);
    await write('.sf/jit/exec/1.json', {});
    expect(areRunsNoted()).to.equal(true);
  });
});
