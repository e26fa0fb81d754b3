import { expect } from 'chai';
import { JitFailure } from '../../../../src/failures/failures.js';
import type { OrgRow, SandboxCheck } from '../../../../src/sandboxes/list/orgRow.js';
import { checkAdvice, orgTable } from '../../../../src/sandboxes/list/orgListView.js';
import { sandboxCheck } from '../../../support/orgRows.js';

const productionUsername = 'admin@acme.com';
const production: OrgRow = {
  kind: 'production',
  alias: 'prod',
  username: productionUsername,
  sandboxName: null,
  productionUsername: null,
  orgId: '00D000000000001',
  instanceUrl: 'https://acme.my.salesforce.com',
  state: 'ready',
  lastLogin: null,
  signedInBy: null,
  layer: 'global',
};
const sandbox = (name: string, more: Partial<OrgRow> = {}): OrgRow => ({
  ...production,
  kind: 'jit',
  alias: name,
  username: `${productionUsername}.${name}`,
  sandboxName: name,
  productionUsername,
  state: 'not-logged-in',
  ...more,
});
const byHand: OrgRow = {
  ...production,
  kind: 'traditional',
  alias: 'scratch',
  username: 'me@x.example',
  state: 'own-login',
  layer: null,
};
const check = (...checked: Parameters<typeof sandboxCheck>): { check: SandboxCheck } => ({
  check: sandboxCheck(...checked),
});
const names = (orgs: OrgRow[], checked = false) => orgTable(orgs, checked).columns.map(({ name }) => name);

/** Width of a table as sf draws it: a space on either side of each cell, a line between cells and around them. */
function width({ data, columns }: ReturnType<typeof orgTable>): number {
  const widths = columns.map(({ key, name }) => Math.max(name.length, ...data.map((row) => row[key].length)) + 2);
  return widths.reduce((sum, one) => sum + one + 1, 1);
}

describe('the table of orgs', () => {
  it('has no column that says nothing new', () => {
    expect(names([production, sandbox('uat'), sandbox('dev')])).to.deep.equal(['Kind', 'Alias', 'Username', 'State']);
    expect(names([sandbox('uat', { alias: 'acceptance' })])).to.include('Sandbox');
    expect(names([sandbox('uat', { lastLogin: '2026-11-28T12:00:00.000Z' })])).to.include('Last login');
    expect(names([sandbox('uat', { layer: 'project' })])).to.include('Layer');
    expect(names([sandbox('uat', { productionUsername: 'boss@other.com' }), sandbox('dev')])).to.include('Production');
  });

  it('shows a username that could not be guessed, and none that could', () => {
    const rows = orgTable([production, sandbox('uat'), sandbox('dev', { username: 'ci@acme.com.dev' }), byHand], false);
    expect(rows.data.map(({ username }) => username)).to.deep.equal([
      productionUsername,
      'ci@acme.com.dev',
      '',
      'me@x.example',
    ]);
  });

  it('is sorted: production, its sandboxes by name, the rest', () => {
    const orgs = [byHand, sandbox('qa10'), sandbox('qa2'), production, sandbox('Dev')];
    expect(orgTable(orgs, false).data.map(({ alias }) => alias)).to.deep.equal([
      'prod',
      'Dev',
      'qa2',
      'qa10',
      'scratch',
    ]);
  });

  it('has days, not milliseconds, and says what a login by hand is', () => {
    const [row] = orgTable([sandbox('uat', { lastLogin: '2026-11-28T12:00:00.000Z' })], false).data;
    expect(row?.lastLogin).to.equal('2026-11-28');
    expect(orgTable([byHand], false).data[0]?.state).to.equal('logged in by hand');
  });

  it('fits 80 columns with names as they are, with --check too', () => {
    const orgs = [
      production,
      sandbox('uat', { state: 'logged-in', lastLogin: '2026-11-28T12:00:00Z', ...check(null, { refreshed: true }) }),
      sandbox('staging', check('SandboxNotReady', { sandboxStatus: 'Pending Activation' })),
      { ...byHand, username: 'admin@acme.com.sit' },
    ];
    expect(width(orgTable(orgs, false))).to.be.at.most(80);
    expect(width(orgTable(orgs, true))).to.be.at.most(80);
  });

  it('says in words what production says', () => {
    const orgs = [
      sandbox('a', check(null)),
      sandbox('b', check(null, { refreshed: true })),
      sandbox('c', check('SandboxNotFound')),
      sandbox('d', check('SandboxNotFound', { nearest: 'dd' })),
      sandbox('e', check('SandboxRenamed', { nearest: 'ee' })),
      sandbox('f', check('SandboxDeleted', { sandboxStatus: 'Deleted' })),
      sandbox('g', check('SandboxNotReady', { sandboxStatus: 'Processing' })),
      sandbox('h', check('NotSandboxCreator', { sandboxStatus: 'Completed' })),
      sandbox('i', check('InvalidGrant')),
      sandbox('j', check('NotSandboxCreator', { byKeyAlone: 'untried' })),
      sandbox('k', check(null, { byKeyAlone: 'worked' })),
    ];
    expect(orgTable(orgs, true).data.map((row) => row.check)).to.deep.equal([
      'ready',
      'ready, refreshed',
      'not found',
      'not found; "dd"?',
      'renamed to "ee"',
      'deleted',
      'not ready (Processing)',
      "another user's",
      'could not be asked',
      "another user's; key is tried",
      "ready by key; another user's",
    ]);
  });
});

