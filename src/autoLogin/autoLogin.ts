import { isAccessToken } from '../failures/accessTokens.js';
import type { LoginRecord } from '../sfStore/storedOrg.js';

/**
 * Commands that never need a login made for them: this plugin's own, and those that make or end logins, for which a login in between
 * would be in the way. `force:` begins the names that sfdx had for them, which sf still knows (plugin-auth and plugin-settings, aliases).
 * Those of `org:auth` show the secrets of a login, so they need one (plugin-org).
 */
const notConcerned = /^(force:)?(jit|org:login|org:logout|auth|alias|config|plugins|autocomplete)(:|$)/;

/** Whether a command could need a sandbox login at all. `id` is oclif's, with colons. */
export function mayNeedLogin(id: string): boolean {
  return !notConcerned.test(id);
}

/** Whether what was given as an org can be an alias or a username at all: an access token can be given too, and is nobody's name. */
export function canBeRegistered(org: string): boolean {
  return !isAccessToken(org);
}

/**
 * The orgs that `sf config set` makes the default: it refuses one that has no login (plugin-settings, `config set`). Names and values stand
 * there as `name=value`, or one pair as two words.
 */
export function orgsMadeDefault(id: string, argv: readonly string[]): string[] {
  if (!/^(force:)?config:set$/.test(id)) return [];
  const words = argv.filter((word) => !word.startsWith('-'));
  const [name = '', value = ''] = words;
  const pairs = name.includes('=') ? words.map((word) => word.split(/=(.*)/s)) : [[name, value]];
  return pairs.flatMap(([key = '', org = '']) => (orgSettingNames.test(key) && org !== '' ? [org] : []));
}

/** Settings that name an org, and what sfdx called them. */
const orgSettingNames = /^(target-org|target-dev-hub|defaultusername|defaultdevhubusername)$/;

/** What sf's own files tell of an org, without decrypting anything. */
export type StoredGlance = {
  /** Whether sf has a login for it. */
  readonly isStored: boolean;
  /** What the plugin remembers of its login, if it made one under that username. */
  readonly record?: Pick<LoginRecord, 'checkedAt'>;
};

/**
 * What to do before a command that uses an org.
 *
 * - `leave`: nothing: a traditional org, or a login of the plugin that was checked lately.
 * - `look`: log in if it is a registered sandbox, or ask Salesforce whether the login is still good.
 *
 * @param checkMinutes for how many minutes a check counts; 0 for none
 */
export function beforeCommand({ isStored, record }: StoredGlance, checkMinutes: number, now: Date): 'leave' | 'look' {
  if (!isStored) return 'look';
  if (record === undefined) return 'leave';
  const age = now.getTime() - Date.parse(record.checkedAt);
  // a check in the future comes from a clock that was wrong
  return age >= 0 && age < checkMinutes * 60_000 ? 'leave' : 'look';
}

/** How long a check of a login counts when `jit-check-minutes` does not say. Shorter than any refresh of a sandbox takes. */
const defaultCheckMinutes = 1;

/** `jit-check-minutes`, from a file or the environment; anything but a number of minutes counts as not set. */
export function checkMinutesFrom(value: string | undefined): number {
  return value !== undefined && isCheckMinutes(value) ? Number(value) : defaultCheckMinutes;
}

/** Whole minutes, up to a day. */
export function isCheckMinutes(value: string): boolean {
  return /^\d{1,4}$/.test(value) && Number(value) <= 1440;
}

/** `jit-auto-login` and `jit-auto-register`: on, unless it says off in one of the ways that sf's own switches know. */
export function isSwitchedOn(value: string | undefined): boolean {
  return !/^\s*(false|0|no|off)\s*$/i.test(value ?? '');
}

/** How many seconds everything that is done before a command may take in all, when `jit-auto-login-seconds` does not say. */
const defaultSeconds = 10;

/** `jit-auto-login-seconds`, from a file or the environment; anything but a number of seconds counts as not set. */
export function autoLoginSecondsFrom(value: string | undefined): number {
  return value !== undefined && isAutoLoginSeconds(value) ? Number(value) : defaultSeconds;
}

/** Whole seconds, from one to ten minutes. */
export function isAutoLoginSeconds(value: string): boolean {
  return /^\d{1,3}$/.test(value) && Number(value) >= 1 && Number(value) <= 600;
}

/** What the automatic login says on standard error: everything, problems only, or nothing. */
export const autoLoginOutputs = ['all', 'problems', 'none'] as const;

export type AutoLoginOutput = (typeof autoLoginOutputs)[number];

/**
 * `jit-auto-login-output`; anything but one of its values counts as not set. What works is not told to a program that reads JSON: many parse both
 * outputs.
 */
export function autoLoginOutputFrom(value: string | undefined, isForProgram: boolean): AutoLoginOutput {
  const output = autoLoginOutputs.find((one) => one === value?.trim().toLowerCase()) ?? 'all';
  return output === 'all' && isForProgram ? 'problems' : output;
}

/**
 * Whether a command prints JSON, as sf decides it (sf-plugins-core, `jsonEnabled`): the flag before any `--`, or the variable.
 *
 * @param contentType `SF_CONTENT_TYPE`
 */
export function printsJson(argv: readonly string[], contentType: string | undefined): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json') || /^json$/i.test(contentType ?? '');
}
