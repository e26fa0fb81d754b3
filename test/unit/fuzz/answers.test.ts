import { expect } from 'chai';
import fc from 'fast-check';
import type { Answer, RequestContext, Operation } from '../../../src/salesforce/answers.js';
import { readAnswer } from '../../../src/salesforce/answerText.js';
import { diagnoseAnswer, diagnoseNetworkProblem } from '../../../src/salesforce/diagnosis.js';
import { isTrustedLoginHost, loginOrigin } from '../../../src/salesforce/loginUrl.js';
import { findLoginTarget } from '../../../src/sandboxes/signIn/loginTarget.js';
import { isSandboxName } from '../../../src/registry/sandboxName.js';
import { newestStates } from '../../../src/salesforce/sandboxState.js';
import { htmlText, showable } from '../../../src/failures/untrustedText.js';
import { acme } from '../../support/fakes.js';
import { anyJson, anyText, expectShowable, holds, jsonWith, longRuns, safely, traps } from './properties.js';
import { nearestName } from '../../../src/failures/nearestName.js';
import { quotable } from '../../../src/failures/quotable.js';

const context = (operation: Operation, side: 'production' | 'sandbox', name: string): RequestContext => ({
  operation,
  side,
  org: `${side} ${name}`,
  host: 'acme.my.salesforce.com',
  user: name,
  sandbox: name,
  production: 'admin@acme.example',
  clientId: name,
  callbackUrl: 'http://localhost:1717/OauthRedirect',
});

const operations = fc.constantFrom<Operation>(
  'jwt-login',
  'code-exchange',
  'refresh-token',
  'sandbox-auth',
  'query',
  'revoke',
);

const errorFields = ['error', 'error_description', 'errorCode', 'message', 'fields', '__proto__'];

const bodies = fc.oneof(
  anyText,
  anyJson,
  jsonWith(errorFields),
  jsonWith(errorFields).map((error) => `[${error}]`),
  anyText.map((text) => `<html><body>${text}</body></html>`),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString()),
);

const answers: fc.Arbitrary<Answer> = fc.record({
  status: fc.oneof(
    fc.integer({ min: 100, max: 999 }),
    fc.constantFrom(200, 302, 400, 401, 403, 407, 420, 429, 500, 503),
  ),
  contentType: fc.oneof(anyText, fc.constantFrom('text/html', 'application/json')),
  body: bodies,
  date: fc.option(anyText, { nil: undefined }),
  location: fc.option(anyText, { nil: undefined }),
});

describe('fuzz: an answer of the server', () => {
  it('is always of a class, and its text does nothing to a terminal', () => {
    const sides = fc.constantFrom<'production' | 'sandbox'>('production', 'sandbox');
    holds(fc.tuple(answers, operations, sides, anyText), ([answer, operation, side, name]) => {
      expectShowable(diagnoseAnswer(answer, context(operation, side, name)));
    });
  });

  it('takes no time that grows with the square of its length', () => {
    const long = longRuns.flatMap((body) => [body, `${body}${body.slice(0, 39_000)}`]);
    holds(
      fc.constantFrom(...long),
      (body) => {
        readAnswer({ status: 500, contentType: 'text/html', body });
        htmlText(body);
        quotable(body);
      },
      long,
    );
  });

  it('is quoted on one line, without anything that a terminal would act upon', () => {
    holds(fc.oneof(anyText, bodies), (text) => {
      for (const shown of [quotable(text), showable(text)]) expect(shown).to.not.match(traps).and.not.contain('\n');
    });
  });

  it('that never came: any error of the network is of a class', () => {
    const errors = fc.letrec<{ error: Error }>((tie) => ({
      error: fc
        .tuple(anyText, anyText, fc.option(tie('error'), { depthSize: 'small' }))
        .map(([message, code, cause]) =>
          Object.assign(new TypeError(message, cause ? { cause } : undefined), { code }),
        ),
    })).error;
    const proxies = fc.option(anyText, { nil: undefined });
    holds(fc.tuple(fc.oneof(errors, anyText), proxies, anyText), ([error, proxy, name]) => {
      expectShowable(diagnoseNetworkProblem(error, context('query', 'sandbox', name), { proxy, secondsPassed: 1 }));
    });
  });
});

describe('fuzz: names and addresses', () => {
  it('a login URL is refused or becomes an origin that is https, or this machine', () => {
    const urls = fc.oneof(
      anyText,
      fc.webUrl(),
      anyText.map((text) => `https://${text}`),
      anyText.map((text) => `http://${text}`),
    );
    holds(urls, (url) => {
      isTrustedLoginHost(url);
      const origin = safely(() => loginOrigin(url, '--instance-url'));
      if (origin !== undefined) {
        const { protocol, hostname, username, password } = new URL(origin);
        expect(protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)).to.equal(true);
        expect(username + password).to.equal('');
      }
    });
  });

  it('any name finds a sandbox or is refused, and only letters and digits are taken for the name of one', () => {
    const request = { variables: { hasPrivateKey: false }, callbackUrl: 'http://localhost:1717/OauthRedirect' };
    holds(anyText, (sandbox) => {
      const target = safely(() => findLoginTarget({ ...request, sandbox }, acme()));
      if (target) expect(target.sandboxName).to.match(/^[A-Za-z0-9]{1,10}$/);
      expect(isSandboxName(sandbox)).to.equal(/^[A-Za-z0-9]{1,10}$/.test(sandbox));
      safely(() => findLoginTarget({ ...request, sandbox: 'uat', user: sandbox, production: sandbox }, acme()));
      nearestName(sandbox, [sandbox, 'uat']);
    });
  });

  it('copies with any values are sorted out', () => {
    const states = fc.array(
      fc.record({
        sandboxName: anyText,
        sandboxInfoId: anyText,
        processId: anyText,
        status: anyText,
        createdDate: anyText,
      }),
    );
    holds(states, (rows) => {
      expect(newestStates(rows).length).to.be.at.most(rows.length);
    });
  });
});
