import type { Condition, Query, SoqlValue } from './soqlParser.js';

/** A row; a relation holds the row it leads to. */
export type Row = { [field: string]: SoqlValue | Row };

/** What a field holds; ids are compared over their 15 significant characters. */
export type FieldType = 'id' | 'string' | 'boolean' | 'datetime' | 'int';

/** An object one can query, with its rows in the org at hand. */
export type Table = { name: string; fields: Record<string, FieldType>; rows: Row[] };

/** A field the object does not have; the REST API answers INVALID_FIELD. */
export class UnknownField extends Error {
  public constructor(public readonly field: string) {
    super(field);
  }
}

/** The field as the object spells it: SOQL does not care about case. */
export function fieldName(table: Table, field: string): string {
  const found = Object.keys(table.fields).find((name) => name.toLowerCase() === field.toLowerCase());
  if (!found) throw new UnknownField(field);
  return found;
}

/** Value of a field, `Profile.Name` through the relation. */
export function valueOf(row: Row, field: string): SoqlValue {
  const [head = '', ...rest] = field.split('.');
  const value = row[head] ?? null;
  if (typeof value === 'object' && value !== null) return valueOf(value, rest.join('.'));
  return value;
}

function comparable(value: SoqlValue, type: FieldType): SoqlValue {
  if (typeof value !== 'string') return value;
  if (type === 'id') return value.slice(0, 15);
  if (type === 'datetime') return new Date(value).getTime();
  return value.toLowerCase();
}

function compare(left: SoqlValue, right: SoqlValue): number {
  if (left === right) return 0;
  if (left === null) return -1;
  if (right === null) return 1;
  return left < right ? -1 : 1;
}

function matchesPattern(value: SoqlValue, pattern: SoqlValue): boolean {
  if (typeof value !== 'string' || typeof pattern !== 'string') return false;
  const expression = pattern.replace(/\\[_%]|[%_]|[.*+?^${}()|[\]\\]/g, (part) =>
    part === '%' ? '.*' : part === '_' ? '.' : part.length === 2 ? part.slice(1) : `\\${part}`,
  );
  return new RegExp(`^${expression}$`, 'is').test(value);
}

function holds(condition: Condition, row: Row, table: Table): boolean {
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, row, table) && holds(condition.right, row, table);
    case 'or':
      return holds(condition.left, row, table) || holds(condition.right, row, table);
    case 'not':
      return !holds(condition.condition, row, table);
    case 'in': {
      const name = fieldName(table, condition.field);
      const type = table.fields[name] ?? 'string';
      const value = comparable(valueOf(row, name), type);
      return condition.values.some((candidate) => comparable(candidate, type) === value) !== condition.negated;
    }
    case 'compare': {
      const name = fieldName(table, condition.field);
      const type = table.fields[name] ?? 'string';
      const value = valueOf(row, name);
      if (condition.operator === 'LIKE') return matchesPattern(value, condition.value);
      const order = compare(comparable(value, type), comparable(condition.value, type));
      if (condition.operator === '=') return order === 0;
      if (condition.operator === '!=') return order !== 0;
      if (value === null || condition.value === null) return false;
      return { '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[condition.operator];
    }
  }
}

/** Every field of a condition exists, whether or not there are rows to try it on. */
function checkFields(condition: Condition, table: Table): void {
  if (condition.kind === 'not') checkFields(condition.condition, table);
  else if ('left' in condition) {
    checkFields(condition.left, table);
    checkFields(condition.right, table);
  } else fieldName(table, condition.field);
}

/** The rows that a query selects, sorted and cut. */
export function select(query: Query, table: Table): Row[] {
  const { where } = query;
  if (where) checkFields(where, table);
  const keys = query.orderBy.map((key) => ({ ...key, field: fieldName(table, key.field) }));
  const rows = table.rows.filter((row) => !where || holds(where, row, table));
  rows.sort((left, right) => {
    for (const { field, descending, nullsLast } of keys) {
      const type = table.fields[field] ?? 'string';
      const [a, b] = [valueOf(left, field), valueOf(right, field)];
      if ((a === null) !== (b === null)) return (a === null) === nullsLast ? 1 : -1;
      const order = compare(comparable(a, type), comparable(b, type));
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  });
  return rows.slice(query.offset, query.limit === undefined ? undefined : query.offset + query.limit);
}
