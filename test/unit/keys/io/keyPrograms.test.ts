import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { certificates } from '../../../../src/keys/io/certificates.js';
import { keys } from '../../../../src/keys/io/keyReader.js';
import type { KeySource } from '../../../../src/keys/keySource.js';
import type { CommandWords } from '../../../../src/programs/commandLine.js';
import { needs, TestHsm } from '../../../support/keepers.js';
import { rejection } from '../../../support/rejection.js';
import { type TemporaryDirectory, temporaryDirectory } from '../../../support/temporaryDirectory.js';

const production = 'admin@acme.example';
const input = Buffer.from('header.claims');
const node = (code: string, ...args: readonly string[]): CommandWords => [process.execPath, '-e', code, ...args];

describe('programs that have the key', () => {
  let folder: TemporaryDirectory;
  let pem: string;
  let keyFile: string;
  let certificateFile: string;
  before(async () => {
    folder = await temporaryDirectory();
    const made = await certificates.create({ keySize: 2048, days: 10, subject: { commonName: 'x' }, now: new Date() });
    pem = made.key;
    [keyFile, certificateFile] = [join(folder.path, 'k.pem'), join(folder.path, 'c.crt')];
    await writeFile(keyFile, pem);
    await writeFile(certificateFile, made.certificate);
  });
  after(() => folder?.remove());

  const printing = (command: CommandWords): KeySource => ({ source: 'command', command });
  const signing = (command: CommandWords, file = certificateFile): KeySource => ({
    source: 'sign-command',
    command,
    certificateFile: file,
  });
  /** What is wrong, and that no part of the key is told. */
  const problemOf = async (work: Promise<unknown>): Promise<[name: string, problem: string | undefined]> => {
    const failure = await rejection(work);
    const body = pem.split('\n').slice(1, -2);
    for (const line of body) expect(JSON.stringify([failure.facts, String(failure.cause)])).to.not.contain(line);
    return [failure.name, failure.facts.problem];
  };

  describe('that print it', () => {
    const cat = `process.stdout.write(fs.readFileSync(process.argv[1]))`;

    it('are asked once for all logins of a run of sf', async () => {
      const count = join(folder.path, 'count');
      const command = node(`fs.appendFileSync(process.argv[2], 'x');${cat}`, keyFile, count);
      const all = await Promise.all([1, 2, 3].map(async () => keys.read(printing(command), production)));
      all.push(await keys.read(printing(command), production));
      const signature = sign('sha256', input, pem);
      for (const key of all) expect(await key.sign(input)).to.deep.equal(signature);
      expect(await readFile(count, 'utf8')).to.equal('x');
    });

    const bad: ReadonlyArray<readonly [string, () => CommandWords, string, RegExp]> = [
      ['are not there', () => ['jit-no-such-program'], 'KeyProgramFailed', /^there is no such program$/],
      ['cannot be run', () => [certificateFile], 'KeyProgramFailed', /^it is not executable$/],
      ['print nothing', () => node(''), 'KeyProgramFailed', /^it printed nothing to standard output$/],
      ['print a line break', () => node('console.log()'), 'KeyProgramFailed', /^it printed nothing/],
      ['print a certificate', () => node(cat, certificateFile), 'KeyInvalid', /^it is a certificate/],
      [
        'print without end',
        () => node(`for(;;)fs.writeSync(1, 'x'.repeat(999))`),
        'KeyProgramFailed',
        /more than 64 kB/,
      ],
      [
        'print the key and fail',
        () => node(`${cat};process.stderr.write(fs.readFileSync(process.argv[1]));process.exitCode = 2`, keyFile),
        'KeyProgramFailed',
        /^it ended with exit code 2$/,
      ],
      [
        'ask for a passphrase',
        () => node(`console.error('Enter passphrase for the vault: '); process.exitCode = 1`),
        'KeyProgramFailed',
        /exit code 1, and it seems to ask something, which nobody can answer/,
      ],
      [
        'are ended',
        () => node(`process.kill(process.pid, 'SIGTERM')`),
        'KeyProgramFailed',
        /^it was ended by SIGTERM$/,
      ],
    ];
    for (const [what, command, name, problem] of bad) {
      it(`and ${what} are refused, saying so`, async function () {
        if (process.platform === 'win32' && /ended|run/.test(what)) this.skip();
        const [found, words] = await problemOf(keys.read(printing(command()), production));
        expect(found).to.equal(name);
        expect(words).to.match(problem);
      });
    }

    it('are quoted as far as they cannot hold a key, and named', async () => {
      const failure = await rejection(
        keys.read(printing(node(`console.error('not signed in'); process.exitCode = 6`)), production),
      );
      expect(failure.facts).to.include({ said: 'not signed in', program: process.execPath, production });
    });

    it('that said no are not asked again at once', async () => {
      const count = join(folder.path, 'refusals');
      const command = node(`fs.appendFileSync(process.argv[1], 'x'); process.exitCode = 1`, count);
      const [first, second] = [
        await rejection(keys.read(printing(command), production)),
        await rejection(keys.read(printing(command), production)),
      ];
      expect(second).to.equal(first);
      expect(await readFile(count, 'utf8')).to.equal('x');
    });
  });

  describe('that sign', () => {
    const signer = (more = ''): string =>
      `const c = require('crypto'); let i = fs.readFileSync(0); ${more}; console.log(c.sign('sha256', i, fs.readFileSync(process.argv[1])).toString('base64'))`;

    it('get the input to standard input, and are believed when the certificate confirms it', async () => {
      const key = await keys.read(signing(node(signer(), keyFile)), production);
      expect(await key.sign(input)).to.deep.equal(sign('sha256', input, pem));
    });

    const bad: ReadonlyArray<readonly [string, () => CommandWords, string, RegExp]> = [
      ['sign something else', () => node(signer(`i = 'x'`), keyFile), 'SignatureUnusable', /something else was signed/],
      ['sign a line', () => node(signer(`i += '\\n'`), keyFile), 'SignatureUnusable', /line break at its end/],
      ['print what is no base64', () => node(`console.log('{"a": 1}')`), 'SignatureUnusable', /not base64/],
      ['print a word', () => node(`console.log('word')`), 'SignatureUnusable', /it is 3 bytes long/],
      [
        'print the key',
        () => node(`console.log(fs.readFileSync(process.argv[1], 'utf8'))`, keyFile),
        'SignatureUnusable',
        /not base64/,
      ],
      ['print nothing', () => node(''), 'KeyProgramFailed', /printed nothing/],
      ['fail', () => node('process.exitCode = 9'), 'KeyProgramFailed', /exit code 9/],
    ];
    for (const [what, command, name, problem] of bad) {
      it(`and ${what} are refused, saying so`, async () => {
        const key = await keys.read(signing(command()), production);
        const [found, words] = await problemOf(key.sign(input));
        expect(found).to.equal(name);
        expect(words).to.match(problem);
      });
    }

    it('are looked for, and their certificate is judged, before anything is signed', async () => {
      const ec = join(folder.path, 'ec.pub');
      await writeFile(
        ec,
        generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }),
      );
      const cases = [
        [signing(['jit-no-such-program']), 'KeyProgramFailed', /no such program/],
        [signing(node(''), join(folder.path, 'gone')), 'KeyInvalid', /there is no such file/],
        [signing(node(''), keyFile), 'KeyInvalid', /it is the private key/],
        [signing(node(''), ec), 'KeyInvalid', /it is an EC key/],
        [signing(node(''), process.execPath), 'KeyInvalid', /neither a certificate nor a public key/],
      ] as const;
      for (const [source, name, problem] of cases) {
        const [found, words] = await problemOf(keys.read(source, production));
        expect([found, words]).to.satisfy(([one, two]: [string, string]) => one === name && problem.test(two));
      }
    });

    it('may be openssl', async function () {
      needs(this, 'openssl');
      const key = await keys.read(signing(['openssl', 'dgst', '-sha256', '-sign', keyFile]), production);
      expect(verify('sha256', input, key.publicKey, await key.sign(input))).to.equal(true);
      const shell = ['/bin/sh', '-c', `openssl dgst -sha256 -sign '${keyFile}' | base64`] as const;
      expect(await (await keys.read(signing(shell), production)).sign(input)).to.have.lengthOf(256);
    });

    it('may be pkcs11-tool with a key that cannot be taken out of SoftHSM', async function () {
      needs(this, 'softhsm2', 'pkcs11-tool');
      const hsm = await TestHsm.make(folder.path, keyFile);
      const command = ['env', `SOFTHSM2_CONF=${hsm.env.SOFTHSM2_CONF}`, ...hsm.signCommand.split(' ')] as const;
      const key = await keys.read(signing(command), production);
      expect(verify('sha256', input, key.publicKey, await key.sign(input))).to.equal(true);
    });
  });
});
