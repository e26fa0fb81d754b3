import type { CommandWords } from '../programs/commandLine.js';
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
  /** A program that prints the key; the program and its arguments. In memory, for one run of sf. */
  | { readonly source: 'command'; readonly command: CommandWords }
  /** An ssh-agent, which signs with the key of this fingerprint and never hands it out. */
  | { readonly source: 'agent'; readonly fingerprint: string }
  /** A program that signs what it reads; the certificate has the public half of its key. */
  | { readonly source: 'sign-command'; readonly command: CommandWords; readonly certificateFile: string }
  /** No key: the login that sf has stored for the org (web login, auth URL, access token). */
  | { readonly source: 'sf' };

/** Name of the variable that holds the key itself. */
export const privateKeyVariable = 'SF_PRIVATE_KEY';

/** Name of the variable with the passphrase of an encrypted key. */
export const passphraseVariable = 'SF_PRIVATE_KEY_PASSPHRASE';

/** The variables that name a keeper of the key, as the flags of `sf jit org register` do. */
export const keeperVariables = {
  command: 'SF_JIT_KEY_COMMAND',
  agent: 'SF_JIT_KEY_AGENT',
  signCommand: 'SF_JIT_SIGN_COMMAND',
  certificateFile: 'SF_JIT_CERTIFICATE_FILE',
} as const;

/** Where private keys come from. */
export interface Keys {
  /**
   * Reads, checks and parses the key; of one that is kept elsewhere, the public half. Whatever can be wrong before anything is signed is
   * found here.
   *
   * @throws KeyInvalid, KeyMissing, KeyProgramFailed, KeyNotInAgent
   */
  read(source: KeySource, production: string): Promise<SigningKey>;
  /** Checks and parses the text of a key. @throws KeyInvalid */
  parse(text: string, origin: KeyOrigin): SigningKey;
  /** Whether other users of this machine can read the key file. */
  isReadableByOthers(path: string): Promise<boolean>;
}
