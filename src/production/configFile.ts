import { JitFailure } from '../failures/failures.js';
import { isTrustedLoginHost } from '../salesforce/loginUrl.js';
import type { Sfconnect } from './sfconnect.js';
import { parseSfconnect } from './sfconnect.js';
import { showable } from '../failures/untrustedText.js';

/** A `.sfconnect.json` as it lies on disk. What is in it is read when it is needed, so that a file nobody needs cannot fail. */
export type ConfigFile = {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  /** Whether the user named it with `--config-file`; otherwise it was found in the current folder or the project's. */
  readonly isNamed: boolean;
};

/**
 * Reads a `.sfconnect.json`.
 *
 * A file that was found rather than named may come with a repository that somebody else wrote, and it names both a key on this machine
 * and where to send what is signed with it. So its login host must be one of Salesforce's own (or this machine's, for the emulator):
 * then nothing it says can bring a signed assertion to anybody else. For any other host the user has to name the file.
 *
 * @throws ConfigInvalid with every problem at once
 */
export function readConfigFile({ path, text, isNamed }: ConfigFile): { config: Sfconnect; warnings: string[] } {
  const read = parseSfconnect(text, path);
  const { loginUrl } = read.config;
  if (!isNamed && !isTrustedLoginHost(loginUrl)) {
    throw new JitFailure('ConfigInvalid', {
      file: path,
      problems:
        `tokenUrl: ${showable(new URL(loginUrl).host)} is not a host of Salesforce, and a file that was found rather than named ` +
        'may not send a login there; if you trust it, name it with --config-file',
    });
  }
  return read;
}

/** What the user should know about a file that can be used; nothing for one that cannot, which fails where it is needed. */
export function configFileWarnings(file: ConfigFile | undefined): string[] {
  try {
    return file ? readConfigFile(file).warnings.map((warning) => `${file.path}: ${warning}`) : [];
  } catch (error) {
    if (error instanceof JitFailure) return [];
    throw error;
  }
}

/** What the user should know when a file that was found says how production is logged in to: that it does, and what is odd in it. */
export function foundFileWarnings(file: ConfigFile | undefined): string[] {
  if (!file) return [];
  const { username, loginUrl } = readConfigFile(file).config;
  const used =
    `Production is logged in to as ${showable(username)} at ${showable(new URL(loginUrl).host)}, as ${file.path} says, which was ` +
    'found in this folder: this machine knows no production org of that username.';
  return [used, ...configFileWarnings(file)];
}
