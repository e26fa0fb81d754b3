import { expect } from 'chai';
import { rowsToShow } from '../../../src/terminal/tables.js';

describe('rowsToShow', () => {
  it('keeps what could steer the terminal out of every text, and leaves numbers alone', () => {
    const rows = [{ alias: 'u\u001B[31mat\u202Eeman', sandboxes: 3 }];
    expect(rowsToShow(rows)).to.deep.equal([{ alias: 'u [31mateman', sandboxes: 3 }]);
  });
});
