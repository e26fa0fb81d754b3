import type { KeyObject } from 'node:crypto';
import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { agentKey } from '../../../../src/keys/io/agentKeys.js';
import { withTimeLimit } from '../../../../src/files/io/timeLimit.js';
import { needs, TestAgent } from '../../../support/keepers.js';
import { rejection } from '../../../support/rejection.js';
import { type TemporaryDirectory, temporaryDirectory } from '../../../support/temporaryDirectory.js';
import { ownTime } from '../../../support/ownTime.js';

const production = 'admin@acme.example';
const input = Buffer.from('header.claims');
const before = process.env['SSH_AUTH_SOCK'];

describe('a key in an ssh-agent', function () {
  let folder: TemporaryDirectory;
  beforeEach(async function () {
    if (process.platform === 'win32') this.skip();
    folder = await temporaryDirectory();
  });
  afterEach(async () => {
    if (before === undefined) delete process.env['SSH_AUTH_SOCK'];
    else process.env['SSH_AUTH_SOCK'] = before;
    await folder?.remove();
  });

  describe('of OpenSSH', () => {
    let agent: TestAgent;
    beforeEach(async function () {
      needs(this, 'ssh-agent', 'ssh-add');
      agent = await TestAgent.start(folder.path);
      process.env['SSH_AUTH_SOCK'] = agent.socket;
    });
    afterEach(() => {
      agent?.stop();
    });

    const add = async (type: 'rsa' | 'ed25519' | 'ec', bits = 2048): Promise<{ fingerprint: string; pem: string }> => {
      const { privateKey } =
        type === 'rsa'
          ? generateKeyPairSync('rsa', { modulusLength: bits })
          : type === 'ec'
            ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
            : generateKeyPairSync('ed25519');
      const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
      const file = join(folder.path, `${type}.key`);
      await writeFile(file, pem, { mode: 0o600 });
      return { fingerprint: await agent.add(file), pem };
    };

    it('shows its public half, and signs with RS256', async () => {
      const { fingerprint, pem } = await add('rsa');
      const key = await agentKey(fingerprint, production);
      expect(key.publicKey.equals(createPublicKey(pem))).to.equal(true);
      for (const text of [input, Buffer.alloc(5000, 'x')]) {
        expect(verify('sha256', text, createPublicKey(pem), await key.sign(text))).to.equal(true);
      }
    });

    it('is refused for what it is when Salesforce does not take it', async function () {
      const cases = [
        [(await add('ec')).fingerprint, 'it is an EC key; Salesforce accepts RSA keys only'],
        [(await add('rsa', 1024)).fingerprint, 'it is an RSA key of 1024 bits; Salesforce needs 2048 bits or more'],
      ] as const;
      for (const [fingerprint, problem] of cases) {
        const failure = await rejection(agentKey(fingerprint, production));
        expect([failure.name, failure.facts]).to.deep.equal(['KeyInvalid', { problem, fingerprint, production }]);
      }
    });

    it('is missed with the names of those that are there', async () => {
      const { fingerprint } = await add('rsa');
      const failure = await rejection(agentKey(`SHA256:${'x'.repeat(43)}`, production));
      expect(failure.name).to.equal('KeyNotInAgent');
      expect(failure.facts.problem).to.equal('it has one key, and not this one');
      expect(failure.facts.names).to.contain(fingerprint).and.to.contain('rsa.key');
    });

    it('is told apart from an agent that has ended', async () => {
      const { fingerprint } = await add('rsa');
      const key = await agentKey(fingerprint, production);
      agent.stop();
      await new Promise((resolve) => setTimeout(resolve, 200));
      const failure = await rejection(key.sign(input));
      expect(failure.name).to.equal('KeyNotInAgent');
      agent = await TestAgent.start(folder.path);
    });
  });

  describe('of another kind', () => {
    // one a test: who refused once is not asked again within the minute
    let privateKey: KeyObject;
    const text = (bytes: Uint8Array | string): Buffer => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(Buffer.byteLength(bytes));
      return Buffer.concat([length, Buffer.from(bytes as Uint8Array)]);
    };
    const bytes = (part: string): Buffer => Buffer.from(part, 'base64url');
    let sockets: Socket[] = [];
    let server: Server | undefined;
    let asked = 0;

    /** An agent that has one key and answers to signing as it is told. */
    async function agentThat(answer: (socket: Socket) => void): Promise<string> {
      const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
      ({ privateKey } = pair);
      const { n, e } = pair.publicKey.export({ format: 'jwk' }) as { n: string; e: string };
      const blob = Buffer.concat([text('ssh-rsa'), text(bytes(e)), text(Buffer.concat([Buffer.of(0), bytes(n)]))]);
      const list = text(Buffer.concat([Buffer.of(12, 0, 0, 0, 1), text(blob), text('k')]));
      server = createServer((socket) => {
        sockets.push(socket);
        socket.on('error', () => undefined);
        socket.on('data', (data) => {
          asked++;
          if (data[4] === 11) socket.write(list);
          else answer(socket);
        });
      });
      const path = join(folder.path, 's');
      await new Promise<void>((resolve) => server?.listen(path, resolve));
      process.env['SSH_AUTH_SOCK'] = path;
      const unknown = await rejection(agentKey(`SHA256:${'x'.repeat(43)}`, production));
      return /SHA256:\S+/.exec(unknown.facts.names ?? '')?.[0] ?? '';
    }
    const signed = (algorithm: string, signature: Buffer): Buffer =>
      text(Buffer.concat([Buffer.of(14), text(Buffer.concat([text(algorithm), text(signature)]))]));

    afterEach(async () => {
      sockets.forEach((socket) => {
        socket.destroy();
      });
      sockets = [];
      server?.close();
      server = undefined;
    });

    const answers: ReadonlyArray<readonly [string, () => Buffer, string, RegExp]> = [
      [
        'always with SHA-512',
        () => signed('rsa-sha2-512', sign('sha512', input, privateKey)),
        'SignatureUnusable',
        /signed with rsa-sha2-512, which Salesforce does not take/,
      ],
      [
        'with SHA-1',
        () => signed('ssh-rsa', sign('sha1', input, privateKey)),
        'SignatureUnusable',
        /signed with ssh-rsa/,
      ],
      [
        'with a lie about the algorithm',
        () => signed('rsa-sha2-256', sign('sha512', input, privateKey)),
        'SignatureUnusable',
        /made with SHA-512/,
      ],
      [
        'with something else signed',
        () => signed('rsa-sha2-256', sign('sha256', Buffer.from('else'), privateKey)),
        'SignatureUnusable',
        /something else was signed/,
      ],
      ['with control characters', () => signed('rsa\u001b[31m', Buffer.from('x')), 'SignatureUnusable', /^[^\u001b]*$/],
      ['with a refusal', () => Buffer.from([0, 0, 0, 1, 5]), 'SignatureUnusable', /not touched or confirmed/],
      ['with what is no message', () => text(Buffer.from('HTTP/1.1 400')), 'KeyNotInAgent', /no ssh-agent/],
      ['with a length without end', () => Buffer.from('HTTP/1.1'), 'KeyNotInAgent', /no ssh-agent/],
    ];
    for (const [what, answer, name, problem] of answers) {
      it(`is not used when the agent answers ${what}`, async () => {
        const fingerprint = await agentThat((socket) => socket.write(answer()));
        const key = await agentKey(fingerprint, production);
        const failure = await rejection(key.sign(input));
        expect(failure.name).to.equal(name);
        expect(failure.facts.problem).to.match(problem);
        expect(failure.facts.fingerprint).to.equal(fingerprint);
        // nobody touches a key for the next sandbox who did not for this one
        asked = 0;
        expect(await rejection(key.sign(input))).to.equal(failure);
        expect(asked).to.equal(0);
      });
    }

    for (const [what, answer] of [
      ['says nothing', []],
      ['says half an answer', [0, 0, 0, 9, 14]],
    ] as const) {
      it(`is waited for no longer than there is time, when the agent ${what}`, async () => {
        const fingerprint = await agentThat((socket) => socket.write(Buffer.from(answer)));
        const key = await agentKey(fingerprint, production);
        const milliseconds = ownTime();
        const failure = await rejection(withTimeLimit(AbortSignal.timeout(100), () => key.sign(input)));
        expect(milliseconds()).to.be.below(5000);
        expect(failure.name).to.equal('SignatureUnusable');
        // what there was, not what there would have been
        expect(failure.facts.problem).to.match(/did not sign within [0-5] seconds: no touch or confirmation came/);
      });
    }
  });

  it('is missed where no agent is running, and where none is any more', async () => {
    const cases = [
      [undefined, /none is running here \(SSH_AUTH_SOCK is not set\)/],
      [join(folder.path, 'gone'), /there is none where SSH_AUTH_SOCK says/],
    ] as const;
    for (const [socket, problem] of cases) {
      if (socket === undefined) delete process.env['SSH_AUTH_SOCK'];
      else process.env['SSH_AUTH_SOCK'] = socket;
      const failure = await rejection(agentKey(`SHA256:${'x'.repeat(43)}`, production));
      expect(failure.name).to.equal('KeyNotInAgent');
      expect(failure.facts.problem).to.match(problem);
    }
  });
});
