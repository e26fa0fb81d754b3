import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Answer, RequestContext, Operation } from '../../../src/salesforce/answers.js';
import { diagnoseAnswer } from '../../../src/salesforce/diagnosis.js';
import type { FailureName } from '../../../src/failures/failures.js';
import { failureClasses, JitFailure } from '../../../src/failures/failures.js';
import { failureText } from '../../../src/failures/failureView.js';

type Fixture = {
  source: string;
  operation: Operation;
  side: 'production' | 'sandbox';
  status: number;
  contentType: string;
  body: string;
  date?: string;
  location?: string;
  expected: FailureName;
};

const folder = new URL('../../fixtures/answers/', import.meta.url);
const fixtures = readdirSync(folder).map(
  (file) => [file, JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Fixture] as const,
);

const now = new Date('2026-11-22T01:05:00Z');

function circumstances(operation: Operation, side: 'production' | 'sandbox'): RequestContext {
  return side === 'production'
    ? {
        operation,
        side,
        org: 'production org admin@acme.com',
        host: 'acme.my.salesforce.com',
        user: 'admin@acme.com',
        clientId: '3MVG9example',
        ...(operation === 'sandbox-auth' && { sandbox: 'uat', callbackUrl: 'http://localhost:1717/OauthRedirect' }),
      }
    : {
        operation,
        side,
        org: 'sandbox uat',
        host: 'acme--uat.sandbox.my.salesforce.com',
        user: 'admin@acme.com.uat',
        clientId: '3MVG9example',
        sandbox: 'uat',
        production: 'admin@acme.com',
        ...(operation === 'code-exchange' && { callbackUrl: 'http://localhost:1717/OauthRedirect' }),
      };
}

function diagnose(fixture: Fixture): JitFailure {
  const { status, contentType, body, date, location } = fixture;
  return diagnoseAnswer(
    { status, contentType, body, date, location },
    circumstances(fixture.operation, fixture.side),
    now,
  );
}

