import { Logger } from '@salesforce/core/logger';
import { expect } from 'chai';
import { createSandbox } from 'sinon';
import { lastFailure } from '../../../src/checks/io/lastFailure.js';
import { JitFailure } from '../../../src/failures/failures.js';
import { toFailure } from '../../../src/failures/unexpectedError.js';
import { failureWith, noteFailure } from '../../../src/wiring/failureText.js';
import { jit } from '../../../src/wiring/jit.js';

describe('failures on their way out', () => {
  const sandbox = createSandbox();
  let kept: string[];
  let logged: string[];
  beforeEach(() => {
    [kept, logged] = [[], []];
    sandbox.stub(lastFailure, 'keep').callsFake(async ({ name }) => void kept.push(name));
    const debug = (words: string): void => void logged.push(words);
    sandbox.stub(Logger, 'child').resolves({ debug } as unknown as Logger);
    sandbox.stub(process, 'env').value({ ...process.env, SF_LOG_LEVEL: 'debug' });
  });
  afterEach(() => {
    sandbox.restore();
  });
  const unreadable = (): JitFailure => new JitFailure('LoginUnreadable', { sandbox: 'uat', user: 'u@acme.example' });

  it('take the result of the command along, and their exit code and text', () => {
    const result = { sandboxes: [] };
    expect(failureWith(result, unreadable())).to.include({ name: 'LoginUnreadable', exitCode: 1, result });
  });

  it('are noted for sf doctor, the first of several', async () => {
    await noteFailure(undefined, unreadable(), new JitFailure('OrgNotStored', { user: 'u' }));
    await noteFailure();
    await noteFailure(new Error('not ours to explain'));
    expect(kept).to.deep.equal(['LoginUnreadable']);
  });

  it('of a logout are noted too', async () => {
    const target = { sandboxName: 'uat' };
    const failed = { target, status: 'failed' as const, revoked: false, failure: unreadable() };
    expect(await jit.logoutSandboxes({ targets: [], unknown: [failed], named: true })).to.deep.equal([failed]);
    expect(kept).to.deep.equal(['LoginUnreadable']);
  });

  it('that nobody foresaw leave their stack in the log of whoever debugs, each of them', async () => {
    await noteFailure(toFailure(new TypeError('one')), unreadable(), toFailure(new TypeError('two')));
    expect(logged.map((words) => words.split('\n')[0])).to.deep.equal(['TypeError: one', 'TypeError: two']);
    expect(logged[0]).to.contain('failureText.test.ts');
    sandbox.stub(process, 'env').value({});
    await noteFailure(toFailure(new TypeError('three')));
    expect(logged).to.have.lengthOf(2);
  });
});
