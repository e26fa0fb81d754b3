import {
  aliasInOtherCase,
  areRunsNoted,
  glanceAtFailure,
  glanceAtFlagsFolder,
  glanceAtOrg,
  glanceAtSettings,
} from '../autoLogin/io/glance.js';
import {
  autoLoginOutputFrom,
  autoLoginSecondsFrom,
  beforeCommand,
  canBeRegistered,
  checkMinutesFrom,
  isSwitchedOn,
  mayNeedLogin,
  orgsMadeDefault,
  printsJson,
} from '../autoLogin/autoLogin.js';
import type { FlagDefinitions, NamedOrgs } from '../autoLogin/orgFlags.js';
import {
  asksForHelp,
  flagsFilesLeftOut,
  flagsFolder,
  orgFlagSpellings,
  findNamedOrgs,
  respellOrg,
  withFlagsFiles,
} from '../autoLogin/orgFlags.js';
import {
  autoLoginOutputSetting,
  autoLoginSecondsSetting,
  autoLoginSetting,
  checkMinutesSetting,
} from '../sfStore/settingNames.js';

/** A command that is about to run. */
export type ComingCommand = {
  /** oclif's, with colons: its name or an alias, in the order of words that the command itself gives them. */
  readonly id: string;
  readonly flags: FlagDefinitions;
  /** What stands after it, not parsed yet: the command's own arguments, so that what is written here is what it gets. */
  readonly argv: string[];
};

/**
 * Makes sure, before a command runs, that the JIT sandboxes it uses are logged in to. Says what it did in one line a sandbox;
 * throws nothing: the command runs all the same, and fails as it would have.
 *
 * This file and what it imports is loaded for every sf command, so it is small: only a sandbox that has to be looked at loads the rest.
 */
export async function autoLogin({ id, flags, argv }: ComingCommand, say: (line: string) => void): Promise<void> {
  if (asksForHelp(argv)) return;
  const orgs = mayNeedLogin(id) ? orgsNamedBy(argv, flags) : { given: orgsMadeDefault(id, argv), fromSettings: [] };
  if (orgs.given.length === 0 && orgs.fromSettings.length === 0) return;
  const setting = glanceAtSettings();
  const named = [...orgs.given, ...orgs.fromSettings.flatMap((key) => setting(key) ?? [])].filter(canBeRegistered);
  if (named.length === 0 || !isSwitchedOn(setting(autoLoginSetting))) return;
  const known = named.map((org) => {
    const alias = aliasInOtherCase(org);
    return alias !== undefined && respellOrg(argv, flags, org, alias) ? alias : org;
  });
  const { look, left, ofUser } = sortOrgs([...new Set(known)], checkMinutesFrom(setting(checkMinutesSetting)));
  if (look.length === 0 && left.length === 0 && ofUser.length === 0) return;
  const { SF_CONTENT_TYPE, SFDX_CONTENT_TYPE } = process.env;
  const isForProgram = printsJson(argv, SF_CONTENT_TYPE ?? SFDX_CONTENT_TYPE);
  const output = autoLoginOutputFrom(setting(autoLoginOutputSetting), isForProgram);
  if (output !== 'none') left.forEach(say);
  if (output !== 'none' && ofUser.length > 0) (await import('./refusedLogin.js')).explainRefusal(ofUser, say);
  if (look.length === 0) return;
  const { loginIfNeeded } = await import('./loginIfNeeded.js');
  // named by a setting or a file of flags, a name is not in the arguments
  const respell = (org: string): ((name: string) => void) | undefined =>
    respellOrg(argv, flags, org, org) ? (name): unknown => respellOrg(argv, flags, org, name) : undefined;
  await loginIfNeeded(look, { seconds: autoLoginSecondsFrom(setting(autoLoginSecondsSetting)), output, say, respell });
}

/** Before a command of this plugin: revokes what killed runs of `exec` left, if they left anything. */
export async function endLeftRunsBefore(id: string): Promise<void> {
  if (!id.startsWith('jit:') || !areRunsNoted()) return;
  const { endLeftRuns } = await import('./endLeftRuns.js');
  await endLeftRuns();
}

/** Before the plugin is removed from sf: takes its settings along. */
export async function removeSettingsBefore({ id, argv }: ComingCommand, say: (line: string) => void): Promise<void> {
  if (!/^plugins:(uninstall|unlink|remove|reset)$/.test(id) || asksForHelp(argv)) return;
  const { removeSettingsBefore: remove } = await import('./removedPlugin.js');
  await remove(id, argv, say);
}

/** The orgs that a command line names, with what a folder of flags files adds to it. */
function orgsNamedBy(argv: readonly string[], flags: FlagDefinitions): NamedOrgs {
  const folder = flagsFolder(argv, flags);
  const files =
    folder === undefined ? [] : glanceAtFlagsFolder(folder, orgFlagSpellings(flags), flagsFilesLeftOut(argv, flags));
  return findNamedOrgs(withFlagsFiles(argv, files), flags);
}

/**
 * Which orgs have to be looked at, what to say of those that are left alone after a failure, and which the plugin did not log in to. The
 * stored login of all others will do.
 */
function sortOrgs(orgs: readonly string[], checkMinutes: number): { look: string[]; left: string[]; ofUser: string[] } {
  const now = new Date();
  const look: string[] = [];
  const left: string[] = [];
  const ofUser: string[] = [];
  for (const org of orgs) {
    const glance = glanceAtOrg(org);
    if (beforeCommand(glance, checkMinutes, now) === 'leave') {
      if (glance.record === undefined) ofUser.push(org);
      continue;
    }
    const failed = glanceAtFailure(org, glance, now);
    if (failed === undefined) look.push(org);
    else if (failed.line !== undefined) left.push(failed.line);
  }
  return { look, left, ofUser };
}
