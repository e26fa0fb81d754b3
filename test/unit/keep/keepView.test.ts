import { expect } from 'chai';
import { JitFailure } from '../../../src/failures/failures.js';
import { eventJson, eventLine } from '../../../src/keep/keepView.js';
import { uatLogin } from '../../support/fakes.js';

const at = new Date('2026-11-28T14:05:00.000Z');
const refused = new JitFailure('NotSandboxCreator', { sandbox: 'uat', production: 'p', user: 'u' });
const byKeyAlone = { ...uatLogin, signedInBy: 'own-key' } as const;

describe('what a keeper says of one sandbox', () => {
  it('says how it signed in where that is not the usual way, and what was refused first', () => {
    expect(eventLine({ sandbox: 'uat', kind: 'logged-in', login: uatLogin })).to.equal(
      'Logged in to sandbox uat as admin@acme.example.uat.',
    );
    expect(eventLine({ sandbox: 'uat', kind: 'logged-in', login: byKeyAlone, refusedFirst: refused })).to.equal(
      "Logged in to sandbox uat as admin@acme.example.uat. Signed in by production's key alone, without its word " +
        '(own-key), since the usual way was refused (NotSandboxCreator).',
    );
    expect(eventLine({ sandbox: 'uat', kind: 'renewed', login: byKeyAlone })).to.equal(
      "Renewed the login to sandbox uat as admin@acme.example.uat. Signed in by production's key alone, without its word (own-key).",
    );
  });

  it('says it of a refresh too, once', () => {
    const login = { ...byKeyAlone, refreshed: true, refreshedBy: 'grace@acme.example', refreshedAt: at.toISOString() };
    const line = eventLine({ sandbox: 'uat', kind: 'refreshed', login, refusedFirst: refused });
    expect(line).to.match(
      /Source tracking starts anew\. Signed in by production's key alone.*\(NotSandboxCreator\)\.$/,
    );
  });

  it('has the id of the requests in the line of JSON about a failure, too', () => {
    const failure = new JitFailure('InactiveUser', { org: 'sandbox uat', host: 'h', user: 'u' });
    const line: unknown = JSON.parse(eventJson({ sandbox: 'uat', kind: 'failed', failure, requestId: 'id' }, at));
    expect(line).to.include({ event: 'failed', requestId: 'id' });
  });

  it('has it in each line of JSON about a login', () => {
    const line = (event: Parameters<typeof eventJson>[0]): unknown => JSON.parse(eventJson(event, at));
    const common = { sandbox: 'uat', at: at.toISOString() };
    const { username, orgId, alias } = uatLogin;
    expect(line({ sandbox: 'uat', kind: 'renewed', login: uatLogin, requestId: 'id' })).to.deep.equal({
      ...common,
      ...{ requestId: 'id', event: 'renewed', username, orgId, alias, signedInBy: 'jwt' },
    });
    expect(line({ sandbox: 'uat', kind: 'logged-in', login: byKeyAlone, refusedFirst: refused })).to.deep.equal({
      ...common,
      ...{ event: 'logged-in', username, orgId, alias, signedInBy: 'own-key', refusedFirst: 'NotSandboxCreator' },
    });
  });
});
