/** An object in a file of a layer, which can hold anything. */
export type Entry = Readonly<Record<string, unknown>>;

/** What an entry says, or what is wrong with it, each in words that end the sentence "<field> …". */
export type CheckedEntry<T> =
  { readonly item: T } | { readonly problems: ReadonlyArray<{ readonly field: string; readonly problem: string }> };
