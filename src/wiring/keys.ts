import { isAbsolute, relative, resolve, sep } from 'node:path';
import { agentKey } from '../keys/io/agentKeys.js';
import { certificateFor, certificates } from '../keys/io/certificates.js';
import { signCommandKey } from '../keys/io/signCommandKey.js';
import type { CreateCertificateRequest, CreatedCertificateFile } from '../keys/createCertificate.js';
import { createCertificate } from '../keys/createCertificate.js';
import type { KeyFlags } from '../production/keyInput.js';
import { keyFromFlags } from '../production/keyInput.js';
import type { SigningKey } from '../keys/signingKey.js';
import { newFiles } from '../files/io/newFiles.js';
import { canAsk, withTerminal } from '../terminal/io/terminal.js';
import type { Questions } from '../terminal/questions.js';
import type { SfconnectFields } from '../production/sfconnect.js';
import type { CreatedKeyPair, CreateKeyPairRequest } from '../keys/createKeyPair.js';
import { createKeyPair } from '../keys/createKeyPair.js';
import type { WrittenSfconnect } from '../production/writeSfconnect.js';
import { writeSfconnect } from '../production/writeSfconnect.js';
import { withFailureText } from './failureText.js';

/** The use cases that make a project's own files, bound to the real adapters. They need nothing of Salesforce, nor of sf's store. */
export const keys = {
  createKeyPair: withFailureText(async (request: CreateKeyPairRequest): Promise<CreatedKeyPair> => {
    const outputDir = resolve(request.outputDir);
    return createKeyPair({ ...request, outputDir }, { certificates, newFiles, now: () => new Date() });
  }),

  /** @param keeper the flags that say who keeps the key; the file with its public half as the certificate */
  createCertificate: withFailureText(
    async (request: CreateCertificateRequest, keeper: KeyFlags): Promise<CreatedCertificateFile> => {
      const outputDir = resolve(request.outputDir);
      const key = async (): Promise<SigningKey> => keptKey(keeper);
      return createCertificate({ ...request, outputDir }, { key, certificateFor, newFiles, now: () => new Date() });
    },
  ),

  /** @param mayAsk whether missing fields may be asked for, if there is a terminal */
  writeSfconnect: withFailureText(
    async (request: Partial<SfconnectFields> & { outputDir: string }, mayAsk: boolean): Promise<WrittenSfconnect> => {
      const outputDir = resolve(request.outputDir);
      const privateKeyPath = request.privateKeyPath && fromFolder(outputDir, request.privateKeyPath);
      const write = (questions?: Questions): Promise<WrittenSfconnect> =>
        writeSfconnect({ ...request, privateKeyPath, outputDir }, { newFiles, questions });
      return mayAsk && canAsk() ? withTerminal(write) : write();
    },
  ),
};

/** A key that signs somewhere else. It may belong to no production org yet. */
async function keptKey(flags: KeyFlags): Promise<SigningKey> {
  const source = keyFromFlags(flags);
  if (source?.source === 'agent') return agentKey(source.fingerprint, undefined);
  if (source?.source === 'sign-command') {
    return signCommandKey({ command: source.command, publicFile: source.certificateFile }, undefined);
  }
  throw new Error('The command has one of these flags.');
}

/** A path that the user gave relative to the present folder, as the file in `folder` must name it. */
function fromFolder(folder: string, path: string): string {
  const isPath = !isAbsolute(path) && !path.includes('\n');
  if (!isPath || folder === process.cwd()) return path;
  const moved = relative(folder, resolve(path)).split(sep).join('/');
  return moved.startsWith('.') ? moved : `./${moved}`;
}
