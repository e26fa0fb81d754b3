import { readFile } from 'node:fs/promises';
import tls from 'node:tls';

/** Has this process trust a stand-in, as `NODE_EXTRA_CA_CERTS` does for one that is started. @returns what ends that */
export async function trustCertificate(file: string): Promise<() => void> {
  const before = tls.getCACertificates('default');
  tls.setDefaultCACertificates([...before, await readFile(file, 'utf8')]);
  return () => {
    tls.setDefaultCACertificates(before);
  };
}
