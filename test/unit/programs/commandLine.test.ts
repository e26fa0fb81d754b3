import { expect } from 'chai';
import fc from 'fast-check';
import { commandLine, commandWords } from '../../../src/programs/commandLine.js';

describe('a command line', () => {
  const lines: ReadonlyArray<readonly [string, readonly string[]]> = [
    ['op read op://ci/prod/key', ['op', 'read', 'op://ci/prod/key']],
    ['  op\tread \n x ', ['op', 'read', 'x']],
    [`sign 'a b' "c d" e\\ f`, ['sign', 'a b', 'c d', 'e f']],
    [`sign --key="a 'b' c"d ''`, ['sign', `--key=a 'b' cd`, '']],
    [`sh -c 'a | b > $C'`, ['sh', '-c', 'a | b > $C']],
    [String.raw`sh -c "echo \"\$X\" \\ \n"`, ['sh', '-c', String.raw`echo "$X" \ \n`]],
    [
      String.raw`C:\Tools\sign.exe 'C:\Program Files\x' \\\\host\share`,
      ['C:\\Tools\\sign.exe', 'C:\\Program Files\\x', '\\\\host\\share'],
    ],
    [String.raw`sign a\|b \~ a~b $ x$`, ['sign', 'a|b', '~', 'a~b', '$', 'x$']],
    ['op read "op://a/b c?attribute=otp&x"', ['op', 'read', 'op://a/b c?attribute=otp&x']],
  ];
  for (const [line, words] of lines) {
    it(`is split as a shell does: ${JSON.stringify(line)}`, () => {
      expect(commandWords(line)).to.deep.equal({ words });
    });
  }

  const refused: ReadonlyArray<readonly [string, RegExp]> = [
    ['', /^it is empty$/],
    ['   ', /^it is empty$/],
    [`''`, /^it is empty$/],
    ['sign "secret', /^it has a " that is not closed$/],
    ["sign 'secret", /^it has a ' that is not closed$/],
    ['aws kms sign | base64 secret', /^it holds \|, .* put the line into a script/],
    ['sign && secret', /^it holds &/],
    ['sign; secret', /^it holds ;/],
    ['sign < secret', /^it holds </],
    ['sign > secret', /^it holds >/],
    ['sign $SECRET', /variable/],
    ['sign "${SECRET}"', /variable/],
    ['sign "$(secret)"', /variable/],
    ['sign `secret`', /backquote/],
    ['~/secret/sign', /~/],
  ];
  for (const [line, problem] of refused) {
    it(`is refused when only a shell could run it: ${JSON.stringify(line)}`, () => {
      const split = commandWords(line);
      expect(split).to.have.property('problem').that.matches(problem);
      expect(JSON.stringify(split)).to.not.match(/secret/i);
    });
  }

  it('is made of words so that it is split into the same words', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.array(fc.string()), (program, args) => {
        const words = [program, ...args];
        expect(commandWords(commandLine(words))).to.deep.equal({ words });
      }),
    );
  });

  it('that anybody may type is split or refused, never an error', () => {
    fc.assert(fc.property(fc.string(), (line) => Object.keys(commandWords(line)).length === 1));
  });
});
