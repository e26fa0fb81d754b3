import { showable } from './untrustedText.js';

/**
 * Server text fit for a failure: secrets taken out first, then shortened and escaped.
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
