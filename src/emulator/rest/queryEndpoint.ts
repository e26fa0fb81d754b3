import { type Answer, type Call, jsonAnswer, RestRefusal } from '../server/exchange.js';
import { randomText } from '../world/identifiers.js';
import type { Session } from '../oauth/sessions.js';
import { fieldName, type FieldType, type Row, select, type Table, UnknownField, valueOf } from './soqlEvaluation.js';
import { parseSoql, type Query, SoqlSyntaxError } from './soqlParser.js';
import { findTable } from './tables.js';
import type { World } from '../world/world.js';

type Api = 'data' | 'tooling';

/** Result sets with batches still to fetch. */
export type QueryCursors = Map<string, { records: Row[]; batchSize: number; session: Session }>;

/** Rows in one answer unless `Sforce-Query-Options: batchSize=` asks for fewer (200 at least). */
const maxBatch = 2000;

function batchSizeOf(call: Call): number {
  const options = call.headers['sforce-query-options'];
  const wanted = typeof options === 'string' ? Number(/batchSize=(\d+)/i.exec(options)?.[1] ?? maxBatch) : maxBatch;
  return Math.min(Math.max(wanted, 200), maxBatch);
}

/** Salesforce repeats the query with a caret under the offending word. */
function located(soql: string, word: string, message: string): string {
  const at = Math.max(soql.toLowerCase().indexOf(word.toLowerCase()), 0);
  return `\n${soql}\n${' '.repeat(at)}^\nERROR at Row:1:Column:${at + 1}\n${message}`;
}

const hint =
  "be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.";

function run(world: World, session: Session, soql: string, api: Api): { query: Query; table: Table; rows: Row[] } {
  try {
    const query = parseSoql(soql);
    const table = findTable(world, session.org, session.user, query.object, api);
    if (!table) {
      const message = `sObject type '${query.object}' is not supported. If you are attempting to use a custom object, ${hint}`;
      throw new RestRefusal(400, 'INVALID_TYPE', located(soql, query.object, message));
    }
    query.fields = query.fields.map((field) => fieldName(table, field));
    return { query, table, rows: select(query, table) };
  } catch (error) {
    if (error instanceof SoqlSyntaxError) throw new RestRefusal(400, 'MALFORMED_QUERY', error.message);
    if (!(error instanceof UnknownField)) throw error;
    const entity = parseSoql(soql).object;
    const message = `No such column '${error.field}' on entity '${entity}'. If you are attempting to use a custom field, ${hint}`;
    throw new RestRefusal(400, 'INVALID_FIELD', located(soql, error.field, message));
  }
}

function record(row: Row, query: Query, table: Table, base: string): Row {
  const result: Row = {
    attributes: { type: table.name, url: `${base}/sobjects/${table.name}/${String(valueOf(row, 'Id'))}` },
  };
  for (const field of query.fields) {
    const [relation = '', ...rest] = field.split('.');
    if (rest.length === 0) result[field] = valueOf(row, field);
    else {
      const parent = result[relation];
      const known = typeof parent === 'object' && parent !== null ? parent : { attributes: { type: relation } };
      result[relation] = { ...known, [rest.join('.')]: valueOf(row, field) };
    }
  }
  return result;
}

const apexTypes: Record<FieldType, string> = {
  id: 'Id',
  string: 'String',
  boolean: 'Boolean',
  datetime: 'Datetime',
  int: 'Integer',
};

/** `columns=true`: what the columns are, which `sf data query` asks for before it prints a table. */
function columns({ query, table }: { query: Query; table: Table }): Answer {
  const columnMetadata = query.fields.map((field) => ({
    aggregate: false,
    apexType: apexTypes[table.fields[field] ?? 'string'],
    booleanType: table.fields[field] === 'boolean',
    columnName: field,
    custom: false,
    displayName: field,
    foreignKeyName: null,
    insertable: false,
    joinColumns: [],
    numberType: table.fields[field] === 'int',
    textType: !['boolean', 'int'].includes(table.fields[field] ?? 'string'),
    updatable: false,
  }));
  return jsonAnswer(200, {
    columnMetadata,
    entityName: table.name,
    groupBy: false,
    idSelected: query.fields.includes('Id'),
  });
}

function batch(cursors: QueryCursors, base: string, id: string, from: number): Answer {
  const cursor = cursors.get(id);
  if (!cursor) throw new RestRefusal(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
  const end = from + cursor.batchSize;
  const done = end >= cursor.records.length;
  const answer = { totalSize: cursor.records.length, done, records: cursor.records.slice(from, end) };
  return jsonAnswer(200, done ? answer : { ...answer, nextRecordsUrl: `${base}/query/${id}-${end}` });
}

/**
 * `…/query?q=` and `…/tooling/query?q=`, and the batches that follow.
 *
 * @param base - path up to the version, with `/tooling` for the tooling API
 * @param locator - `<cursor>-<offset>` of a following batch
 */
export function answerQuery(
  world: World,
  cursors: QueryCursors,
  call: Call,
  session: Session,
  at: { base: string; locator: string | undefined },
): Answer {
  if (at.locator) {
    const [id = '', from = ''] = at.locator.split('-');
    if (cursors.get(id)?.session !== session)
      throw new RestRefusal(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
    return batch(cursors, at.base, id, Number(from));
  }
  const soql = call.query.get('q');
  if (soql === null) throw new RestRefusal(400, 'MALFORMED_QUERY', 'SOQL statement cannot be empty');
  const result = run(world, session, soql, at.base.endsWith('/tooling') ? 'tooling' : 'data');
  if (call.query.get('columns') === 'true') return columns(result);
  if (result.query.countOnly) return jsonAnswer(200, { totalSize: result.rows.length, done: true, records: [] });
  const records = result.rows.map((row) => record(row, result.query, result.table, at.base));
  const id = `01g${randomText(15)}`;
  const batchSize = batchSizeOf(call);
  cursors.set(id, { records, batchSize, session });
  const answer = batch(cursors, at.base, id, 0);
  if (records.length <= batchSize) cursors.delete(id);
  return answer;
}
