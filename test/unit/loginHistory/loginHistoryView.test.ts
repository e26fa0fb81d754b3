import { expect } from 'chai';
import { loginHistoryResult, loginNotes, loginTable } from '../../../src/loginHistory/loginHistoryView.js';
import type { HistoryRow, LoginHistory } from '../../../src/loginHistory/loginHistory.js';

const row = (more: Partial<HistoryRow> = {}): HistoryRow => ({
  at: '2026-11-29T12:00:05.000Z',
  type: 'Remote Access 2.0',
  status: 'Success',
  application: 'Just in time',
  sourceIp: '192.0.2.7',
  loginUrl: 'acme.my.salesforce.com',
  username: 'admin@acme.example',
  side: 'production',
  org: 'prod',
  byThisMachine: false,
  ...more,
});
const login = {
  kind: 'login',
  at: '2026-11-29T12:00:04.000Z',
  username: 'admin@acme.example.uat',
  sandboxName: 'uat',
} as const;
const failure = { kind: 'failure', at: '2026-11-29T12:00:00.000Z', name: 'InvalidGrant' } as const;

describe('the table of logins', () => {
  const columnsOf = (...rows: HistoryRow[]): string[] => loginTable(rows).columns.map(({ name }) => name);

  it('leaves out what goes without saying', () => {
    expect(columnsOf(row(), row())).to.deep.equal(['Time', 'Application', 'From']);
    expect(columnsOf(row({ status: 'Failed' }), row())).to.include('Status');
    expect(columnsOf(row({ type: 'Application' }), row())).to.include('Type');
    expect(columnsOf(row({ side: 'sandbox', org: 'uat', byThisMachine: true }), row())).to.include.members([
      'Org',
      'Here',
    ]);
  });

  it('fits 80 columns with two orgs and a mark', () => {
    const { data, columns } = loginTable([
      row({ side: 'sandbox', org: 'uat-emea', byThisMachine: true, sourceIp: '192.168.122.117' }),
      row(),
    ]);
    const widths = columns.map(({ key, name }) => Math.max(name.length, ...data.map((cells) => cells[key].length)));
    expect(widths.reduce((sum, width) => sum + width + 3, 1)).to.be.at.most(80);
  });

  it("has its times on this machine's clock, to the second", () => {
    expect(loginTable([row()]).data[0]?.time).to.match(/^2026-11-(29|30) \d\d:00:05$/);
  });
});

describe('the notes below it', () => {
  const notes = (history: Partial<LoginHistory>): string[] => loginNotes({ rows: [row()], events: [], ...history });

  it('say what the mark means, if there is one', () => {
    expect(notes({})).to.deep.equal([]);
    expect(notes({ rows: [row({ byThisMachine: true })], events: [{ event: login, isShown: true }] })).to.have.lengthOf(
      1,
    );
  });

  it('say nothing of an earlier login that is not among those shown: it is older than they are', () => {
    expect(notes({ events: [{ event: { ...login, isEarlier: true }, isShown: false }] })).to.deep.equal([]);
  });

  it('say what this machine remembers and the orgs do not show', () => {
    const found = notes({
      events: [
        { event: login, isShown: false },
        { event: failure, isShown: false },
      ],
    });
    expect(found).to.have.lengthOf(2);
    expect(found[0]).to.contain('sandbox uat as admin@acme.example.uat at 2026-11-');
    expect(found[1]).to.contain('InvalidGrant');
  });
});

describe('the result', () => {
  it('has null for what an org does not say, and what this machine remembers', () => {
    const bare: HistoryRow = {
      ...row({ byThisMachine: true }),
      application: undefined,
      sourceIp: undefined,
      loginUrl: undefined,
    };
    expect(
      loginHistoryResult({
        rows: [bare],
        events: [
          { event: login, isShown: true },
          { event: failure, isShown: false },
        ],
      }),
    ).to.deep.equal({
      logins: [
        {
          side: 'production',
          username: 'admin@acme.example',
          loginTime: '2026-11-29T12:00:05.000Z',
          loginType: 'Remote Access 2.0',
          status: 'Success',
          application: null,
          sourceIp: null,
          loginUrl: null,
          byThisMachine: true,
        },
      ],
      thisMachine: [
        { did: 'login', at: login.at, username: login.username, failure: null, isShown: true },
        { did: 'failure', at: failure.at, username: null, failure: 'InvalidGrant', isShown: false },
      ],
    });
  });
});
