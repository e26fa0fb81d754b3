import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { signAssertion } from '../../../src/salesforce/assertion.js';
import { testKey, testKeyObject } from '../../support/fakes.js';

describe('an assertion', () => {
  const claims = { iss: '3MVG9test', sub: 'admin@acme.example', aud: 'https://login.example', exp: 1_800_000_000 };

  it('is, to the letter, the JWT that jsonwebtoken makes', async () => {
    const expected = jwt.sign(claims, testKeyObject, { algorithm: 'RS256', noTimestamp: true });
    expect(await signAssertion(claims, testKey)).to.equal(expected);
  });

  it('is signed by whoever has the key, who gets header and claims and nothing else', async () => {
    const inputs: string[] = [];
    const sign = (input: Uint8Array): Promise<Buffer> => {
      inputs.push(Buffer.from(input).toString());
      return Promise.resolve(Buffer.from([0xfb, 0xff]));
    };
    const assertion = await signAssertion(claims, { ...testKey, sign });
    const [header = '', payload = ''] = assertion.split('.').map((part) => Buffer.from(part, 'base64url').toString());
    expect([JSON.parse(header), JSON.parse(payload)]).to.deep.equal([{ alg: 'RS256', typ: 'JWT' }, claims]);
    expect(assertion).to.equal(`${inputs.join()}.-_8`);
  });

  it('is not made when the key does not sign', async () => {
    const refused = { ...testKey, sign: () => Promise.reject(new Error('not touched')) };
    const error: unknown = await signAssertion(claims, refused).catch((reason: unknown) => reason);
    expect(error).to.have.property('message', 'not touched');
  });
});
