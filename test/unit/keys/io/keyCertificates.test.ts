import { createPrivateKey } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { certificates } from '../../../../src/keys/io/certificates.js';
import { certificateOf } from '../../../../src/keys/io/keyCertificates.js';
import { signingKey } from '../../../../src/keys/signingKey.js';
import { useHome } from '../../../support/home.js';

describe('the certificate beside a key', () => {
  const home = useHome();

  it('is the one of its name that belongs to it; whatever is no certificate is not there', async () => {
    const request = { keySize: 2048, days: 10, subject: { commonName: 'x' }, now: new Date() } as const;
    const [own, other] = [await certificates.create(request), await certificates.create(request)];
    const key = signingKey(createPrivateKey(own.key));
    const path = (name: string): string => join(home.path, name);
    const beside = (name: string): ReturnType<typeof certificateOf> =>
      certificateOf({ source: 'file', path: path(name) }, key);
    expect(await beside('server.key')).to.equal(undefined);
    await writeFile(path('server.pem'), own.key);
    expect(await beside('server.key')).to.equal(undefined);
    await writeFile(path('server.crt'), other.certificate);
    expect(await beside('server.key')).to.include({ belongsToKey: false });
    await writeFile(path('server.cer'), own.certificate);
    expect(await beside('server.key')).to.deep.equal({
      file: path('server.cer'),
      expiresAt: own.expiresAt,
      belongsToKey: true,
    });
    expect(await beside('server.pem')).to.include({ file: path('server.cer') });
  });
});
