import { expect } from 'chai';
import { batchFileLine } from '../../../src/programs/batchFileLine.js';

describe('batchFileLine', () => {
  it('quotes arguments, and escapes what cmd.exe would take for its own, once for each time that it reads the line', () => {
    expect(batchFileLine('C:\\npm\\sf.cmd', ['org', 'display'])).to.equal(
      '"C:\\npm\\sf.cmd ^^^"org^^^" ^^^"display^^^""',
    );
    expect(batchFileLine('sf.cmd', ['a&b', 'say "hi"', 'C:\\x\\'])).to.equal(
      '"sf.cmd ^^^"a^^^&b^^^" ^^^"say^^^ \\^^^"hi\\^^^"^^^" ^^^"C:\\x\\\\^^^""',
    );
  });

  it('doubles every backslash that stands before a quote, and no other', () => {
    expect(batchFileLine('sf', ['\\\\host\\x\\\\'])).to.equal('"sf ^^^"\\\\host\\x\\\\\\\\^^^""');
    expect(batchFileLine('sf', ['a\\\\"b'])).to.equal('"sf ^^^"a\\\\\\\\\\^^^"b^^^""');
  });
});
