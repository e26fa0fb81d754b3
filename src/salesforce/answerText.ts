import { isRecord } from '../files/json.js';
import type { Answer } from './answers.js';
import { htmlText } from '../failures/untrustedText.js';
import { quotable } from '../failures/quotable.js';

/** One error of an answer: OAuth's `error` and `error_description`, or the REST API's `errorCode` and `message`. */
type ReportedError = { readonly code: string; readonly text: string };

/** What an answer turned out to be. */
export type ReadAnswer = {
  /** `errors`: JSON that reports errors. `json`: any other JSON. `page`: HTML. `text`: anything else that is not empty. */
  readonly kind: 'errors' | 'json' | 'page' | 'text' | 'empty';
  readonly errors: readonly ReportedError[];
  /** What may be shown of it: one line, shortened, without secrets. `undefined` when the body is empty. */
  readonly quote: string | undefined;
};

/** Bodies are looked at this far. Everything that matters stands at the beginning. */
const readable = 100_000;

/** Reads the body of an answer without trusting its content type: proxies and maintenance pages lie about it. */
export function readAnswer(answer: Answer): ReadAnswer {
  const body = answer.body.slice(0, readable).trim();
  if (body === '') return { kind: 'empty', errors: [], quote: undefined };
  const json = parseBody(body);
  if (json !== undefined) {
    const errors = reportedErrors(json);
    if (errors.length > 0) {
      const all = errors.map(({ code, text }) => [code, text].filter((part) => part !== '').join(': '));
      return { kind: 'errors', errors, quote: quotable(all.join('; ')) };
    }
    // Values may be tokens or codes that no pattern knows, so only the names of the fields are shown.
    const fields = isRecord(json) ? Object.keys(json).slice(0, 20).join(', ') : '';
    return { kind: 'json', errors: [], quote: quotable(fields === '' ? 'JSON' : `JSON with the fields ${fields}`) };
  }
  // Salesforce sends plain words as text/html too, so markup alone counts.
  if (/^<(!doctype|html|head|body)/i.test(body) || (answer.contentType.includes('html') && /<\w/.test(body))) {
    return { kind: 'page', errors: [], quote: quotable(htmlText(body)) || 'an HTML page without text' };
  }
  return { kind: 'text', errors: [{ code: '', text: body.slice(0, 1000) }], quote: quotable(body) };
}

function reportedErrors(json: unknown): ReportedError[] {
  const items = Array.isArray(json) ? json.slice(0, 20) : [json];
  return items.flatMap((item): ReportedError[] => {
    if (!isRecord(item)) return [];
    const code = textOf(item['errorCode'] ?? item['error']);
    const text = textOf(item['error_description'] ?? item['message']);
    return code === '' && (text === '' || !Array.isArray(json)) ? [] : [{ code, text }];
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 1000) : '';
}

/** The JSON value, or `undefined` for a body that is not JSON; a bare text or number is not an answer in JSON either. */
function parseBody(body: string): unknown {
  if (!/^[[{]/.test(body)) return undefined;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    // Not JSON is a finding, not a failure: the caller goes on to HTML and plain text.
    return undefined;
  }
}
