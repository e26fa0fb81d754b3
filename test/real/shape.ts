import type { Reply } from './httpsClient.js';
import type { Secrets } from './secrets.js';

/** What is stable in an answer, aspect by aspect (`status`, `error`, `field scope` …), and never a secret. */
export type Shape = Readonly<Record<string, string>>;

/** Names that differ from org to org, with what stands for them. */
export type Names = ReadonlyArray<readonly [name: string, placeholder: string]>;

/** Headers that mean something to a client; of each it is told that it is there. */
const headersOfInterest = ['sforce-limit-info', 'www-authenticate', 'retry-after', 'location'];

const longestText = 200;

/** Two answers to the same request have the same shape when a client can treat them alike. */
export class Shaper {
  public constructor(
    private readonly secrets: Secrets,
    private readonly names: Names,
  ) {}

  /** Status, type and body of any answer. */
  public answer(reply: Reply): Shape {
    const type = (reply.headers['content-type'] ?? 'none').split(';')[0]!.trim().toLowerCase();
    const headers = headersOfInterest.filter((name) => reply.headers[name] !== undefined);
    return {
      status: String(reply.status),
      'content type': type,
      ...Object.fromEntries(headers.map((name) => [`header ${name}`, 'present'])),
      ...this.body(reply),
    };
  }

  /** As {@link answer}, with the fields of the first record; how many there are is the org's business. */
  public rows(reply: Reply): Shape {
    const { records } = (reply.json ?? {}) as { records?: unknown[] };
    if (reply.status !== 200 || !Array.isArray(records)) return this.answer(reply);
    const { status, 'content type': type } = this.answer(reply);
    const row = records[0] === undefined ? {} : fieldsOf('row field', records[0]);
    return { status: status!, 'content type': type!, rows: records.length > 0 ? 'some' : 'none', ...row };
  }

  /** A text in which nothing tells the org, on one line and not too long. */
  public text(text: string): string {
    let clean = this.secrets.redact(text);
    for (const [name, placeholder] of this.names) clean = replaceWord(clean, name, placeholder);
    clean = clean
      .replaceAll(/https?:\/\/[^\s"'<>]+/g, '<url>')
      .replaceAll(/\b00D\w{12}(?:\w{3})?\b/g, '<org id>')
      .replaceAll(/\s+/g, ' ')
      .trim();
    return clean.length > longestText ? `${clean.slice(0, longestText)}…` : clean;
  }

  private body({ json, text, headers }: Reply): Shape {
    if (text === '') return { body: 'empty' };
    if (Array.isArray(json)) return this.refusals(json);
    if (typeof json === 'object' && json !== null) {
      const { error, error_description: description } = json as Record<string, unknown>;
      if (typeof error !== 'string') return fieldsOf('field', json);
      return { ...fieldsOf('field', json), error, ...this.described('error_description', description) };
    }
    const isPage = String(headers['content-type']).includes('html') && /<\w/.test(text);
    return { body: isPage ? 'HTML page' : this.text(text) };
  }

  private refusals(list: unknown[]): Shape {
    const { errorCode, message } = Object(list[0]) as { errorCode?: unknown; message?: unknown };
    if (typeof errorCode !== 'string') return { body: 'array' };
    return { ...fieldsOf('field', list[0]), errorCode, ...this.described('message', message) };
  }

  private described(aspect: string, text: unknown): Shape {
    return typeof text === 'string' ? { [aspect]: this.text(text) } : {};
  }
}

function fieldsOf(prefix: string, object: unknown): Shape {
  const entries = Object.entries(Object(object) as object).sort(([a], [b]) => a.localeCompare(b));
  return Object.fromEntries(entries.map(([name, value]) => [`${prefix} ${name}`, kindOf(name, value)]));
}

function kindOf(name: string, value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value !== 'string') return typeof value;
  if (name === 'access_token') {
    if (/^00D\w{12,15}!/.test(value)) return 'opaque token';
    return value.split('.').length === 3 ? 'JWT' : 'text';
  }
  if (/^https:\/\/[^/]+\/id\/00D\w{12,15}\/005\w{12,15}$/.test(value)) return 'identity URL';
  return /^https?:\/\//.test(value) ? 'URL' : 'text';
}

function replaceWord(text: string, name: string, placeholder: string): string {
  if (name === '') return text;
  const literal = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replaceAll(new RegExp(`(?<![\\w@])${literal}(?!\\w)`, 'gi'), placeholder);
}

/** Whether two values of one aspect say the same: a field that is null here may be text there. */
export function sameValue(a: string | undefined, b: string | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && (a === 'null' || b === 'null'));
}
