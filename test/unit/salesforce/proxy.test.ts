import { expect } from 'chai';
import { proxyAddress, proxyOrigin } from '../../../src/salesforce/proxy.js';

describe('a proxy', () => {
  it('that is set without a scheme is an HTTP proxy, any other is taken as it is', () => {
    expect(proxyAddress('proxy.acme.example:3128')).to.equal('http://proxy.acme.example:3128');
    expect(proxyAddress('me:secret@proxy.acme.example')).to.equal('http://me:secret@proxy.acme.example');
    expect(proxyAddress('socks5://proxy.acme.example:1080')).to.equal('socks5://proxy.acme.example:1080');
  });

  it('is shown with scheme, host and port, never with user and password', () => {
    expect(proxyOrigin('me:secret@proxy.acme.example:3128')).to.equal('http://proxy.acme.example:3128');
    expect(proxyOrigin('https://me:secret@proxy.acme.example/x')).to.equal('https://proxy.acme.example');
    expect(proxyOrigin('socks5://me:secret@proxy.acme.example:1080')).to.equal('socks5://proxy.acme.example:1080');
  });

  it('cannot be shown when it is no address', () => {
    for (const value of ['http://me:secret@', 'http://', 'a b']) expect(proxyOrigin(value), value).to.equal(undefined);
  });
});
