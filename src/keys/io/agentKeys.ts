import type { KeyObject } from 'node:crypto';
import { createPublicKey } from 'node:crypto';
import { JitFailure } from '../../failures/failures.js';
import { showable } from '../../failures/untrustedText.js';
import { rsaKeyProblem } from '../privateKey.js';
import { keyLength, signatureProblem } from '../signature.js';
import type { SigningKey } from '../signingKey.js';
import type { AgentKey } from '../sshAgentMessages.js';
import {
  AgentAnswerProblem,
  AgentRefusal,
  identitiesIn,
  identitiesRequest,
  otherThanRsa,
  rs256,
  rsaPublicKey,
  signatureIn,
  signingRequest,
} from '../sshAgentMessages.js';
import { askOnce, signingTimeLimit } from './signingTime.js';
import { AgentUnreachable, askAgent } from './sshAgent.js';
import { sayIfSlow } from './waiting.js';

/**
 * The key with this fingerprint in the ssh-agent of this session. Asks for nothing but the list: no touch, no question.
 *
 * @throws KeyNotInAgent, KeyInvalid for a key that Salesforce does not take
 */
export async function agentKey(fingerprint: string, production: string | undefined): Promise<SigningKey> {
  const { signal } = signingTimeLimit();
  const keys = await asked(identitiesRequest(), identitiesIn, signal, { fingerprint, production });
  const key = keys.find((one) => one.fingerprint === fingerprint);
  if (!key) throw notThere(fingerprint, keys, production);
  const other = otherThanRsa(key.type);
  if (other !== undefined) throw unusable(fingerprint, `it is ${other}; Salesforce accepts RSA keys only`, production);
  const publicKey = createPublicKey({ key: rsaPublicKey(key.blob), format: 'jwk' });
  const problem = rsaKeyProblem(publicKey);
  if (problem !== undefined) throw unusable(fingerprint, problem, production);
  return {
    publicKey,
    sign: (input) => askOnce(fingerprint, () => agentSignature(key, publicKey, input, production)),
  };
}

async function agentSignature(
  { blob, fingerprint }: AgentKey,
  publicKey: KeyObject,
  input: Uint8Array,
  production: string | undefined,
): Promise<Buffer> {
  const { signal, secondsPassed } = signingTimeLimit();
  const context = { fingerprint, production };
  const refused = (problem: string, cause?: unknown): JitFailure =>
    new JitFailure('SignatureUnusable', { problem, ...context }, cause);
  const stopSaying = sayIfSlow('agent', fingerprint);
  try {
    const { algorithm, signature } = await asked(signingRequest(blob, input), signatureIn, signal, context);
    if (algorithm !== rs256) {
      throw refused(
        `the ssh-agent was asked to sign with ${rs256}, and signed with ${showable(algorithm, 50)}, which Salesforce does not take`,
      );
    }
    // some agents leave zeros at the beginning out
    const padded = Buffer.concat([Buffer.alloc(Math.max(0, keyLength(publicKey) - signature.length)), signature]);
    const problem = signatureProblem(input, padded, publicKey);
    if (problem !== undefined) throw refused(problem);
    return padded;
  } catch (error) {
    if (error instanceof AgentRefusal) {
      throw refused('the ssh-agent refused to sign: the key was not touched or confirmed, or it is locked', error);
    }
    if (signal.aborted)
      throw refused(`the ssh-agent did not sign within ${secondsPassed()} seconds: no touch or confirmation came`);
    throw error;
  } finally {
    stopSaying();
  }
}

/** Asks the agent. @throws AgentRefusal, KeyNotInAgent when it cannot be asked, the signal's reason */
async function asked<T>(
  request: Buffer,
  read: (answer: Buffer) => T,
  signal: AbortSignal,
  context: { fingerprint: string; production: string | undefined },
): Promise<T> {
  try {
    return read(await askAgent(request, signal));
  } catch (error) {
    if (error instanceof AgentUnreachable)
      throw new JitFailure('KeyNotInAgent', { problem: error.message, ...context });
    if (error instanceof AgentAnswerProblem) {
      throw new JitFailure('KeyNotInAgent', { problem: 'what answers is no ssh-agent', ...context });
    }
    throw error;
  }
}

function notThere(fingerprint: string, keys: readonly AgentKey[], production: string | undefined): JitFailure {
  const rsa = keys.filter(({ type }) => otherThanRsa(type) === undefined);
  const names = rsa.slice(0, 10).map((key) => `${key.fingerprint} (${showable(key.comment, 60)})`);
  const count = keys.length === 1 ? 'one key' : `${keys.length || 'no'} keys`;
  return new JitFailure('KeyNotInAgent', {
    problem: `it has ${count}, and not this one`,
    names: names.length > 0 ? names.join(', ') : undefined,
    fingerprint,
    production,
  });
}

function unusable(fingerprint: string, problem: string, production: string | undefined): JitFailure {
  return new JitFailure('KeyInvalid', { problem, fingerprint, production });
}
