import { expect } from 'chai';
import { htmlText, showable, valuesToShow } from '../../../src/failures/untrustedText.js';

describe('values for a message', () => {
  it('are showable texts, numbers as they are, and nothing for what is not known', () => {
    expect(valuesToShow(['a\u001b[2K', 3, null, undefined])).to.deep.equal(['a [2K', 3, '', '']);
    expect(valuesToShow(['x'.repeat(1000)])).to.deep.equal(['x'.repeat(1000)]);
  });
});

describe('showable', () => {
  it('makes one line of many, with one space for any run of breaks and controls', () => {
    expect(showable('one\r\ntwo\tthree\u2028four\u2029\u0085five')).to.equal('one two three four five');
    expect(showable('  one   two \n')).to.equal('one two');
    expect(showable('\u001b[31mred\u009b0m\u007f\u0000!')).to.equal('[31mred 0m !');
    expect(showable('a\u001F\u0080\u009Fb')).to.equal('a b');
  });

  it('takes out what cannot be seen or turns the direction of writing', () => {
    const invisible = [
      ...['\u00AD', '\u061C', '\u180E', '\u200B', '\u200F', '\u202A', '\u202E', '\u2060', '\u2069', '\uFEFF'],
      ...['\u{E0000}', '\u{E007F}'],
    ];
    for (const character of invisible) {
      expect(showable(`ad${character}min`), character.codePointAt(0)?.toString(16)).to.equal('admin');
    }
  });

  it('leaves letters of any language, and composes them', () => {
    for (const text of ['Łódź Zürich 東京 مرحبا', 'a\u00A0b', '👍🏽']) expect(showable(text)).to.equal(text);
    expect(showable('u\u0308')).to.equal('ü');
  });

  it('shortens to the length, counted in characters, with an ellipsis as the last', () => {
    expect(showable('abcd', 4)).to.equal('abcd');
    expect(showable('abcde', 4)).to.equal('abc…');
    expect(showable('👍👍👍', 3)).to.equal('👍👍👍');
    expect(showable('👍👍👍', 2)).to.equal('👍…');
    expect(showable('a'.repeat(200))).to.equal('a'.repeat(200));
    expect(showable('a'.repeat(201))).to.equal(`${'a'.repeat(199)}…`);
  });
});

describe('htmlText', () => {
  const pages: Record<string, readonly [html: string, words: string]> = {
    'the words between tags, apart': ['<h1 class="x">Sorry</h1><p>Back\n  soon</p>', 'Sorry Back soon'],
    'hard spaces as spaces': ['a&nbsp;b&NBSP;&nbsp;c', 'a b c'],
    'no script and no style': ['a<script src="x">secret()</script>b<STYLE>p {}</STYLE>c<style>q</style>d', 'a b c d'],
    'nothing after a script that does not end': ['a<script>secret() <b>b</b>', 'a'],
    'words after a script without a beginning tag of its own': ['<script></script>a', 'a'],
    'words after a script whose tag is not closed': ['<script</script>a', 'a'],
    'tags whose names only begin like it': ['<scripture>a</scripture>', 'a'],
    'no tag at all': [' a < b ', 'a < b'],
    nothing: ['', ''],
  };
  for (const [what, [html, words]] of Object.entries(pages)) {
    it(`gives ${what}`, () => expect(htmlText(html)).to.equal(words));
  }

  it('looks at the beginning of a long page', () => {
    expect(htmlText(`${' '.repeat(99_999)}ab`)).to.equal('a');
  });
});
