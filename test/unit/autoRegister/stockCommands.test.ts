import { expect } from 'chai';
import { deletedUsername, madeSandbox } from '../../../src/autoRegister/stockCommands.js';

/** As `org create sandbox` gives it. */
const result = {
  attributes: {
    type: 'SandboxProcess',
    url: '/services/data/v67.0/tooling/sobjects/SandboxProcess/0GR5g0000000001AAA',
  },
  Id: '0GR5g0000000001AAA',
  Status: 'Completed',
  SandboxName: 'uat',
  SandboxInfoId: '0GQ5g0000000001AAA',
  SandboxOrganization: '00D5g0000000005',
  CopyProgress: 100,
  SandboxUsername: 'admin@acme.example.uat',
};

describe('the result of a stock command on a sandbox', () => {
  it('tells the sandbox that was made', () => {
    expect(madeSandbox(result)).to.deep.equal({
      sandboxName: 'uat',
      username: 'admin@acme.example.uat',
      sandboxOrgId: '00D5g0000000005',
      status: 'Completed',
      copyProgress: 100,
    });
  });

  it('tells as much as it has of one that is still being copied', () => {
    const { SandboxUsername: _, ...unnamed } = {
      ...result,
      SandboxOrganization: null,
      Status: 'Pending',
      CopyProgress: 0,
    };
    expect(madeSandbox(unnamed)).to.deep.equal({ sandboxName: 'uat', status: 'Pending', copyProgress: 0 });
  });

  it('is taken for what it can be: what is empty or of another kind says nothing', () => {
    const odd = { SandboxName: 'uat', SandboxUsername: '', SandboxOrganization: 7, CopyProgress: '45' };
    expect(madeSandbox(odd)).to.deep.equal({ sandboxName: 'uat', status: 'Pending' });
  });

  for (const [what, value] of Object.entries({
    nothing: undefined,
    'a text': 'done',
    'a list': [result],
    'no name': { ...result, SandboxName: undefined },
    'a name that no sandbox can have': { ...result, SandboxName: '../../uat' },
    'a name that is a number': { ...result, SandboxName: 7 },
  })) {
    it(`is no sandbox when it is ${what}`, () => {
      expect(madeSandbox(value)).to.equal(undefined);
    });
  }

  it('tells the username of the one that was deleted', () => {
    expect(deletedUsername({ username: 'admin@acme.example.uat', orgId: '00D' })).to.equal('admin@acme.example.uat');
    for (const value of [undefined, {}, { username: 1 }, { username: 'uat' }, ['a@b.c']]) {
      expect(deletedUsername(value)).to.equal(undefined);
    }
  });
});
