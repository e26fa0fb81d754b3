import { dirname, resolve } from 'node:path';
import { JitFailure } from '../failures/failures.js';
import { hostKind, loginOrigin } from '../salesforce/loginUrl.js';
import { looksLikePrivateKey } from '../keys/privateKey.js';
import { showable } from '../failures/untrustedText.js';
import { nearestName } from '../failures/nearestName.js';

/** The name of the file, in the folder of the project. */
export const sfconnectFile = '.sfconnect.json';

/** The fields of `.sfconnect.json`, as in the seed document "Authentication Setup". */
export type SfconnectFields = {
  /** URL of the org: its My Domain, `https://login.salesforce.com` or `https://test.salesforce.com`. */
  readonly instanceUrl: string;
  /** Such as `v59.0`. */
  readonly apiVersion?: string;
  readonly authType?: 'jwt';
  /** OAuth token endpoint; that of `instanceUrl` when it is absent. */
  readonly tokenUrl?: string;
  /** Consumer key of the app. */
  readonly clientId: string;
  readonly username: string;
  /** Path of the private key; relative to the file. */
  readonly privateKeyPath: string;
  readonly algorithm?: 'RS256';
};

/** What a `.sfconnect.json` says, checked and made absolute. */
export type Sfconnect = {
  readonly instanceUrl: string;
  /** Origin where the login goes: that of `tokenUrl`, else of `instanceUrl`. */
  readonly loginUrl: string;
  /** With the `v`, such as `v59.0`. */
  readonly apiVersion?: string;
  readonly clientId: string;
  readonly username: string;
  /** Absolute path. */
  readonly privateKeyPath: string;
};

/**
 * Reads a `.sfconnect.json`.
 *
 * @param file absolute path of the file, to which a relative key path is relative
 * @returns the configuration, and a warning for each field that is not known
 * @throws ConfigInvalid with every problem of the file at once, each with its field and what is allowed there
 */
export function parseSfconnect(text: string, file: string): { config: Sfconnect; warnings: string[] } {
  const entry = jsonObject(text, file);
  const problems: string[] = [];
  const values = new Map<FieldName, string>();
  for (const name of fieldNames) {
    const value: unknown = Object.hasOwn(entry, name) ? entry[name] : undefined;
    const problem = fieldProblem(name, value);
    if (problem !== undefined) problems.push(`${name}: ${problem}`);
    else if (typeof value === 'string') values.set(name, value.trim());
  }
  const valueOf = (name: FieldName): string => values.get(name) ?? '';
  const instanceUrl = valueOf('instanceUrl');
  const tokenUrl = values.get('tokenUrl') ?? instanceUrl;
  if (contradict(instanceUrl, tokenUrl)) {
    problems.push(
      'tokenUrl: it belongs to a sandbox and instanceUrl to a production org, or the reverse; use the same host',
    );
  }
  if (problems.length > 0) throw new JitFailure('ConfigInvalid', { file, problems: problems.join('\n') });
  const apiVersion = values.get('apiVersion');
  return {
    config: {
      instanceUrl: loginOrigin(instanceUrl, 'instanceUrl'),
      loginUrl: loginOrigin(tokenUrl, 'tokenUrl'),
      ...(apiVersion === undefined ? {} : { apiVersion: `v${apiVersion.replace('v', '')}` }),
      clientId: valueOf('clientId'),
      username: valueOf('username'),
      privateKeyPath: resolve(dirname(file), valueOf('privateKeyPath')),
    },
    warnings: Object.keys(entry).flatMap((name) => (isFieldName(name) ? [] : [unknownField(name)])),
  };
}

/** The text of a `.sfconnect.json`, all fields in the order of the seed document. */
export function sfconnectText(fields: SfconnectFields): string {
  const instanceUrl = fields.instanceUrl.trim().replace(/\/+$/, '');
  const all: Required<SfconnectFields> = {
    instanceUrl,
    apiVersion: fields.apiVersion ?? defaultApiVersion,
    authType: 'jwt',
    tokenUrl: fields.tokenUrl ?? instanceUrl + tokenPath,
    clientId: fields.clientId,
    username: fields.username,
    privateKeyPath: fields.privateKeyPath,
    algorithm: 'RS256',
  };
  return `${JSON.stringify(all, null, 2)}\n`;
}

/** Old enough for every org, and new enough for all that this plugin asks. */
export const defaultApiVersion = 'v60.0';

const tokenPath = '/services/oauth2/token';

const fieldNames = [
  'instanceUrl',
  'apiVersion',
  'authType',
  'tokenUrl',
  'clientId',
  'username',
  'privateKeyPath',
  'algorithm',
] as const satisfies ReadonlyArray<keyof SfconnectFields>;

