import type { JsonWebKey } from 'node:crypto';
import { createHash } from 'node:crypto';

/*
 * What is said between ssh-agents and those who use them (draft-ietf-sshm-ssh-agent; types of keys: RFC 4253, RFC 8332).
 */

/** Numbers of the messages. */
const failure = 5;
const requestIdentities = 11;
const identitiesAnswer = 12;
const signRequest = 13;
const signResponse = 14;

/** The flag that asks an RSA key for a signature with SHA-256; without it the answer is SHA-1. */
const sha256Flag = 2;

/** The name of signatures that are RS256 as they stand (RFC 8332). */
export const rs256 = 'rsa-sha2-256';

/** A key that an agent has. */
export type AgentKey = {
  /** Such as `ssh-rsa`. */
  readonly type: string;
  /** As `ssh-add -l` prints it. */
  readonly fingerprint: string;
  /** Whatever whoever added it called it. */
  readonly comment: string;
  /** The public half as the agent knows it. */
  readonly blob: Buffer;
};

/** An answer that is not of this protocol. */
export class AgentAnswerProblem extends Error {}

/** An agent's refusal: it gives no reasons. */
export class AgentRefusal extends Error {}

/** Asks for the keys. */
export function identitiesRequest(): Buffer {
  return message(requestIdentities);
}

/** Asks for a signature with SHA-256. */
export function signingRequest(blob: Uint8Array, input: Uint8Array): Buffer {
  const flags = Buffer.alloc(4);
  flags.writeUInt32BE(sha256Flag);
  return message(signRequest, text(blob), text(input), flags);
}

/** The keys in an answer, without its length. @throws AgentAnswerProblem, AgentRefusal */
export function identitiesIn(answer: Buffer): AgentKey[] {
  const reader = readerOf(answer, identitiesAnswer);
  const count = reader.number();
  // each takes eight bytes at least, which bounds what a wrong number can cost
  if (count > answer.length / 8) throw new AgentAnswerProblem();
  return Array.from({ length: count }, () => {
    const blob = reader.text();
    const comment = reader.text().toString('utf8');
    const type = new Reader(blob).text().toString('latin1');
    return { type, comment, blob, fingerprint: fingerprintOf(blob) };
  });
}

/** The signature in an answer, and the name of its algorithm. @throws AgentAnswerProblem, AgentRefusal */
export function signatureIn(answer: Buffer): { readonly algorithm: string; readonly signature: Buffer } {
  const inner = new Reader(readerOf(answer, signResponse).text());
  return { algorithm: inner.text().toString('latin1'), signature: inner.text() };
}

/** The public half of a key of type `ssh-rsa`. @throws AgentAnswerProblem */
export function rsaPublicKey(blob: Buffer): JsonWebKey {
  const reader = new Reader(blob);
  if (reader.text().toString('latin1') !== 'ssh-rsa') throw new AgentAnswerProblem();
  const [e, n] = [reader.text(), reader.text()].map((integer) => integer.toString('base64url'));
  return { kty: 'RSA', n: n ?? '', e: e ?? '' };
}

/** As `ssh-add -l` and `ssh-keygen -l` print it. */
function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** What a key is that is not RSA, in words that follow "it is"; undefined for RSA. */
export function otherThanRsa(type: string): string | undefined {
  if (type === 'ssh-rsa') return undefined;
  return kinds.find(({ types }) => types.test(type))?.words ?? 'a key of another type';
}

const kinds: ReadonlyArray<{ readonly types: RegExp; readonly words: string }> = [
  { types: /-cert-v\d+@/, words: 'an SSH certificate, not the key itself' },
  { types: /^sk-/, words: 'a FIDO security key' },
  { types: /^ecdsa-/, words: 'an EC key' },
  { types: /^ssh-ed25519$/, words: 'an Ed25519 key' },
  { types: /^ssh-ed448$/, words: 'an Ed448 key' },
  { types: /^ssh-dss$/, words: 'a DSA key' },
];

function message(type: number, ...parts: readonly Uint8Array[]): Buffer {
  return text(Buffer.concat([Buffer.from([type]), ...parts]));
}

/** Bytes with their length before them. */
function text(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function readerOf(answer: Buffer, expected: number): Reader {
  const [type] = answer;
  if (type === failure) throw new AgentRefusal();
  if (type !== expected) throw new AgentAnswerProblem();
  return new Reader(answer.subarray(1));
}

/** Reads numbers and texts one after another; an agent's lengths are believed as far as there are bytes. */
class Reader {
  private at = 0;

  public constructor(private readonly bytes: Buffer) {}

  public number(): number {
    if (this.at + 4 > this.bytes.length) throw new AgentAnswerProblem();
    this.at += 4;
    return this.bytes.readUInt32BE(this.at - 4);
  }

  public text(): Buffer {
    const length = this.number();
    if (this.at + length > this.bytes.length) throw new AgentAnswerProblem();
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}
