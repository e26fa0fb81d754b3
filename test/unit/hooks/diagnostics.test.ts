import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Lifecycle } from '@salesforce/core/lifecycle';
import { expect } from 'chai';
import { stub } from 'sinon';
import { hook } from '../../../src/hooks/diagnostics.js';
import { setup } from '../../../src/wiring/setup.js';
import { useHome } from '../../support/home.js';

type Result = { testName: string; status: string };

describe('the hook of sf doctor', () => {
  const home = useHome();
  let results: Result[];

  beforeEach(() => {
    results = [];
    Lifecycle.getInstance().on<Result>('Doctor:diagnostic', async (result) => void results.push(result));
  });

  afterEach(() => {
    Lifecycle.getInstance().removeAllListeners('Doctor:diagnostic');
  });

  async function examined(): Promise<{ suggestions: string[]; data: unknown[] }> {
    const suggestions: string[] = [];
    const data: unknown[] = [];
    await hook({
      doctor: {
        addSuggestion: (suggestion) => suggestions.push(suggestion),
        addPluginData: (name, value) => data.push([name, value]),
      },
    });
    return { suggestions, data };
  }

  it('reports every check, and suggests something for what is not right', async () => {
    const { suggestions, data } = await examined();
    expect(results).to.deep.include({ testName: '[sf-plugin-jit] registry', status: 'pass' });
    expect(results.every(({ status }) => ['pass', 'warn', 'fail'].includes(status))).to.equal(true);
    expect(suggestions).to.have.lengthOf(results.filter(({ status }) => status !== 'pass').length);
    expect(data).to.have.nested.property('[0][1].checks').that.has.lengthOf(results.length);
  });

  it('says what is wrong with a broken home folder, and does not throw', async () => {
    await mkdir(join(home.path, '.sf'));
    await writeFile(join(home.path, '.sf', 'jit.json'), '{ "productionOrgs": [');
    await writeFile(join(home.path, '.sf', 'jit'), 'a file where a folder should be');
    await writeFile(join(home.path, '.sfdx'), 'a file where a folder should be');
    const { suggestions } = await examined();
    expect(results).to.deep.include({ testName: '[sf-plugin-jit] registry', status: 'fail' });
    expect(suggestions.join('\n'))
      .to.contain('jit.json')
      .and.to.match(/damaged/);
  });

  it('does not throw when the check, the doctor or the report of both fails', async () => {
    const check = stub(setup, 'check').rejects(new RangeError('a fault of ours'));
    try {
      await examined();
      expect(results).to.deep.equal([{ testName: '[sf-plugin-jit] setup (RangeError)', status: 'unknown' }]);
      Lifecycle.getInstance().on('Doctor:diagnostic', async () => {
        throw new Error('nobody listens');
      });
      await examined();
    } finally {
      check.restore();
    }
    const doctor = {
      addSuggestion: () => undefined,
      addPluginData: (): never => {
        throw new Error('no room');
      },
    };
    await hook({ doctor });
  });
});