type FieldName = (typeof fieldNames)[number];

const isFieldName = (name: string): name is FieldName => (fieldNames as readonly string[]).includes(name);

type FieldRule = {
  readonly required: boolean;
  /** What is allowed, after "it must be". */
  readonly allowed: string;
  /** What is wrong with a value, if anything. Never repeats the value: it may be a key that was put in the wrong field. */
  readonly problem: (value: string) => string | undefined;
};

const rules: Record<FieldName, FieldRule> = {
  instanceUrl: {
    required: true,
    allowed: 'the https:// URL of the org, such as https://acme.my.salesforce.com',
    problem: urlProblem,
  },
  apiVersion: {
    required: false,
    allowed: 'an API version such as v59.0',
    problem: (value) => (/^v?\d{2,3}\.0$/.test(value) ? undefined : 'it is not an API version'),
  },
  authType: {
    required: false,
    allowed: '"jwt"',
    problem: (value) => (value.toLowerCase() === 'jwt' ? undefined : 'no other way of logging in is known'),
  },
  tokenUrl: {
    required: false,
    allowed: `an https:// URL that ends in ${tokenPath}`,
    problem: (value) =>
      urlProblem(value) ?? (new URL(value).pathname === tokenPath ? undefined : 'it is not a token endpoint'),
  },
  clientId: {
    required: true,
    allowed: 'the consumer key of the app',
    problem: (value) =>
      /\s/.test(value) || /^YOUR_/i.test(value)
        ? 'it is not a consumer key'
        : looksLikePrivateKey(value)
          ? 'it is a private key'
          : undefined,
  },
  username: {
    required: true,
    allowed: 'a Salesforce username, which looks like an e-mail address',
    problem: (value) =>
      /^[^\s@]+@[^\s@]+$/.test(value) && !/^your-username@/i.test(value) ? undefined : 'it is not a username',
  },
  privateKeyPath: {
    required: true,
    allowed: 'the path of the file with the private key, relative to this file or absolute',
    problem: (value) =>
      looksLikePrivateKey(value)
        ? 'it is the key itself'
        : value.startsWith('~')
          ? '"~" is not replaced here'
          : undefined,
  },
  algorithm: {
    required: false,
    allowed: '"RS256"',
    problem: (value) => (value === 'RS256' ? undefined : 'Salesforce accepts no other'),
  },
};

/**
 * What is wrong with the value of a field, if anything, and what is allowed there. Also used while the user is asked for a value.
 *
 * @param value `undefined` for a field that is absent
 */
export function fieldProblem(name: FieldName, value: unknown): string | undefined {
  const { required, allowed, problem } = rules[name];
  const words = (what: string): string => `${what}; it must be ${allowed}`;
  if (value === undefined) return required ? words('it is missing') : undefined;
  if (typeof value !== 'string') return words('it is not a text');
  if (value.trim() === '') return words('it is empty');
  const found = problem(value.trim());
  return found === undefined ? undefined : words(found);
}

function urlProblem(value: string): string | undefined {
  if (!/^https?:\/\//i.test(value)) return 'it is not an https:// URL';
  if (/^https:\/\/your-instance\./i.test(value)) return 'it is still the example';
  try {
    loginOrigin(value, 'instanceUrl');
    return undefined;
  } catch (error) {
    if (error instanceof JitFailure) return error.facts.problem;
    throw error;
  }
}

/** Whether one URL is of a sandbox and the other of production, as far as their hosts tell. */
function contradict(one: string, other: string): boolean {
  const kinds = new Set([hostKind(one), hostKind(other)]);
  return kinds.has('sandbox') && kinds.has('production');
}

function unknownField(name: string): string {
  const nearest = nearestName(name, fieldNames);
  const hint = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  return `The field "${showable(name, 60)}" is not known and was ignored.${hint}`;
}

function jsonObject(text: string, file: string): Record<string, unknown> {
  const invalid = (problems: string): JitFailure => new JitFailure('ConfigInvalid', { file, problems });
  const plain = text.replace(/^\uFEFF/, '');
  if (plain.trim() === '') throw invalid('the file is empty');
  let parsed: unknown;
  try {
    parsed = JSON.parse(plain);
  } catch (error) {
    // The parser's message quotes the text, which may hold a secret; only the place is taken from it.
    const place = /\(line (\d+) column (\d+)\)/.exec((error as Error).message);
    throw invalid(`the file is not JSON${place ? ` (line ${place[1]}, column ${place[2]})` : ''}`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw invalid('the file does not hold a JSON object ({ … })');
  }
  return parsed as Record<string, unknown>;
}
