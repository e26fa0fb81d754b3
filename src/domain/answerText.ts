import type { Answer } from './answers.js';
import { htmlText, showable } from './untrustedText.js';

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
  const json = parsed(body);
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

/**
 * Server text fit for a failure: secrets taken out first, then shortened and escaped (spec §7, §8).
 *
 * @returns at most 300 characters, one line
 */
export function quotable(text: string): string {
  return showable(withoutSecrets(text.slice(0, 5000)), 300);
}

/** Takes out everything that looks like a token, an assertion, a code, a key or a password. Better too much than too little. */
export function withoutSecrets(text: string): string {
  return (
    text
      .replace(/-{4,5} ?BEGIN [A-Z0-9 ]+-{4,5}[\s\S]*?(-{4,5} ?END [A-Z0-9 ]+-{4,5}|$)/g, hidden)
      // sfdx auth URL, and a user and password in any URL; passwords with an at sign reach up to the last one
      .replace(/force:\/\/\S+/gi, hidden)
      .replace(/(\w:\/\/)[^\s/]+@/g, '$1')
      .replace(/[^\s/@:]{1,100}:[^\s/]{1,200}@/g, `${hidden}@`)
      // access tokens, also with the exclamation mark percent-encoded
      .replace(/00D\w{12,15}(!|%21)\S*/gi, hidden)
      .replace(/eyJ[\w-]+(\.[\w-]*){0,2}/g, hidden)
      .replace(/(\bBearer|\bauthorization\\*["']?\s*[:=]\s*\\*["']?\w+)\s+\S+/gi, `$1 ${hidden}`)
      // values by their names, in forms, headers, JSON and JSON within a text; a value in quotes may hold spaces
      .replace(
        /(access_token|refresh_token|client_secret|auth_?code|assertion|password|passphrase|\bsid|[?&]code)(\\*["']?\s*[:=]\s*)("(?:[^"\\]|\\[\s\S])*"?|'(?:[^'\\]|\\[\s\S])*'?|\\+["'][^"']*|[^\s&]+)/gi,
        `$1$2${hidden}`,
      )
      // anything else of the length and mix of a token: refresh tokens, codes, hashes
      .replace(/[\w+/=.%-]{28,}/g, (run) => (isTokenLike(run) ? hidden : run))
  );
}

const hidden = '[hidden]';

/** Host names, paths and prose are of lower-case letters; tokens mix letters and digits, or hold a long hexadecimal number. */
function isTokenLike(run: string): boolean {
  return (/\d/.test(run) && /[A-Z]/.test(run) && /[a-z]/.test(run)) || /[0-9a-f]{32}/i.test(run);
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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON value, or `undefined` for a body that is none; a bare text or number is not an answer in JSON either. */
function parsed(body: string): unknown {
  if (!/^[[{]/.test(body)) return undefined;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    // Not JSON is a finding, not a failure: the caller goes on to HTML and plain text.
    return undefined;
  }
}
