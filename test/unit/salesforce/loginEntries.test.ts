import { expect } from 'chai';
import { loginEntriesQuery, loginEntry } from '../../../src/salesforce/loginEntries.js';

const row = {
  LoginTime: '2026-11-29T12:00:05.000+0000',
  LoginType: 'Remote Access 2.0',
  Status: 'Success',
  Application: 'Just in time',
  SourceIp: '192.0.2.7',
  LoginUrl: 'acme.my.salesforce.com',
};

describe('a row of the Login History', () => {
  it('is a login, its time in ISO 8601', () => {
    expect(loginEntry(row)).to.deep.equal({
      at: '2026-11-29T12:00:05.000Z',
      type: 'Remote Access 2.0',
      status: 'Success',
      application: 'Just in time',
      sourceIp: '192.0.2.7',
      loginUrl: 'acme.my.salesforce.com',
    });
  });

  it('may leave out application, address and host', () => {
    const { LoginTime, LoginType, Status } = row;
    const bare = { LoginTime, LoginType, Status, Application: null, SourceIp: '', LoginUrl: 7 };
    expect(loginEntry(bare)).to.have.all.keys('at', 'type', 'status');
  });

  it('is none without a time, a type or a status', () => {
    for (const wrong of [{ LoginTime: 'soon' }, { LoginTime: null }, { LoginType: '' }, { Status: undefined }]) {
      expect(loginEntry({ ...row, ...wrong }), JSON.stringify(wrong)).to.equal(undefined);
    }
  });

  it('is asked for by user, newest first', () => {
    expect(loginEntriesQuery('0055g0000000001AAA', 20)).to.match(
      /FROM LoginHistory WHERE UserId = '0055g0000000001AAA' ORDER BY LoginTime DESC LIMIT 20$/,
    );
  });
});
