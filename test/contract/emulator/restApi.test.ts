import { expect } from 'chai';
import { type Reply, restError } from './protocolClient.js';
import { useEmulator } from './useEmulator.js';

const refusal = (reply: Reply): unknown[] => [reply.status, restError(reply).errorCode, restError(reply).message];
const sessionInvalid = [401, 'INVALID_SESSION_ID', 'Session expired or invalid'];

describe('emulator: REST API', () => {
  const emulator = useEmulator({ sandboxes: ['uat'] });
  const path = (rest: string) => `${emulator.info.productionUrl}/services/data${rest}`;

  it('lists its versions to anybody', async () => {
    const { status, json } = await emulator.client.get(path(''));
    const versions = json as unknown as Array<{ label: string; url: string; version: string }>;
    expect(status).to.equal(200);
    expect(versions[0]).to.deep.equal({ label: "Winter '21", url: '/services/data/v50.0', version: '50.0' });
    expect(versions.at(-1)).to.deep.equal({ label: "Summer '26", url: '/services/data/v67.0', version: '67.0' });
  });

  it('speaks another version where it is told to', async () => {
    const { client, control, info } = emulator;
    const { url } = info.sandboxes[0]!;
    await control.setOrg('sandbox:uat', { apiVersion: 68 });
    const versions = (await client.get(`${url}/services/data`)).json as unknown as Array<{ version: string }>;
    expect(versions.at(-1)?.version).to.equal('68.0');
    await control.refreshSandbox('uat', { complete: true });
    const later = (await client.get(`${url}/services/data`)).json as unknown as Array<{ version: string }>;
    expect(later.at(-1)?.version).to.equal('67.0');
  });

  it('tells resources and limits to a session, and counts its requests', async () => {
    const { client } = emulator;
    const token = await client.login();
    const first = await client.get(path('/v67.0'), token);
    const second = await client.get(path('/v67.0/limits'), token);
    expect(first.json).to.include({ query: '/services/data/v67.0/query' });
    expect(first.headers['sforce-limit-info']).to.equal('api-usage=1/15000');
    expect(second.json).to.deep.equal({ DailyApiRequests: { Max: 15000, Remaining: 14998 } });
    expect((await client.get(path('/v67.0/sobjects'), token)).json).to.have.property('sobjects');
    expect((await client.get(path('/v67.0/sobjects/Account/describe'), token)).json).to.include({ name: 'Account' });
  });

  it('wants a session that is good in this very org', async () => {
    const { client, control, info } = emulator;
    const token = await client.login();
    expect(refusal(await client.get(path('/v67.0')))).to.deep.equal(sessionInvalid);
    expect(refusal(await client.get(path('/v67.0'), `${token}x`))).to.deep.equal(sessionInvalid);
    expect(refusal(await client.get(`${info.sandboxes[0]!.url}/services/data/v67.0`, token))).to.deep.equal(
      sessionInvalid,
    );
    await control.expireSessions('production');
    expect(refusal(await client.get(path('/v67.0'), token))).to.deep.equal(sessionInvalid);
  });

  it('lets sessions end after their lifetime', async () => {
    const { client, control } = emulator;
    await control.setOrg('production', { tokenLifetimeSeconds: 60 });
    const token = await client.login();
    expect((await client.get(path('/v67.0'), token)).status).to.equal(200);
    await control.setClockSkew(61);
    const late = await client.get(path('/v67.0'), token);
    await control.setClockSkew(0);
    await control.setOrg('production', { tokenLifetimeSeconds: 7200 });
    expect(refusal(late)).to.deep.equal(sessionInvalid);
  });

  it('refuses sessions of a blocked app, and everybody above the limit', async () => {
    const { client, control } = emulator;
    const token = await client.login();
    await control.setApp({ apiBlocked: true });
    const blocked = await client.get(path('/v67.0'), await client.login());
    await control.setApp({ apiBlocked: false });
    expect(refusal(blocked)).to.deep.equal([
      401,
      'INVALID_SESSION_ID',
      'This session is not valid for use with the REST API',
    ]);
    await control.setOrg('production', { requestLimitReached: true });
    const limited = await client.get(path('/v67.0'), token);
    await control.setOrg('production', { requestLimitReached: false });
    expect(refusal(limited)).to.deep.equal([403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.']);
  });

  it('knows no other paths, versions, methods and hosts', async () => {
    const { client, info } = emulator;
    const token = await client.login();
    const notFound = [404, 'NOT_FOUND', 'The requested resource does not exist'];
    for (const rest of ['/v99.0', '/v67', '/v67.0/nothing', '/v67.0/sobjects/Nothing/describe']) {
      expect(refusal(await client.get(path(rest), token)), rest).to.deep.equal(notFound);
    }
    expect(refusal(await client.get(`${info.productionUrl}/`))).to.deep.equal(notFound);
    const headers = { Authorization: `Bearer ${token}` };
    expect(refusal(await client.send(path('/v67.0/query?q=x'), { method: 'DELETE', headers }))).to.deep.equal(notFound);
    expect(restError(await client.get(`${info.loginUrl}/services/data/v67.0`, token)).errorCode).to.equal(
      'URL_NOT_RESET',
    );
  });

  it('tells who a token is for', async () => {
    const { client, info } = emulator;
    const token = await client.login();
    const userInfo = await client.get(`${info.productionUrl}/services/oauth2/userinfo`, token);
    expect(userInfo.json).to.include({ organization_id: info.orgId, preferred_username: info.username });
    const identity = await client.get(String((await client.jwt(info.loginUrl)).json['id']), token);
    expect(identity.json).to.include({ organization_id: info.orgId, username: info.username });
    const other = await client.get(`${info.loginUrl}/id/${info.orgId}/005000000000000AAA`, token);
    expect([other.status, other.text]).to.deep.equal([403, 'Wrong_Org']);
    const missing = await client.get(`${info.loginUrl}/services/oauth2/userinfo`);
    expect([missing.status, missing.text]).to.deep.equal([403, 'Missing_OAuth_Token']);
    const unknown = await client.get(`${info.loginUrl}/services/oauth2/userinfo`, 'unknown');
    expect([unknown.status, unknown.text]).to.deep.equal([403, 'Bad_OAuth_Token']);
  });
});

describe('emulator: SOQL', () => {
  const emulator = useEmulator({ sandboxes: ['uat', 'dev', 'qa1'] });
  let token: string;
  before(async () => {
    token = await emulator.client.login();
  });
  const query = (soql: string, api = '') => emulator.client.query(emulator.info.productionUrl, token, soql, api);
  const names = async (clauses: string) => {
    const reply = await query(`SELECT SandboxName FROM SandboxInfo ${clauses}`, '/tooling');
    expect(reply.status, reply.text).to.equal(200);
    return (reply.json['records'] as Array<{ SandboxName: string }>).map((row) => row.SandboxName);
  };

  it('gives rows with their attributes, and nothing but the fields asked for', async () => {
    const { json } = await query("SELECT id, Name, Profile.Name FROM User WHERE Username = 'ADMIN@acme.example'");
    expect(json).to.include({ totalSize: 1, done: true });
    const [row] = json['records'] as Array<Record<string, unknown>>;
    expect(row).to.have.all.keys('attributes', 'Id', 'Name', 'Profile');
    expect(row!['attributes']).to.deep.equal({
      type: 'User',
      url: `/services/data/v67.0/sobjects/User/${String(row!['Id'])}`,
    });
    expect(row!['Profile']).to.deep.include({ Name: 'System Administrator' });
  });

  const selections: Array<[string, string[]]> = [
    ["WHERE SandboxName = 'UAT'", ['uat']],
    ["WHERE SandboxName != 'uat' ORDER BY SandboxName", ['dev', 'qa1']],
    ["WHERE SandboxName <> 'uat' ORDER BY SandboxName DESC", ['qa1', 'dev']],
    ["WHERE SandboxName IN ('dev','qa1', 'x') ORDER BY SandboxName", ['dev', 'qa1']],
    ["WHERE SandboxName NOT IN ('dev') AND NOT (SandboxName LIKE 'qa_')", ['uat']],
    ["WHERE SandboxName LIKE '%A%' ORDER BY SandboxName LIMIT 1", ['qa1']],
    ["WHERE SandboxName LIKE 'qa\\_'", []],
    ["WHERE SandboxName = 'x\\'y' OR (SandboxName = 'dev' AND HistoryDays = 0)", ['dev']],
    ["WHERE SandboxName = '\\\\'", []],
    [
      'WHERE AutoActivate = true AND Description = null ORDER BY SandboxName ASC NULLS LAST LIMIT 2 OFFSET 1',
      ['qa1', 'uat'],
    ],
    ['WHERE CreatedDate > 2020-01-01T00:00:00Z AND HistoryDays < 1 ORDER BY CreatedDate', ['uat', 'dev', 'qa1']],
    ['WHERE HistoryDays >= 1', []],
  ];
  for (const [clauses, expected] of selections) {
    it(`selects ${clauses}`, async () => {
      expect(await names(clauses)).to.deep.equal(expected);
    });
  }

  it('finds ids by 15 and by 18 characters, but SandboxOrganization by 15 alone', async () => {
    const [row] = (await query('SELECT Id, SandboxOrganization FROM SandboxProcess LIMIT 1', '/tooling')).json[
      'records'
    ] as Array<{ Id: string; SandboxOrganization: string }>;
    const count = async (where: string) =>
      (await query(`SELECT COUNT() FROM SandboxProcess WHERE ${where}`, '/tooling')).json['totalSize'];
    expect(await count(`Id = '${row!.Id}'`)).to.equal(1);
    expect(await count(`Id = '${row!.Id.slice(0, 15)}'`)).to.equal(1);
    expect(await count(`SandboxOrganization = '${row!.SandboxOrganization}'`)).to.equal(1);
    expect(await count(`SandboxOrganization = '${emulator.info.sandboxes[0]!.orgId}'`)).to.equal(0);
  });

  it('refuses what is no SOQL, no object, no field', async () => {
    const refused: Array<[string, string, string]> = [
      ['SELECT', 'MALFORMED_QUERY', ''],
      ["SELECT Id FROM Account WHERE Name = 'open", 'MALFORMED_QUERY', ''],
      ["SELECT Id FROM Account WHERE Name ~ 'x'", 'MALFORMED_QUERY', ''],
      ['SELECT Id FROM Account LIMIT x', 'MALFORMED_QUERY', ''],
      ['SELECT Id FROM Account GARBAGE', 'MALFORMED_QUERY', ''],
      ['SELECT Id FROM Nothing', 'INVALID_TYPE', ''],
      ['SELECT Id FROM SandboxProcess', 'INVALID_TYPE', ''],
      ['SELECT Id FROM Account', 'INVALID_TYPE', '/tooling'],
      ['SELECT Id FROM ScratchOrgInfo', 'INVALID_TYPE', ''],
      ['SELECT Nothing FROM Account', 'INVALID_FIELD', ''],
      ["SELECT Id FROM Account WHERE Nothing = 'x' LIMIT 1", 'INVALID_FIELD', ''],
      ['SELECT Id FROM Account ORDER BY Nothing', 'INVALID_FIELD', ''],
    ];
    for (const [soql, errorCode, api] of refused) {
      const reply = await query(soql, api);
      expect([reply.status, restError(reply).errorCode], soql).to.deep.equal([400, errorCode]);
    }
    const { message } = restError(await query('SELECT Id, Nothing FROM Account'));
    expect(message).to.contain("No such column 'Nothing' on entity 'Account'").and.contain('Column:12');
  });

  it('gives large results in batches', async () => {
    for (let i = 0; i < 250; i++) await emulator.control.createUser({ username: `u${i}@acme.example` });
    const { client, info } = emulator;
    const headers = { Authorization: `Bearer ${token}`, 'Sforce-Query-Options': 'batchSize=200' };
    const soql = encodeURIComponent('SELECT Username FROM User ORDER BY Username');
    const first = await client.send(`${info.productionUrl}/services/data/v67.0/query?q=${soql}`, { headers });
    expect(first.json).to.include({ totalSize: 251, done: false });
    expect(first.json['records']).to.have.length(200);
    const next = `${info.productionUrl}${String(first.json['nextRecordsUrl'])}`;
    const second = await client.get(next, token);
    expect(second.json).to.include({ totalSize: 251, done: true });
    expect(second.json['records']).to.have.length(51);
    expect(restError(await client.get(next, await client.login())).errorCode).to.equal('INVALID_QUERY_LOCATOR');
  });
});
