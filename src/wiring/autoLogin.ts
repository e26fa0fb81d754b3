import { glanceAtFlagsFolder, glanceAtOrg, glanceAtSettings } from '../autoLogin/io/glance.js';
import {
  beforeCommand,
  canBeRegistered,
  checkMinutesFrom,
  isAutoLoginOn,
  mayNeedLogin,
} from '../autoLogin/autoLogin.js';
import type { FlagDefinitions } from '../autoLogin/orgFlags.js';
import {
  asksForHelp,
  flagsFilesLeftOut,
  flagsFolder,
  orgFlagSpellings,
  orgsNamed,
  withFlagsFiles,
} from '../autoLogin/orgFlags.js';
import { autoLoginSetting, checkMinutesSetting } from '../sfStore/settingNames.js';

/** A command that is about to run. */
export type ComingCommand = {
  /** oclif's, with colons: its name or an alias, in the order of words that the command itself gives them. */
  readonly id: string;
  readonly flags: FlagDefinitions;
  /** What stands after it, not parsed yet. */
  readonly argv: readonly string[];
};

/**
 * Makes sure, before a command runs, that the JIT sandboxes it uses are logged in to. Says what it did in one line a sandbox;
 * throws nothing: the command runs all the same, and fails as it would have.
 *
 * This file and what it imports is loaded for every sf command, so it is small: only a sandbox that has to be looked at loads the rest.
 */
export async function autoLogin({ id, flags, argv }: ComingCommand, say: (line: string) => void): Promise<void> {
  if (!mayNeedLogin(id) || asksForHelp(argv)) return;
  const orgs = orgsToLookAt(argv, flags);
  if (orgs.length === 0) return;
  const { loginIfNeeded } = await import('./loginIfNeeded.js');
  for (const org of orgs) {
    const line = await loginIfNeeded(org);
    if (line !== undefined) say(line);
  }
}

/** The orgs that the command names, but for those whose stored login will do. */
function orgsToLookAt(argv: readonly string[], flags: FlagDefinitions): string[] {
  const folder = flagsFolder(argv, flags);
  const files =
    folder === undefined ? [] : glanceAtFlagsFolder(folder, orgFlagSpellings(flags), flagsFilesLeftOut(argv, flags));
  const { given, fromSettings } = orgsNamed(withFlagsFiles(argv, files), flags);
  if (given.length === 0 && fromSettings.length === 0) return [];
  const setting = glanceAtSettings();
  const orgs = [...given, ...fromSettings.flatMap((key) => setting(key) ?? [])].filter(canBeRegistered);
  if (orgs.length === 0 || !isAutoLoginOn(setting(autoLoginSetting))) return [];
  const checkMinutes = checkMinutesFrom(setting(checkMinutesSetting));
  return [...new Set(orgs)].filter((org) => beforeCommand(glanceAtOrg(org), checkMinutes, new Date()) === 'look');
}
