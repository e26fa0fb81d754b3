/** A column of a table. */
export type Column<K extends string> = {
  readonly key: K;
  readonly name: string;
  /** What goes without saying: a column in which every row says this, or nothing, is left out. Nothing by default. */
  readonly plain?: string;
};

/** The columns in which at least one row says something that does not go without saying. */
export function tellingColumns<K extends string>(
  columns: ReadonlyArray<Column<K>>,
  rows: ReadonlyArray<Readonly<Record<K, string | number>>>,
): Array<{ key: K; name: string }> {
  return columns
    .filter(({ key, plain = '' }) => rows.some((row) => row[key] !== '' && row[key] !== plain))
    .map(({ key, name }) => ({ key, name }));
}

/** A time on this machine's clock, to the second: `2026-11-28 14:05:09`. */
export function shortTime(iso: string): string {
  return new Date(iso).toLocaleString('sv-SE');
}

/** Day of a time, on this machine's clock: `2026-11-28`. */
export function shortDate(iso: string | null): string {
  const date = new Date(iso ?? '');
  return Number.isNaN(date.getTime()) ? '' : date.toLocaleDateString('sv-SE');
}
