import { mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import sinon from 'sinon';
import { coreSandboxFiles } from '../../../../src/autoRegister/io/coreSandboxFiles.js';
import { temporaryDirectory, type TemporaryDirectory } from '../../../support/temporaryDirectory.js';

const orgId = '00D5g0000000005EAA';
const note = { sandboxName: 'uat', sandboxUsername: 'a@b.c.uat', prodOrgUsername: 'a@b.c', timestamp: '2026-11-01' };

describe('what sf notes of sandboxes', () => {
  let home: TemporaryDirectory;
  beforeEach(async () => {
    home = await temporaryDirectory();
    await mkdir(join(home.path, '.sfdx'));
    await mkdir(join(home.path, '.sf'));
    sinon.stub(os, 'homedir').returns(home.path);
  });
  afterEach(async () => {
    sinon.restore();
    await home.remove();
  });
  const write = async (content: string, ...path: string[]): Promise<void> =>
    writeFile(join(home.path, ...path), content);
  const writeNote = async (value: unknown): Promise<void> =>
    write(JSON.stringify(value), '.sfdx', `${orgId}.sandbox.json`);
  const writeOrders = async (value: unknown): Promise<void> =>
    write(JSON.stringify(value), '.sf', 'sandbox-create-cache.json');

  it('is read from the file of the org', async () => {
    await writeNote({ ...note, sandboxInfoId: '0GQ', sandboxOrgId: orgId });
    expect(await coreSandboxFiles.note(orgId)).to.deep.equal(note);
    expect(await coreSandboxFiles.note('00D5g0000000006EAA')).to.equal(undefined);
  });

  it('is read from the cache of orders, which core fills with all that was asked for', async () => {
    const order = { prodOrgUsername: 'a@b.c', alias: 'acceptance', setDefault: true, action: 'Create' };
    await writeOrders({ uat: order, dev: { ...order, alias: undefined } });
    expect(await coreSandboxFiles.order('uat')).to.deep.equal({ prodOrgUsername: 'a@b.c', alias: 'acceptance' });
    expect(await coreSandboxFiles.order('dev')).to.deep.equal({ prodOrgUsername: 'a@b.c' });
    expect(await coreSandboxFiles.order('sit')).to.equal(undefined);
    expect(await coreSandboxFiles.order('constructor')).to.equal(undefined);
  });

  it('is nothing without files, and in damaged ones', async () => {
    expect([await coreSandboxFiles.note(orgId), await coreSandboxFiles.order('uat')]).to.deep.equal([
      undefined,
      undefined,
    ]);
    for (const damaged of [
      '',
      '{',
      '[]',
      'null',
      '{"uat":[]}',
      '{"uat":{"prodOrgUsername":7}}',
      '{"sandboxName":{}}',
    ]) {
      await write(damaged, '.sfdx', `${orgId}.sandbox.json`);
      await write(damaged, '.sf', 'sandbox-create-cache.json');
      expect([await coreSandboxFiles.note(orgId), await coreSandboxFiles.order('uat')], damaged).to.deep.equal([
        undefined,
        undefined,
      ]);
    }
  });

  it('is not looked for where an org id has a path in it', async () => {
    await write(JSON.stringify(note), 'x.sandbox.json');
    expect(await coreSandboxFiles.note('../x')).to.equal(undefined);
  });
});
