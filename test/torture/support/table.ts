import { readFile, writeFile } from 'node:fs/promises';
import { expect } from 'chai';

/**
 * A table of the documentation that a test sees come true: what it observed has to be what the file says. `JIT_WRITE_RELIABILITY=1`
 * writes the file anew.
 */
export class ObservedTable {
  private readonly cells = new Map<string, string>();

  public constructor(
    private readonly file: URL,
    private readonly head: readonly string[],
    private readonly rows: readonly string[],
    private readonly columns: readonly string[],
  ) {}

  public observe(row: string, column: string, value: string): void {
    this.cells.set(`${row}/${column}`, value);
  }

  public async expectDocumented(): Promise<void> {
    const text = this.text();
    if (process.env['JIT_WRITE_RELIABILITY'] === '1') await writeFile(this.file, text);
    expect(await readFile(this.file, 'utf8'), 'run with JIT_WRITE_RELIABILITY=1 to write it anew').to.equal(text);
  }

  private text(): string {
    const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
    const rows = this.rows.map((row) =>
      line([row, ...this.columns.map((column) => this.cells.get(`${row}/${column}`) ?? 'not run')]),
    );
    return [
      ...this.head,
      '',
      line(['', ...this.columns]),
      line(['', ...this.columns].map(() => '---')),
      ...rows,
      '',
    ].join('\n');
  }
}
