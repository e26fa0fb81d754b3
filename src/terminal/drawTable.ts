import stringWidth from 'fast-string-width';
import { wrapAnsi } from 'fast-wrap-ansi';
import { showable } from '../failures/untrustedText.js';

/*
 * Tables that look as sf's own do. Those are drawn by `@oclif/table` with React and a terminal emulator's worth of packages: a megabyte,
 * and 0.2 s of loading, for lines between texts.
 */

/** What happens to a text that is wider than its column, by the names that sf has for it. `truncate` is `truncate-end`. */
export const overflows = ['wrap', 'truncate', 'truncate-end', 'truncate-middle', 'truncate-start'] as const;
export type Overflow = (typeof overflows)[number];

/** A table: the order of `columns` is theirs from left to right, and a row may hold more than is shown. */
export type Table<K extends string = string> = {
  readonly columns: ReadonlyArray<{ readonly key: K; readonly name: string }>;
  readonly data: ReadonlyArray<Readonly<Record<K, string | number>>>;
};

/** How tables are drawn here, which is the user's to say. */
export type TableStyle = {
  /** The columns of the terminal; undefined where nobody knows, and a table is then as wide as it needs. */
  readonly width: number | undefined;
  readonly border: Border;
  readonly overflow: Overflow;
  /** Neither borders nor boxes but a line of dashes below the headings, as in the log of a CI job. */
  readonly plain: boolean;
  /** Makes a heading stand out. */
  readonly emphasize: (heading: string) => string;
};

/** The lines of a border: left end, what stands along a column, between two columns, right end. */
type Lines = {
  readonly top?: string;
  readonly heading: string;
  readonly belowHeadings?: string;
  readonly row: string;
  readonly betweenRows?: string;
  readonly bottom?: string;
};

const boxed = { top: '┌──┐', bottom: '└──┘' };

/** The styles that sf knows by the variable `SF_TABLE_BORDER_STYLE` (sf-plugins-core, ux/table). */
export const borders = {
  all: { top: '┌─┬┐', heading: '│ ││', row: '│ ││', betweenRows: '├─┼┤', bottom: '└─┴┘' },
  'headers-only': { top: '┌──┐', heading: '│  │', belowHeadings: '└──┘', row: '    ' },
  'headers-only-with-outline': { ...boxed, heading: '│  │', belowHeadings: '├──┤', row: '│  │' },
  'headers-only-with-underline': { heading: '    ', belowHeadings: ' ── ', row: '    ' },
  horizontal: { top: '    ', heading: '    ', row: '    ', betweenRows: '────', bottom: '────' },
  'horizontal-with-outline': { ...boxed, heading: '│  │', row: '│  │', betweenRows: '├──┤' },
  none: { top: '    ', heading: '    ', row: '    ', bottom: '    ' },
  outline: { ...boxed, heading: '│  │', row: '│  │' },
  vertical: { top: '    ', heading: '│ ││', row: '│ ││' },
  'vertical-with-outline': { top: '┌─┬┐', heading: '│ ││', belowHeadings: '├─┼┤', row: '│ ││', bottom: '└─┴┘' },
} as const satisfies Record<string, Lines>;
export type Border = keyof typeof borders;

/** On either side of a text. */
const padding = 1;
/** What is left of a column at the least when the terminal is narrow. */
const leastText = 3;

/**
 * The lines of a table, with a line break at the end. Texts are made fit to be shown: names and addresses in them come from files that
 * others may have written.
 */
export function drawTable<K extends string>({ columns, data }: Table<K>, style: TableStyle): string {
  const headings = columns.map(({ name }) => name);
  const rows = data.map((row) => columns.map(({ key }) => showable(String(row[key]), 1000)));
  const widths = columnWidths(headings, rows, style.width);
  const draw = style.plain ? plainTable : borderedTable;
  return `${draw(headings, rows, widths, style).join('\n')}\n`;
}

type Draw = (
  headings: readonly string[],
  rows: ReadonlyArray<readonly string[]>,
  widths: readonly number[],
  style: TableStyle,
) => string[];