describe('what stands below the table of --check', () => {
  it('is nothing when all is well', () => {
    expect(checkAdvice([production, sandbox('uat', check(null, { refreshed: false }))], [])).to.deep.equal([]);
  });

  it('says for each kind of trouble what it means and what to do, once for all sandboxes that have it', () => {
    const orgs = [
      sandbox('two', check('SandboxDeleted')),
      sandbox('one', check('SandboxDeleted')),
      sandbox('new', { alias: 'old', ...check('SandboxRenamed', { nearest: 'newer' }) }),
      sandbox('x', check('SandboxNotFound')),
      sandbox('y', check('SandboxNotReady', { sandboxStatus: 'Processing' })),
      sandbox('z', check('NotSandboxCreator')),
      sandbox('w', check('NotSandboxCreator', { copiedBy: 'grace@acme.com' })),
      sandbox('v', check('SandboxNotReady', { sandboxStatus: 'Processing', copiedBy: 'grace@acme.com' })),
      sandbox('r', check(null, { refreshed: true })),
    ];
    const lines = checkAdvice(orgs, []);
    expect(lines).to.have.length(7);
    const text = lines.join('\n');
    expect(text)
      .to.contain("Another user's (w: grace@acme.com, z)")
      .and.to.contain('for another user (v: grace@acme.com)');
    expect(text).to.contain('Deleted (one, two): ').and.to.contain('unregister --sandbox-name one --sandbox-name two');
    expect(text).to.contain(`register --sandbox-name newer --production-org ${productionUsername}`);
    expect(text).to.contain('unregister --sandbox-name old');
    expect(text).to.contain('--sandbox-name y --wait 60').and.to.contain('login --sandbox-name r');
    expect(text).not.to.match(/%s|undefined|Sandbox[A-Z]/);
  });

  it("tells apart what becomes of a login to another user's sandbox", () => {
    const by = { copiedBy: 'grace@acme.com' };
    const lines = checkAdvice(
      [
        sandbox('none', check('NotSandboxCreator', by)),
        sandbox('next', check('NotSandboxCreator', { ...by, byKeyAlone: 'untried' })),
        sandbox('done', check(null, { ...by, byKeyAlone: 'worked' })),
      ],
      [],
    );
    expect(lines).to.have.length(3);
    expect(lines[0]).to.match(/^Another user's \(none: grace@acme\.com\).*Either register production as that user/);
    expect(lines[1]).to.match(/^Another user's, by key \(next: grace@acme\.com\).*tried.*login --sandbox-name next/);
    expect(lines[2]).to.match(/^Ready by key \(done: grace@acme\.com\).*as at the last login/);
  });

  it('says why a production org could not be asked, and the first thing to do', () => {
    const failure = new JitFailure('InvalidGrant', { org: 'production org admin@acme.com', host: 'acme.example' });
    const [line] = checkAdvice([], [{ productionUsername, failure }]);
    expect(line).to.match(
      /^Production org admin@acme\.com could not be asked \(InvalidGrant\): .*acme\.example.*sf jit org verify/,
    );
  });

  it('cannot act on the terminal', () => {
    const evil = (text: string): string => `${text}\u001b]0;pwned\u0007\r`;
    const row = sandbox(evil('uat'), { alias: evil('uat'), ...check('SandboxRenamed', { nearest: evil('new') }) });
    const gone = sandbox(evil('dev'), { alias: evil('dev'), ...check('SandboxDeleted', { sandboxStatus: evil('D') }) });
    const failure = new JitFailure('InvalidGrant', { org: evil('x'), host: evil('h') });
    const lines = checkAdvice([row, gone], [{ productionUsername: evil('p'), failure }]);
    expect(lines).to.have.length(3);
    for (const line of lines) expect(line).not.to.match(/\p{Cc}/u);
  });
});
