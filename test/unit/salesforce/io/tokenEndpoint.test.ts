import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import type { OrgContext } from '../../../../src/salesforce/salesforce.js';
import { tokenEndpoint } from '../../../../src/salesforce/io/tokenEndpoint.js';
import { testKey } from '../../../support/fakes.js';

describe('the audience of an assertion', () => {
  const before_ = process.env['SF_AUDIENCE_URL'];
  let audiences: unknown[] = [];
  const server = createServer((request, response) => {
    request.setEncoding('utf8');
    let body = '';
    request.on('data', (text: string) => (body += text));
    request.on('end', () => {
      const assertion = new URLSearchParams(body).get('assertion') ?? '';
      audiences.push((jwt.decode(assertion) as jwt.JwtPayload).aud);
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          access_token: 'token',
          instance_url: 'https://acme.example',
          id: 'https://login.example/id/00D5g0000000001EAA/0055g0000000001AAA',
        }),
      );
    });
  });
  let loginUrl = '';
  before((done) => {
    server.listen(0, '127.0.0.1', () => {
      loginUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      done();
    });
  });
  after((done) => {
    server.close(done);
  });
  beforeEach(() => {
    audiences = [];
    process.env['SF_AUDIENCE_URL'] = 'https://audience.example';
  });
  afterEach(() => {
    if (before_ === undefined) delete process.env['SF_AUDIENCE_URL'];
    else process.env['SF_AUDIENCE_URL'] = before_;
  });

  const login = async (side: OrgContext['side']): Promise<unknown> => {
    const context = { org: side, side, user: 'admin@acme.example' };
    await tokenEndpoint.jwtLogin({ loginUrl, clientId: 'app', username: 'admin@acme.example', key: testKey }, context);
    return audiences.at(-1);
  };

  it('is what SF_AUDIENCE_URL says for production, and the login host for a sandbox', async () => {
    expect(await login('production')).to.equal('https://audience.example');
    expect(await login('sandbox')).to.equal(loginUrl);
  });

  it('is the login host where the variable says nothing', async () => {
    process.env['SF_AUDIENCE_URL'] = '';
    expect(await login('production')).to.equal(loginUrl);
  });
});