const plainTable: Draw = (headings, rows, widths, { overflow }) => {
  const [above, ...below] = [headings, ...rows].map((row) =>
    cellsOf(row, widths, overflow).map((line) => line.join('')),
  );
  return [...(above ?? []), '-'.repeat(sum(widths)), ...below.flat()];
};

const borderedTable: Draw = (headings, rows, widths, { border, overflow, emphasize }) => {
  const { top, heading, belowHeadings, row, betweenRows, bottom }: Lines = borders[border];
  const rule = (line: string | undefined): string[] =>
    line === undefined
      ? []
      : [
          bordered(
            widths.map((width) => (line[1] ?? '').repeat(width)),
            line,
          ),
        ];
  return [
    ...rule(top),
    ...cellsOf(headings, widths, overflow).map((line) => bordered(line.map(emphasize), heading)),
    ...rule(belowHeadings),
    ...rows.flatMap((texts) => [
      ...rule(betweenRows),
      ...cellsOf(texts, widths, overflow).map((line) => bordered(line, row)),
    ]),
    ...rule(bottom),
  ];
};

function bordered(cells: readonly string[], [left = '', , between = '', right = '']: string): string {
  return `${left}${cells.join(between)}${right}`.trimEnd();
}

/** The widths of columns, padding included: what their texts need, or less where that is too much. */
function columnWidths(
  headings: readonly string[],
  rows: ReadonlyArray<readonly string[]>,
  width: number | undefined,
): number[] {
  const needed = (column: number): number =>
    Math.max(...[headings, ...rows].map((row) => stringWidth(row[column] ?? ''))) + 2 * padding;
  const natural = headings.map((_, column) => needed(column));
  if (!width) return natural;
  const forHeadings = headings.map((heading) => stringWidth(heading) + 2 * padding);
  const least = headings.map(() => leastText + 2 * padding);
  return narrowed(narrowed(natural, forHeadings, width), least, width);
}

/** Takes what is too much from the widest column, then from the next one, as long as a column is wider than its least. */
function narrowed(widths: readonly number[], least: readonly number[], width: number): number[] {
  const result = [...widths];
  const widestFirst = [...widths.keys()].sort((one, other) => (widths[other] ?? 0) - (widths[one] ?? 0));
  for (const column of widestFirst) {
    const tooMuch = sum(result) + result.length + 1 - width;
    const [now = 0, atLeast = 0] = [result[column], least[column]];
    if (tooMuch > 0) result[column] = Math.max(Math.min(now, atLeast), now - tooMuch);
  }
  return result;
}

/** The lines of one row, each a text for every column, filled up to its width. */
function cellsOf(texts: readonly string[], widths: readonly number[], overflow: Overflow): string[][] {
  const columns = widths.map((width, column) => fitted(texts[column] ?? '', width - 2 * padding, overflow));
  const height = Math.max(...columns.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) =>
    columns.map((lines, column) => filled(lines[line] ?? '', widths[column] ?? 0)),
  );
}

function filled(text: string, width: number): string {
  return `${' '.repeat(padding)}${text}${' '.repeat(Math.max(0, width - padding - stringWidth(text)))}`;
}

/** A text in lines of that width. */
function fitted(text: string, width: number, overflow: Overflow): string[] {
  if (stringWidth(text) <= width) return [text];
  if (overflow !== 'wrap') return [truncated(text, width, overflow)];
  return wrapAnsi(text, width, { hard: true }).replace(/^\n/, '').split('\n');
}

/** A text with what does not fit left out, and an ellipsis in its place. */
function truncated(text: string, width: number, overflow: Exclude<Overflow, 'wrap'>): string {
  const before = { 'truncate-start': 0, 'truncate-middle': Math.floor(width / 2) }[overflow as string] ?? width - 1;
  const characters = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
  const beginning = upTo(characters, before);
  const end = upTo(characters.toReversed(), width - 1 - before).toReversed();
  return `${beginning.join('')}…${end.join('')}`;
}

/** As many characters from the first on as fit into that width. */
function upTo(characters: readonly string[], width: number): string[] {
  let used = 0;
  const end = characters.findIndex((character) => (used += stringWidth(character)) > width);
  return characters.slice(0, end < 0 ? undefined : end);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
