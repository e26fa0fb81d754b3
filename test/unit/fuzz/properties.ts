import { expect } from 'chai';
import fc from 'fast-check';
import { JitFailure } from '../../../src/failures/failures.js';
import { toSfError } from '../../../src/failures/failureView.js';
import { ownTime } from '../../support/ownTime.js';

/** How often each property is tried: few times, so that the suite stays quick, unless `JIT_FUZZ_RUNS` asks for more. */
const numRuns = Number(process.env['JIT_FUZZ_RUNS'] ?? 120);

/** Milliseconds for one input. The slowest honest one takes a few; what grows with the square of its length takes seconds. */
const limit = 1000;

const objectKeys = Reflect.ownKeys(Object.prototype).length;

/** Tries a property with many inputs, the given ones first. */
export function holds<T>(input: fc.Arbitrary<T>, property: (value: T) => void, examples: readonly T[] = []): void {
  fc.assert(
    fc.property(input, (value) => {
      const milliseconds = ownTime();
      property(value);
      expect(milliseconds(), 'milliseconds').to.be.below(limit);
      expect(Reflect.ownKeys(Object.prototype).length, 'keys of Object.prototype').to.equal(objectKeys);
      expect(({} as { polluted?: unknown }).polluted).to.equal(undefined);
    }),
    { numRuns, examples: examples.map((example): [T] => [example]) },
  );
}

/** Characters that colour or forge output: controls, escape sequences, what turns the direction of writing, what cannot be seen. */
export const traps =
  /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/u;

/** Runs something that may only fail with a class of the table, and looks at the text that the user would see. */
export function safely<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof JitFailure)) throw error;
    expectShowable(error);
    return undefined;
  }
}

/** What is shown of a failure holds nothing that a terminal would act upon. */
export function expectShowable(failure: JitFailure): void {
  const shown = toSfError(failure) as Error & { actions?: string[] };
  expect([shown.message, ...(shown.actions ?? [])].join('\n')).to.not.match(traps);
}

const nasty = fc.constantFrom(
  '\u001b[31mred\u001b[0m',
  '\u001b]8;;https://evil.example\u0007here\u001b]8;;\u0007',
  '\u009b2J',
  '\u202Egnp.exe',
  '\u2066x\u2069',
  '\u200B',
  '\uFEFF',
  '\r\nForged: line',
  '\b\b\b',
  '\u0000',
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  '{production}',
  '\ud800',
  '%s %d %o',
);

/** Any text, with what is dangerous in it more often than chance would have it. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  nasty,
  fc.array(fc.oneof(nasty, fc.string({ maxLength: 20 })), { maxLength: 6 }).map((parts) => parts.join('')),
);

const anyKey = fc.oneof(anyText, fc.constantFrom('__proto__', 'constructor', 'prototype', 'hasOwnProperty'));

/** JSON of any shape, with keys that could reach a prototype. Made as text, where `__proto__` is a key like any other. */
export const anyJson: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(
      anyText.map((text) => JSON.stringify(text)),
      fc.constantFrom('null', 'true', '7', '-1e400', '[]', '{}'),
    ),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    fc
      .array(fc.tuple(anyKey, tie('value')), { maxLength: 4 })
      .map((fields) => `{${fields.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`),
  ),
})).value;

/** JSON that is almost what is expected: the fields that are read, with any values. */
export function jsonWith(fields: readonly string[]): fc.Arbitrary<string> {
  return fc
    .array(fc.tuple(fc.constantFrom(...fields), anyJson), { maxLength: fields.length })
    .map((entries) => `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`);
}

/** Long runs of one piece, on which a careless pattern takes for ever. */
export const longRuns: readonly string[] = [
  ...[
    '<',
    '<script>',
    '<a ',
    ' ',
    '\\',
    '"',
    "'",
    '[',
    '{',
    '{"a":',
    '-',
    '=',
    'A',
    'a:',
    'a@',
    'eyJ',
    '00D',
    '&nbsp;',
    '\n',
  ],
  ...[
    'BEGIN ',
    '-----BEGIN ',
    '-----BEGIN A-----',
    '-----END ',
    'PRIVATE KEY',
    'Proc-Type:',
    'DEK-Info: ',
    'MII',
    '\\n',
    '://',
  ],
].flatMap((piece) => {
  const run = piece.repeat(Math.ceil(60_000 / piece.length));
  return [run, `BEGIN ${run}`, `<html>${run}`, `"${run}`];
});
