import { expect } from 'chai';
import { JitFailure } from '../../../src/failures/failures.js';
import type { WriteSfconnectPorts } from '../../../src/production/writeSfconnect.js';
import type { Questions } from '../../../src/terminal/questions.js';
import { writeSfconnect } from '../../../src/production/writeSfconnect.js';

const given = {
  outputDir: '/repo',
  instanceUrl: 'https://acme.my.salesforce.com',
  username: 'admin@acme.com',
  clientId: '3MVG9example',
  privateKeyPath: './certs/server.key',
};

function fakes(existing: readonly string[] = [], questions?: Questions) {
  const written: string[] = [];
  const ports: WriteSfconnectPorts = {
    ...(questions && { questions }),
    newFiles: {
      exists: (path) => Promise.resolve(existing.includes(path)),
      create: (files) => {
        written.push(...files.map(({ path, content, mode }) => `${path} ${mode.toString(8)}\n${content}`));
        return Promise.resolve();
      },
      ignore: () => Promise.resolve(null),
    },
  };
  return { ports, written };
}

const failureOf = async (work: Promise<unknown>): Promise<JitFailure> => {
  const error = await work.catch((reason: unknown) => reason);
  expect(error).to.be.instanceOf(JitFailure);
  return error as JitFailure;
};

/** Answers each question with the next line, like a user who tries again until the answer is taken. */
const answering = (...lines: Array<string | undefined>): Questions & { asked: string[] } => {
  const asked: string[] = [];
  return {
    asked,
    ask(question, preset, problemOf) {
      asked.push(question);
      for (;;) {
        const line = lines.shift();
        if (line === undefined) return Promise.resolve(undefined);
        const answer = line === '' ? (preset ?? '') : line;
        if (problemOf(answer) === undefined) return Promise.resolve(answer);
      }
    },
  };
};

describe('writeSfconnect', () => {
  it('writes the fields that were given, and says that the key is not there yet', async () => {
    const { ports, written } = fakes();
    const result = await writeSfconnect(given, ports);
    expect(result).to.include({
      file: '/repo/.sfconnect.json',
      keyFileMissing: true,
      algorithm: 'RS256',
      authType: 'jwt',
      gitignore: null,
    });
    expect(written).to.have.length(1);
    expect(written[0]).to.match(/^\/repo\/\.sfconnect\.json 600\n\{/);
    expect((await writeSfconnect(given, fakes(['/repo/certs/server.key']).ports)).keyFileMissing).to.equal(false);
  });

  it('has git ignore the file before it is there', async () => {
    const { ports, written } = fakes();
    const ignored: string[] = [];
    ports.newFiles.ignore = async (paths) => {
      ignored.push(...paths, `${written.length} written`);
      return '/repo/.gitignore';
    };
    expect((await writeSfconnect(given, ports)).gitignore).to.equal('/repo/.gitignore');
    expect(ignored).to.deep.equal(['/repo/.sfconnect.json', '0 written']);
  });

  it('asks for what is missing only, and takes no wrong answer', async () => {
    const { username, outputDir } = given;
    const questions = answering('', 'has spaces', '3MVG9example', './server.key');
    const result = await writeSfconnect({ outputDir, username }, fakes([], questions).ports);
    expect(questions.asked).to.have.length(3);
    expect(result).to.include({
      instanceUrl: 'https://login.salesforce.com',
      username,
      clientId: '3MVG9example',
      privateKeyPath: './server.key',
    });
  });

  it('names all flags that are missing or wrong when nobody can be asked', async () => {
    const { ports, written } = fakes();
    const failure = await failureOf(writeSfconnect({ outputDir: '/repo', username: 'admin', apiVersion: '59' }, ports));
    expect(failure.name).to.equal('InputInvalid');
    expect(failure.facts.field).to.equal('--instance-url, --api-version, --client-id, --username, --jwt-key-file');
    expect(failure.facts.problem).to.equal('a value is missing or wrong');
    expect(failure.facts.problems?.split('\n')).to.have.length(5);
    expect(failure.facts.problems).to.contain('--client-id: it is missing; it must be the consumer key of the app');
    expect(written).to.deep.equal([]);
  });

  it('names what is missing when the user ends the input', async () => {
    const failure = await failureOf(writeSfconnect({ outputDir: '/repo' }, fakes([], answering('', undefined)).ports));
    expect([failure.name, failure.facts]).to.deep.equal([
      'FlagMissing',
      { field: '--client-id, --username, --jwt-key-file' },
    ]);
  });

  it('overwrites nothing, and asks nothing then', async () => {
    const questions = answering();
    const failure = await failureOf(
      writeSfconnect({ outputDir: '/repo' }, fakes(['/repo/.sfconnect.json'], questions).ports),
    );
    expect([failure.name, failure.facts.file]).to.deep.equal(['FileExists', '/repo/.sfconnect.json']);
    expect(questions.asked).to.deep.equal([]);
  });
});
