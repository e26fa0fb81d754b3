/** A literal of SOQL: dates and datetimes are kept as their ISO text. */
export type SoqlValue = string | number | boolean | null;

export type Condition =
  | { kind: 'and' | 'or'; left: Condition; right: Condition }
  | { kind: 'not'; condition: Condition }
  | { kind: 'compare'; field: string; operator: '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE'; value: SoqlValue }
  | { kind: 'in'; field: string; values: SoqlValue[]; negated: boolean };

export type Query = {
  /** Empty for `COUNT()`. */
  fields: string[];
  countOnly: boolean;
  object: string;
  where?: Condition;
  orderBy: Array<{ field: string; descending: boolean; nullsLast: boolean }>;
  limit?: number;
  offset: number;
};

/** A query that is not SOQL; the REST API answers MALFORMED_QUERY. */
export class SoqlSyntaxError extends Error {}

type Token = { kind: 'word' | 'string' | 'number' | 'date' | 'symbol' | 'end'; text: string };

const tokenPattern =
  /\s+|'(?<string>(?:[^'\\]|\\.)*)'|(?<date>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d))?)|(?<number>-?\d+(?:\.\d+)?)|(?<word>[A-Za-z_][\w.]*)|(?<symbol><=|>=|!=|<>|[=<>(),])/y;

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/**
 * `\'`, `\\` and the like. In a LIKE pattern `\_` and `\%` stay as they are: there the backslash says that the sign is
 * meant, and only the comparison can tell.
 */
function unescape(text: string): string {
  return text.replace(/\\(.)/g, (all, c: string) => (c === '_' || c === '%' ? all : (escapes[c] ?? c)));
}

function tokenize(soql: string): Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < soql.length) {
    const at = tokenPattern.lastIndex;
    const match = tokenPattern.exec(soql);
    if (!match) throw new SoqlSyntaxError(`unexpected token: '${soql.charAt(at)}'`);
    for (const kind of ['string', 'date', 'number', 'word', 'symbol'] as const) {
      const text = match.groups?.[kind];
      if (text !== undefined) tokens.push({ kind, text: kind === 'string' ? unescape(text) : text });
    }
  }
  return [...tokens, { kind: 'end', text: '<EOF>' }];
}

class Parser {
  private position = 0;

  public constructor(private readonly tokens: Token[]) {}

  public query(): Query {
    this.expect('SELECT');
    const countOnly = this.takeWord('COUNT');
    if (countOnly) {
      this.expect('(');
      this.expect(')');
    }
    const fields = countOnly ? [] : this.list(() => this.word());
    this.expect('FROM');
    const query: Query = { fields, countOnly, object: this.word(), orderBy: [], offset: 0 };
    if (this.takeWord('WHERE')) query.where = this.disjunction();
    if (this.takeWord('ORDER')) {
      this.expect('BY');
      query.orderBy = this.list(() => this.sortKey());
    }
    if (this.takeWord('LIMIT')) query.limit = this.count();
    if (this.takeWord('OFFSET')) query.offset = this.count();
    if (this.next.kind !== 'end') this.fail();
    return query;
  }

  private get next(): Token {
    return this.tokens[this.position] ?? { kind: 'end', text: '<EOF>' };
  }

  private fail(): never {
    throw new SoqlSyntaxError(`unexpected token: '${this.next.text}'`);
  }

  private take(): Token {
    const token = this.next;
    this.position += 1;
    return token;
  }

  private takeWord(text: string): boolean {
    const { next } = this;
    const found = next.kind !== 'string' && next.text.toUpperCase() === text;
    if (found) this.position += 1;
    return found;
  }

  private expect(text: string): void {
    if (!this.takeWord(text)) this.fail();
  }

  private word(): string {
    return this.next.kind === 'word' ? this.take().text : this.fail();
  }

  private count(): number {
    return this.next.kind === 'number' ? Number(this.take().text) : this.fail();
  }

  private list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.takeWord(',')) items.push(item());
    return items;
  }

  private sortKey(): Query['orderBy'][number] {
    const field = this.word();
    const descending = this.takeWord('DESC');
    if (!descending) this.takeWord('ASC');
    const hasNulls = this.takeWord('NULLS');
    const nullsLast = hasNulls && this.takeWord('LAST');
    if (hasNulls && !nullsLast) this.expect('FIRST');
    return { field, descending, nullsLast };
  }

  private disjunction(): Condition {
    let left = this.conjunction();
    while (this.takeWord('OR')) left = { kind: 'or', left, right: this.conjunction() };
    return left;
  }

  private conjunction(): Condition {
    let left = this.negation();
    while (this.takeWord('AND')) left = { kind: 'and', left, right: this.negation() };
    return left;
  }

  private negation(): Condition {
    if (this.takeWord('NOT')) return { kind: 'not', condition: this.negation() };
    if (!this.takeWord('(')) return this.comparison();
    const inner = this.disjunction();
    this.expect(')');
    return inner;
  }

  private comparison(): Condition {
    const field = this.word();
    const negated = this.takeWord('NOT');
    if (this.takeWord('IN')) {
      this.expect('(');
      const values = this.list(() => this.value());
      this.expect(')');
      return { kind: 'in', field, values, negated };
    }
    if (negated) this.fail();
    const text = this.next.text.toUpperCase();
    const operator = (['=', '!=', '<', '<=', '>', '>=', 'LIKE'] as const).find(
      (o) => o === (text === '<>' ? '!=' : text),
    );
    if (!operator || this.next.kind === 'string') this.fail();
    this.take();
    return { kind: 'compare', field, operator, value: this.value() };
  }

  private value(): SoqlValue {
    const { kind, text } = this.take();
    if (kind === 'string' || kind === 'date') return text;
    if (kind === 'number') return Number(text);
    const constant = { true: true, false: false, null: null }[text.toLowerCase()];
    if (kind === 'word' && constant !== undefined) return constant;
    this.position -= 1;
    return this.fail();
  }
}

/** Reads the part of SOQL that sf, core and plugins use. Subqueries and aggregates other than `COUNT()` are refused. */
export function parseSoql(soql: string): Query {
  return new Parser(tokenize(soql)).query();
}
