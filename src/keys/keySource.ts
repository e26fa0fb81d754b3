import type { KeyOrigin } from './privateKey.js';
import type { SigningKey } from './signingKey.js';

/** Where production's private key is found when it is needed. Never the key itself. */
export type KeySource =
  /** A key file; sf itself can renew logins with it. */
  | { readonly source: 'file'; readonly path: string }
  /** An environment variable that holds the key. */
  | { readonly source: 'env'; readonly name: string }
  /** The key was piped in once: it has to come again, through `SF_PRIVATE_KEY`. */
  | { readonly source: 'stdin' }
  /** No key: the login that sf has stored for the org (web login, auth URL, access token). */
  | { readonly source: 'sf' };

/** Name of the variable that holds the key itself. */
export const privateKeyVariable = 'SF_PRIVATE_KEY';

/** Name of the variable with the passphrase of an encrypted key. */
export const passphraseVariable = 'SF_PRIVATE_KEY_PASSPHRASE';

/** Where private keys come from. */
export interface Keys {
  /** Reads, checks and parses the key. @throws KeyInvalid, KeyMissing */
  read(source: KeySource, production: string): Promise<SigningKey>;
  /** Checks and parses the text of a key. @throws KeyInvalid */
  parse(text: string, origin: KeyOrigin): SigningKey;
  /** Whether other users of this machine can read the key file. */
  isReadableByOthers(path: string): Promise<boolean>;
}