describe('diagnoseAnswer', () => {
  for (const [file, fixture] of fixtures) {
    it(`takes ${file} for ${fixture.expected}`, () => {
      const failure = diagnose(fixture);
      expect(failure).to.be.instanceOf(JitFailure);
      expect(failure.name).to.equal(fixture.expected);
      for (const fact of failureClasses[failure.name].needs)
        expect(failure.facts[fact], fact).to.be.a('string').and.not.equal('');
      const { message, actions } = failureText(failure);
      expect(message).not.to.match(/\{\w+\}|undefined/);
      expect(actions).not.to.be.empty;
      // a bare OAuth code tells a user nothing
      expect(message.replace(/[\s.:]/g, '')).not.to.equal('invalid_grant');
      expect(message.length).to.be.greaterThan(40);
    });
  }

  it('covers every operation', () => {
    const operations = new Set(fixtures.map(([, { operation }]) => operation));
    expect([...operations].sort()).to.deep.equal([
      'code-exchange',
      'jwt-login',
      'query',
      'refresh-token',
      'revoke',
      'sandbox-auth',
    ]);
  });

  const oauth = (error: string, description?: string): Answer => ({
    status: 400,
    contentType: 'application/json',
    body: JSON.stringify({ error, error_description: description }),
  });

  it('explains an expired assertion by the clocks', () => {
    const answer = { ...oauth('invalid_grant', 'expired authorization code'), date: 'Sun, 22 Nov 2026 01:10:00 GMT' };
    const behind = diagnoseAnswer(answer, circumstances('jwt-login', 'production'), now);
    expect(behind.facts.seconds).to.equal('300');
    expect(behind.facts.problem).to.equal("this machine's clock is 300 seconds behind the server's");
    const ahead = diagnoseAnswer(answer, circumstances('jwt-login', 'production'), new Date('2026-11-22T01:20:00Z'));
    expect(ahead.facts.problem).to.contain('600 seconds ahead of');
    const unknown = diagnoseAnswer({ ...answer, date: 'x' }, circumstances('jwt-login', 'production'), now);
    expect(unknown.facts.problem).to.equal(undefined);
    expect(failureText(unknown).message).to.contain('clock').and.not.contain('Measured');
  });

  const skews: Array<[now: string, problem: string | undefined]> = [
    ['2026-11-22T01:10:04Z', undefined],
    ['2026-11-22T01:09:56Z', undefined],
    ['2026-11-22T01:10:05Z', "this machine's clock is 5 seconds ahead of the server's"],
    ['2026-11-22T01:09:55Z', "this machine's clock is 5 seconds behind the server's"],
  ];
  for (const [time, problem] of skews) {
    it(`${problem === undefined ? 'does not blame' : 'blames'} the clock at ${time}, when the server says 01:10:00`, () => {
      const answer = { ...oauth('invalid_grant', 'expired assertion'), date: 'Sun, 22 Nov 2026 01:10:00 GMT' };
      const { name, facts } = diagnoseAnswer(answer, circumstances('jwt-login', 'production'), new Date(time));
      expect(name).to.equal('AssertionExpired');
      expect(facts.problem).to.equal(problem);
      expect(facts.seconds).to.equal(problem === undefined ? undefined : '5');
    });
  }

  const errors = (status: number, errorCode: string, message: string): Answer => ({
    status,
    contentType: 'application/json',
    body: JSON.stringify([{ errorCode, message }]),
  });
  const text = (status: number, body: string): Answer => ({ status, contentType: 'text/plain', body });

  const statuses: Array<[title: string, answer: Answer, operation: Operation, name: FailureName, status: string]> = [
    ['300', text(300, ''), 'query', 'RedirectRefused', 'HTTP 300'],
    ['399', text(399, ''), 'query', 'RedirectRefused', 'HTTP 399'],
    ['400 of an empty body', text(400, ''), 'query', 'UnexpectedAnswer', 'HTTP 400'],
    ['299', text(299, ''), 'query', 'UnexpectedAnswer', 'HTTP 299'],
    ['499', text(499, ''), 'query', 'UnexpectedAnswer', 'HTTP 499'],
    ['500 of a page', text(500, 'oops'), 'sandbox-auth', 'ServerUnavailable', 'HTTP 500'],
    ['500 with an error', errors(500, 'X', 'y'), 'sandbox-auth', 'SandboxAuthFailed', 'HTTP 500'],
    ['500 with an error, of a query', errors(500, 'X', 'y'), 'query', 'ServerUnavailable', 'HTTP 500'],
    ['503 with an error', errors(503, 'X', 'y'), 'sandbox-auth', 'ServerUnavailable', 'HTTP 503'],
    ['maintenance', text(200, 'Down for maintenance'), 'query', 'ServerUnavailable', 'Down (maintenance)'],
    ['an error about maintenance', errors(400, 'X', 'maintenance'), 'query', 'UnexpectedAnswer', 'HTTP 400'],
    ['INVALID_STATUS', errors(400, 'INVALID_STATUS', 'no'), 'sandbox-auth', 'SandboxNotReady', 'INVALID_STATUS'],
    ['INVALID_STATUS of a query', errors(400, 'INVALID_STATUS', 'no'), 'query', 'UnexpectedAnswer', 'HTTP 400'],
  ];
  for (const [title, answer, operation, name, status] of statuses) {
    it(`takes ${title} for ${name} with the status "${status}"`, () => {
      const failure = diagnoseAnswer(answer, circumstances(operation, 'production'), now);
      expect(failure.name).to.equal(name);
      expect(failure.facts.status).to.equal(status);
    });
  }

  it('says what a proxy wants', () => {
    const failure = diagnoseAnswer(text(407, ''), circumstances('query', 'production'), now);
    expect(failure.facts.problem).to.equal('it wants a user and password (HTTP 407)');
  });

  it('names the sandbox and the production org as far as they are known', () => {
    const { sandbox: _, ...unnamed } = circumstances('sandbox-auth', 'production');
    const { production: __, ...own } = circumstances('jwt-login', 'sandbox');
    const named: Array<[RequestContext, sandbox: string | undefined, production: string | undefined]> = [
      [circumstances('sandbox-auth', 'production'), 'uat', 'admin@acme.com'],
      [unnamed, 'production org admin@acme.com', 'admin@acme.com'],
      [circumstances('query', 'production'), undefined, 'admin@acme.com'],
      [{ ...circumstances('query', 'production'), production: 'other@acme.com' }, undefined, 'other@acme.com'],
      [circumstances('jwt-login', 'sandbox'), 'uat', 'admin@acme.com'],
      [own, 'uat', undefined],
    ];
    for (const [context, sandbox, production] of named) {
      const { facts } = diagnoseAnswer(errors(400, 'X', 'y'), context, now);
      expect({ sandbox: facts.sandbox, production: facts.production }).to.deep.equal({ sandbox, production });
    }
  });

  it('names no sandbox for a server of production that is down: waiting for the sandbox would not help', () => {
    for (const down of [errors(503, 'X', 'y'), errors(400, 'SERVER_UNAVAILABLE', 'y'), text(200, 'maintenance')]) {
      const atProduction = diagnoseAnswer(down, circumstances('sandbox-auth', 'production'), now);
      expect([atProduction.name, atProduction.facts.sandbox]).to.deep.equal(['ServerUnavailable', undefined]);
      expect(diagnoseAnswer(down, circumstances('jwt-login', 'sandbox'), now).facts.sandbox).to.equal('uat');
    }
  });

  it('calls unknown what its text must name and nobody knows', () => {
    const { clientId: _, ...unnamed } = circumstances('jwt-login', 'production');
    const failure = diagnoseAnswer(oauth('invalid_client_id', 'client identifier invalid'), unnamed, now);
    expect(failure.facts.clientId).to.equal('unknown');
  });

  it('looks for a missing app in a sandbox only where a sandbox was asked', () => {
    const context = { ...circumstances('jwt-login', 'production'), production: 'admin@acme.com' };
    for (const answer of [oauth('invalid_client_id'), oauth('x', 'client identifier invalid')]) {
      expect(diagnoseAnswer(answer, context, now).name).to.equal('InvalidClientId');
      expect(diagnoseAnswer(answer, circumstances('jwt-login', 'sandbox'), now).name).to.equal('AppNotInSandbox');
    }
  });

  it('tells a sandbox configuration of its own from a sandbox of a known production org', () => {
    const { production: _, ...own } = circumstances('jwt-login', 'sandbox');
    expect(diagnoseAnswer(oauth('invalid_client_id', 'client identifier invalid'), own).name).to.equal(
      'InvalidClientId',
    );
  });

  it('names the address of a redirect without its path and query', () => {
    const answer = { status: 302, contentType: '', body: '', location: 'https://new.example.com/path?code=secret' };
    expect(diagnoseAnswer(answer, circumstances('query', 'production')).facts.url).to.equal('https://new.example.com');
    const relative = { ...answer, location: '/secur/login.jsp?code=secret' };
    expect(diagnoseAnswer(relative, circumstances('query', 'production')).facts.url).to.equal('/secur/login.jsp');
    const { location: _, ...none } = answer;
    expect(diagnoseAnswer(none, circumstances('query', 'production')).facts.url).to.equal('an unnamed address');
  });

  it('shortens a page and shows its words only', () => {
    const failure = diagnose(fixtures.find(([file]) => file === 'rest-html-with-charset.json')![1]);
    expect(failure.facts.answer).to.match(/^Please log in\./);
    expect(failure.facts.answer!.length).to.be.at.most(300);
  });

  it('shows of a good answer only the names of its fields', () => {
    const failure = diagnose(fixtures.find(([file]) => file === 'sandbox-auth-no-username.json')![1]);
    expect(failure.facts.answer).to.equal('JSON with the fields authUserName, authCode, instanceUrl, loginUrl');
  });

  it('never throws, and always has the facts that the class needs, whatever comes', () => {
    const operation = fc.constantFrom<Operation>(
      'jwt-login',
      'code-exchange',
      'refresh-token',
      'sandbox-auth',
      'query',
      'revoke',
    );
    const side = fc.constantFrom<'production' | 'sandbox'>('production', 'sandbox');
    const body = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 500 }),
      fc.json(),
      fc.record({ error: fc.anything(), error_description: fc.anything() }).map((value) => stringified(value)),
      fc.array(fc.record({ errorCode: fc.anything(), message: fc.anything() })).map((value) => stringified(value)),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999 }),
        fc.string(),
        body,
        operation,
        side,
        (status, contentType, text, op, where) => {
          const failure = diagnoseAnswer({ status, contentType, body: text }, circumstances(op, where), now);
          for (const fact of failureClasses[failure.name].needs)
            expect(failure.facts[fact], `${failure.name}.${fact}`).to.be.a('string').and.not.equal('');
          failureText(failure);
        },
      ),
    );
  });

  it('lets no token into the facts, wherever it stands', () => {
    const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const urlSafe = base64.replace('+/', '-_');
    const run = (alphabet: string, min: number, max: number) =>
      fc.array(fc.constantFrom(...alphabet), { minLength: min, maxLength: max }).map((letters) => letters.join(''));
    const token = fc.oneof(
      run(urlSafe + '.', 20, 110).map((rest) => `00D5g00000AbCdE!AQ${rest}`),
      fc
        .tuple(run(urlSafe, 20, 60), run(urlSafe, 20, 200), run(urlSafe, 40, 300))
        .map(([a, b, c]) => `eyJ${a}.eyJ${b}.${c}`),
      run(urlSafe, 40, 90).map((rest) => `5Aep861${rest}`),
      run(urlSafe, 50, 80).map((rest) => `aPrx7K${rest}==`),
      run(base64, 100, 400).map((rest) => `MIIEvQIBADANBgkqhkiG9w0B${rest}`),
    );
    const around = (secret: string) =>
      fc.constantFrom(
        secret,
        `{"error":"${secret}"}`,
        `{"error":"invalid_grant","error_description":"bad ${secret} here"}`,
        `[{"errorCode":"X","message":"session ${secret}"}]`,
        `{"access_token":"${secret}","id":"x"}`,
        `<html><body><a href="/secur/frontdoor.jsp?sid=${secret}">go</a> ${secret}</body></html>`,
        `<html><script>sid='${secret}'</script>`,
        `Location: https://x.com/?access_token=${secret}&x=1`,
      );
    fc.assert(
      fc.property(
        token.chain((secret) => fc.tuple(fc.constant(secret), around(secret))),
        fc.constantFrom(200, 302, 400, 401, 403, 404, 500, 503),
        fc.constantFrom<Operation>('jwt-login', 'code-exchange', 'sandbox-auth', 'query'),
        ([secret, body], status, operation) => {
          const failure = diagnoseAnswer(
            { status, contentType: 'application/json', body, location: `https://x.com/?code=${secret}` },
            circumstances(operation, 'production'),
          );
          const shown = JSON.stringify(failure.facts) + failureText(failure).message;
          for (let at = 0; at + 20 <= secret.length; at += 5) expect(shown).not.to.contain(secret.slice(at, at + 20));
        },
      ),
      { numRuns: 300 },
    );
  });
});

function stringified(value: unknown): string {
  // JSON.stringify refuses bigints and cycles, which fc.anything() makes
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '{"error":7}';
  }
}
