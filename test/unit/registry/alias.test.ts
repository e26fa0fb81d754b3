import { expect } from 'chai';
import fc from 'fast-check';
import { aliasProblem, checkAlias } from '../../../src/registry/alias.js';
import { fieldProblem } from '../../../src/registry/environmentFields.js';
import { failureOf } from '../../support/rejection.js';

const escape = '\u001b';

describe('the alias of an org', () => {
  it('may be whatever sf users call their orgs', () => {
    const names = ['uat', 'acme.uat', 'me@acme.example', 'my_org-2', 'feature/x', 'two words', '1', 'prüfung', '試験'];
    // names that every object has are no trap: nothing looks aliases up in a bare object
    for (const name of [...names, 'constructor', 'toString', 'hasOwnProperty', '__PROTO__', 'x'.repeat(200)]) {
      expect(aliasProblem(name), name).to.equal(undefined);
    }
  });

  const wrong: Array<[value: unknown, problem: RegExp]> = [
    [undefined, /^must be a text, and not an empty one$/],
    [1, /^must be a text/],
    ['', /^must be a text/],
    [' \t', /^must be a text/],
    ['x'.repeat(201), /^must have 200 characters at most$/],
    [`uat${escape}[2K`, /^must be one line, without control characters/],
    ['two\nlines', /^must be one line/],
    ['two\u2028lines', /^must be one line/],
    ['c1\u009b31m', /^must be one line/],
    ['back\u202ewards', /others that cannot be seen$/],
    ['u\u200bat', /others that cannot be seen$/],
    ['half \ud83d of it', /others that cannot be seen$/],
    [' uat', /^must not begin or end with a space$/],
    ['uat ', /^must not begin or end with a space$/],
    ['--all', /^must not begin with a dash$/],
    ['__proto__', /^must not be "__proto__"/],
  ];
  for (const [value, problem] of wrong) {
    it(`is not ${JSON.stringify(value)?.slice(0, 30)}`, () => {
      expect(aliasProblem(value)).to.match(problem);
    });
  }

  it('may be the name of any environment', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/), (name) => {
        expect([fieldProblem.name(name), aliasProblem(name)]).to.deep.equal([undefined, undefined]);
      }),
    );
  });

  it('is refused by its flag, and may be left out', () => {
    const { name, facts } = failureOf(() => {
      checkAlias('');
    });
    expect([name, facts.field]).to.deep.equal(['InputInvalid', '--alias']);
    expect(facts.problem).to.equal(aliasProblem(''));
    checkAlias(undefined);
    checkAlias('uat');
  });
});
