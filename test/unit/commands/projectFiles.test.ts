import { mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SfError } from '@salesforce/core/sfError';
import { stubSfCommandUx } from '@salesforce/sf-plugins-core';
import { expect } from 'chai';
import sinon from 'sinon';
import JitConfigInit from '../../../src/commands/jit/config/init.js';
import JitKeyCreate from '../../../src/commands/jit/key/create.js';
import { dropSignalListeners } from '../../support/commandStubs.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

describe('commands that make a project’s own files', function () {
  this.timeout(30_000);

  const sandbox = sinon.createSandbox();
  const original = { folder: process.cwd(), home: process.env['HOME'], logFile: process.env['SF_DISABLE_LOG_FILE'] };
  let folder: string;
  let ux: ReturnType<typeof stubSfCommandUx>;

  dropSignalListeners();

  before(() => {
    // The log writer is a thread that would look for tsx in the present folder.
    process.env['SF_DISABLE_LOG_FILE'] = 'true';
  });

  after(() => {
    restoreVariable('SF_DISABLE_LOG_FILE', original.logFile);
  });

  beforeEach(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'jit-project-')));
    process.env['HOME'] = folder;
    await mkdir(join(folder, 'project/.git'), { recursive: true });
    process.chdir(join(folder, 'project'));
    ux = stubSfCommandUx(sandbox);
  });

  afterEach(() => {
    sandbox.restore();
    process.chdir(original.folder);
    restoreVariable('HOME', original.home);
    process.exitCode = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  /** What was shown on the terminal, on both streams. */
  const shown = (): string =>
    [ux.log, ux.logSuccess, ux.warn, ux.logToStderr]
      .flatMap((stub) => stub.args.flat() as unknown[])
      .map((text) => (typeof text === 'string' ? text : JSON.stringify(text)))
      .join('\n');

  const failureOf = async (work: Promise<unknown>): Promise<SfError> =>
    (await work.catch((reason: unknown) => reason)) as SfError;

  describe('sf jit key create', () => {
    it('makes both files in "certs", names them in .gitignore, and says what to do next', async () => {
      const result = await JitKeyCreate.run([], root);
      expect(Object.keys(result)).to.deep.equal([
        'keyFile',
        'certificateFile',
        'keySize',
        'fingerprintSha256',
        'expiresAt',
        'subject',
        'gitignore',
      ]);
      expect(result.keyFile).to.equal(join(folder, 'project/certs/server.key'));
      expect(result.keySize).to.equal(2048);
      expect(result.subject).to.equal('CN=sf-plugin-jit');
      const days = (Date.parse(result.expiresAt) - Date.now()) / 86_400_000;
      expect(days).to.be.within(364.9, 365);
      expect(statSync(result.keyFile).mode & 0o777).to.equal(0o600);
      expect(readFileSync(join(folder, 'project/.gitignore'), 'utf8')).to.equal(
        '/certs/server.key*\n/certs/server.crt*\n',
      );
      expect(shown()).to.contain('External Client App Manager').and.contain(`--jwt-key-file ${result.keyFile} `);
      expect(shown() + JSON.stringify(result)).not.to.contain(readFileSync(result.keyFile, 'utf8').split('\n')[1]);
    });

    it('takes all subject fields', async () => {
      const { subject, keySize } = await JitKeyCreate.run(
        [
          '--key-size',
          '3072',
          '--days',
          '30',
          '--common-name',
          'ci',
          '--organization',
          'Acme',
          '--organizational-unit',
          'IT',
          '--country',
          'us',
          '--state',
          'California',
          '--locality',
          'San Francisco',
          '--email',
          'a@acme.com',
        ],
        root,
      );
      expect(keySize).to.equal(3072);
      expect(subject).to.equal('C=US, ST=California, L=San Francisco, O=Acme, OU=IT, CN=ci, E=a@acme.com');
    });

    it('overwrites nothing', async () => {
      await mkdir('keys');
      writeFileSync('keys/server.crt', 'old');
      const error = await failureOf(JitKeyCreate.run(['--output-dir', 'keys'], root));
      expect(error.name).to.equal('FileExists');
      expect(error.exitCode).to.equal(1);
      expect(error.actions?.join()).to.contain('sf jit key create --output-dir');
      expect(readFileSync('keys/server.crt', 'utf8')).to.equal('old');
    });

    it('warns outside a git work tree', async () => {
      rmSync('.git', { recursive: true });
      expect((await JitKeyCreate.run([], root)).gitignore).to.equal(null);
      expect(shown()).to.contain('not in a git work tree');
    });

    it('knows the sizes and days that make sense', async () => {
      for (const argv of [
        ['--key-size', '1024'],
        ['--days', '0'],
        ['--days', '4000'],
      ]) {
        const error = await failureOf(JitKeyCreate.run(argv, root));
        expect(error.exitCode, argv.join(' ')).to.equal(2);
      }
    });
  });

  describe('sf jit config init', () => {
    const flags = [
      '--instance-url',
      'https://acme.my.salesforce.com',
      '--username',
      'admin@acme.com',
      '--client-id',
      '3MVG9x',
    ];

    it('writes the file and has git ignore it', async () => {
      const result = await JitConfigInit.run([...flags, '--jwt-key-file', 'certs/server.key', '--no-prompt'], root);
      expect(result.privateKeyPath).to.equal('certs/server.key');
      const { file, gitignore, ...fields } = result;
      expect(JSON.parse(readFileSync(file, 'utf8'))).to.deep.equal(fields);
      expect(file).to.equal(join(folder, 'project/.sfconnect.json'));
      expect(readFileSync(gitignore!, 'utf8')).to.equal('/.sfconnect.json\n');
      expect(shown()).to.contain('There is no file certs/server.key yet');
    });

    it('makes the key path relative to the file when that is elsewhere', async () => {
      const result = await JitConfigInit.run(
        [...flags, '--jwt-key-file', 'certs/server.key', '--output-dir', 'sub', '--no-prompt'],
        root,
      );
      expect(result.privateKeyPath).to.equal('../certs/server.key');
    });

    it('asks nothing with --no-prompt and names all flags that are missing', async () => {
      const error = await failureOf(JitConfigInit.run(['--username', 'admin@acme.com', '--no-prompt'], root));
      expect(error).to.include({ name: 'FlagMissing', exitCode: 2 });
      expect(error.message).to.equal('Missing required flags: --instance-url, --client-id, --jwt-key-file.');
    });

    it('shows no key that was given in the place of its path', async () => {
      const secret = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'.repeat(30);
      const key = `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----`;
      for (const value of [key, key.replace(/\n/g, '\\n'), secret]) {
        const error = await failureOf(JitConfigInit.run([...flags, '--jwt-key-file', value, '--no-prompt'], root));
        expect(error.message).to.contain('it is the key itself');
        expect(JSON.stringify(error.toObject()) + shown()).not.to.contain('MIIEvQ');
      }
    });

    it('overwrites nothing', async () => {
      writeFileSync('.sfconnect.json', '{}');
      const error = await failureOf(JitConfigInit.run([...flags, '--no-prompt'], root));
      expect(error.name).to.equal('FileExists');
      expect(readFileSync('.sfconnect.json', 'utf8')).to.equal('{}');
    });
  });
});

function restoreVariable(name: string, value: string | undefined): void {
  if (value === undefined) Reflect.deleteProperty(process.env, name);
  else process.env[name] = value;
}
