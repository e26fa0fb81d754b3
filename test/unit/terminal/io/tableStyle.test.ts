import { expect } from 'chai';
import { tableStyle } from '../../../../src/terminal/io/tableStyle.js';

describe('tableStyle', () => {
  const { FORCE_COLOR } = process.env;
  const withColours = (variables: NodeJS.ProcessEnv, columns?: number): ReturnType<typeof tableStyle> => {
    process.env.FORCE_COLOR = '1';
    return tableStyle(variables, columns);
  };
  afterEach(() => {
    if (FORCE_COLOR === undefined) delete process.env.FORCE_COLOR;
    else process.env.FORCE_COLOR = FORCE_COLOR;
  });

  it(`is sf's default, as wide as the terminal`, () => {
    const { emphasize, ...rest } = withColours({}, 120);
    expect(rest).to.deep.equal({ width: 120, border: 'vertical-with-outline', overflow: 'wrap', plain: false });
    expect(emphasize('Name')).to.equal('\u001B[1m\u001B[34mName\u001B[39m\u001B[22m');
  });

  it('follows the variables that sf follows', () => {
    const variables = {
      SF_TABLE_BORDER_STYLE: 'horizontal',
      SF_TABLE_OVERFLOW: 'truncate-middle',
      OCLIF_TABLE_COLUMN_OVERRIDE: '100',
    };
    expect(tableStyle(variables, 80)).to.include({
      border: 'horizontal',
      overflow: 'truncate-middle',
      width: 100,
    });
  });

  it('does not follow what sf does not know', () => {
    const variables = {
      SF_TABLE_BORDER_STYLE: 'toString',
      SF_TABLE_OVERFLOW: 'hide',
      OCLIF_TABLE_COLUMN_OVERRIDE: 'wide',
      SF_NO_TABLE_STYLE: 'false',
    };
    expect(tableStyle(variables, 0)).to.include({
      border: 'vertical-with-outline',
      overflow: 'wrap',
      width: undefined,
    });
  });

  it('has neither borders nor colours with SF_NO_TABLE_STYLE', () => {
    const { border, emphasize } = withColours({ SF_NO_TABLE_STYLE: 'TRUE', SF_TABLE_BORDER_STYLE: 'all' });
    expect([border, emphasize('Name')]).to.deep.equal(['none', 'Name']);
  });

  const ci: Array<[NodeJS.ProcessEnv, boolean]> = [
    [{}, false],
    [{ CI: 'true' }, true],
    [{ CI: '' }, true],
    [{ CI: 'false' }, false],
    [{ CI: '0', CI_NAME: 'x' }, false],
    [{ CONTINUOUS_INTEGRATION: '1' }, true],
    [{ CI_JOB_ID: '7' }, true],
    [{ CI: 'true', OCLIF_TABLE_SKIP_CI_CHECK: '1' }, false],
    [{ CI: 'true', OCLIF_TABLE_SKIP_CI_CHECK: 'false' }, true],
  ];
  for (const [variables, plain] of ci) {
    it(`is ${plain ? 'plain' : 'drawn'} with ${JSON.stringify(variables)}`, () => {
      expect(tableStyle(variables).plain).to.equal(plain);
    });
  }
});
