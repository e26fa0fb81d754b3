/** What `sf jit org verify` and `sf doctor` look at, in the order in which it is shown. */
const checkNames = [
  'credentials',
  'config-file',
  'key',
  'key-file-mode',
  'certificate',
  'refresh-token',
  'org',
  'api-version',
  'sandboxes',
  'sandbox-creators',
  'app',
  'clock',
  'proxy',
  'ca',
  'private-key-variable',
  'registry',
  'settings',
  'keychain',
  'file-modes',
  'last-failure',
] as const;

export type CheckName = (typeof checkNames)[number];

export type CheckStatus = 'pass' | 'warn' | 'fail';

/** What a check found: its words stand in `messages/checks.md` under `<name>.<words>`. Never a secret. */
export type Finding = {
  readonly name: CheckName;
  readonly status: CheckStatus;
  /** Key of the sentence. */
  readonly words: string;
  /** What the sentence names. */
  readonly values: readonly string[];
};

/** Makes a finding. */
export function finding(name: CheckName, status: CheckStatus, words: string, ...values: string[]): Finding {
  return { name, status, words, values };
}

/** In the order of {@link checkNames}. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((one, other) => checkNames.indexOf(one.name) - checkNames.indexOf(other.name));
}

/** A record of environment variables. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** A variable that is set and not empty. */
export function setVariable(env: Variables, name: string): string | undefined {
  return env[name]?.trim() ? env[name] : undefined;
}
