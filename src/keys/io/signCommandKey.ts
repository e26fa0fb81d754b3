import { createPublicKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { JitFailure } from '../../failures/failures.js';
import type { CommandWords } from '../../programs/commandLine.js';
import { looksLikePrivateKey, rsaKeyProblem } from '../privateKey.js';
import { parseSignature, signatureProblem } from '../signature.js';
import type { SigningKey } from '../signingKey.js';
import { keyFileText } from './keyFile.js';
import { outputOf, requireProgram } from './keyPrograms.js';
import { askOnce } from './signingTime.js';
import { sayIfSlow } from './waiting.js';

/** A key with which a program signs. */
export type SignCommand = {
  readonly command: CommandWords;
  /** The file with the public half: a certificate, or the public key itself. */
  readonly publicFile: string;
};

/**
 * The key of a program that signs what it reads from standard input. The program is not run yet: it is only looked for.
 *
 * @throws KeyProgramFailed when there is no such program, KeyInvalid for a file that holds no public half of a key that Salesforce takes
 */
export async function signCommandKey(
  { command, publicFile }: SignCommand,
  production: string | undefined,
): Promise<SigningKey> {
  const publicKey = await publicKeyIn(publicFile, production);
  await requireProgram(command, production);
  const [program] = command;
  return {
    publicKey,
    sign: (input) =>
      askOnce(JSON.stringify(command), async () => {
        const stopSaying = sayIfSlow('program', program);
        const output = await outputOf(command, input, production).finally(stopSaying);
        const signature = parseSignature(output, publicKey);
        const refused = (problem: string): JitFailure =>
          new JitFailure('SignatureUnusable', { problem, program, file: publicFile, production });
        if (signature === undefined) throw refused('what the program printed is not base64');
        const problem = signatureProblem(input, signature, publicKey);
        if (problem !== undefined) throw refused(problem);
        return signature;
      }),
  };
}

async function publicKeyIn(file: string, production: string | undefined): Promise<KeyObject> {
  const invalid = (problem: string): JitFailure => new JitFailure('KeyInvalid', { file, problem, production });
  const text = await keyFileText(file, production);
  if (looksLikePrivateKey(text)) {
    throw invalid('it is the private key, which has no business here; the certificate that belongs to it is needed');
  }
  const key = certificateKey(text) ?? plainKey(text);
  if (key === undefined) throw invalid('it holds neither a certificate nor a public key in PEM format');
  const problem = rsaKeyProblem(key);
  if (problem !== undefined) throw invalid(problem);
  return key;
}

function certificateKey(text: string): KeyObject | undefined {
  try {
    return new X509Certificate(text).publicKey;
  } catch {
    return undefined;
  }
}

function plainKey(text: string): KeyObject | undefined {
  try {
    return createPublicKey(text);
  } catch {
    return undefined;
  }
}
