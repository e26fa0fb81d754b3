import { readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import type { StoredGlance } from '../autoLogin.js';
import { registeredAlias } from '../loginOfUser.js';
import type { FailedBefore } from '../failedBefore.js';
import { failedBeforeFrom, isLeftAlone, markOf } from '../failedBefore.js';
import {
  aliasFile,
  autoLoginFailureFile,
  loginRecordFile,
  orgFile,
  registryFile,
  runNoteFolder,
  sfFolder,
  sfdxFolder,
} from '../../files/io/stateFolders.js';
import { isSwitchedOn } from '../autoLogin.js';
import { autoLoginSetting, autoRegisterSetting, variableOf } from '../../sfStore/settingNames.js';

/*
 * What can be read of sf's files without loading core, which takes longer than all the rest of the hook. It runs before every command,
 * so whatever cannot be read here counts as not there: the command itself will say what is wrong with it.
 */

/** Whether anything is noted of runs of `exec`: of one that goes on, or of one that was killed. */
export function areRunsNoted(): boolean {
  try {
    return readdirSync(runNoteFolder()).length > 0;
  } catch {
    return false;
  }
}

/** The alias under which an org is registered, read from both layers of the registry; undefined when it is not. */
export function glanceAtRegistration(aliasOrUsername: string): string | undefined {
  const project = projectFolder();
  const plugins = project === undefined ? undefined : json(join(project, 'sfdx-project.json'))?.['plugins'];
  const ofProject = (plugins as Record<string, unknown> | undefined)?.['sf-plugin-jit'];
  return registeredAlias(usernameOf(aliasOrUsername), [ofProject, json(registryFile())]);
}

/** What sf has stored for an alias or username. Reads three small files at most, however much is registered. */
export function glanceAtOrg(aliasOrUsername: string): StoredGlance {
  const username = usernameOf(aliasOrUsername);
  // a name with a path in it is no username
  if (/[\\/]/.test(username)) return { isStored: false };
  const record = json(loginRecordFile(username));
  const checkedAt = record?.['checkedAt'];
  return {
    isStored: statSync(orgFile(username), { throwIfNoEntry: false }) !== undefined,
    ...(record === undefined ? {} : { record: { checkedAt: typeof checkedAt === 'string' ? checkedAt : '' } }),
  };
}

/**
 * sf's alias that differs from a name in letter case only, where the plugin made the login that it leads to. sf finds aliases to the letter;
 * the registry does not care.
 */
export function aliasInOtherCase(name: string): string | undefined {
  const orgs = aliases();
  if (Object.hasOwn(orgs, name)) return undefined;
  const alias = Object.keys(orgs).find((one) => one.toLowerCase() === name.toLowerCase());
  return alias !== undefined && glanceAtOrg(alias).record ? alias : undefined;
}

/**
 * The failure of the automatic login for which an org is left alone now, if there was one.
 *
 * @param org as the command names it
 */
export function glanceAtFailure(org: string, glance: StoredGlance, now: Date): FailedBefore | undefined {
  const failed = failedBeforeFrom(json(autoLoginFailureFile(org)));
  return failed && isLeftAlone(failed, glance, variablesMark(), now) ? failed : undefined;
}

/** A mark of what a login depends on beside Salesforce: the registry, the project, and the login that the environment describes. */
export function variablesMark(): string {
  const project = projectFolder();
  const files = [registryFile(), ...(project === undefined ? [] : [join(project, 'sfdx-project.json')])];
  const writtenAt = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return markOf([
    ...loginVariables.map((name) => process.env[name] ?? ''),
    ...files.flatMap((path) => [path, String(writtenAt(path))]),
  ]);
}

const loginVariables = [
  'SF_USERNAME',
  'SF_CLIENT_ID',
  'SF_INSTANCE_URL',
  'SF_PRIVATE_KEY',
  'SF_PRIVATE_KEY_PASSPHRASE',
];

function usernameOf(aliasOrUsername: string): string {
  const orgs = aliases();
  const username = Object.hasOwn(orgs, aliasOrUsername) ? orgs[aliasOrUsername] : undefined;
  return typeof username === 'string' ? username : aliasOrUsername;
}

function aliases(): Record<string, unknown> {
  const orgs = json(aliasFile())?.['orgs'];
  return typeof orgs === 'object' && orgs !== null ? (orgs as Record<string, unknown>) : {};
}

/** Old names of variables, under which sf still finds what sfdx set (sfdx-core, config `SFDX_ALLOWED_PROPERTIES`). */
const oldNames: Readonly<Record<string, string>> = {
  'target-org': 'defaultusername',
  'target-dev-hub': 'defaultdevhubusername',
};

/**
 * sf's configuration as core's `ConfigAggregator` would resolve it: the environment over the project over this machine; in each folder
 * sf's own file and the one of sfdx, of which the one written last wins. Files are read when the first variable is asked for.
 * The plugin's own settings are the environment's and this machine's: a repository may switch off what happens by itself, and nothing else.
 */
export function glanceAtSettings(): (key: string) => string | undefined {
  let layers: ReturnType<typeof configLayers> | undefined;
  return (key) => {
    const variable = fromEnvironment(key);
    if (variable !== undefined) return variable;
    layers ??= configLayers();
    const { project, machine } = layers;
    const shared = fromFiles(key, project);
    const isSwitch = key === autoLoginSetting || key === autoRegisterSetting;
    const counts = !key.startsWith('jit-') || (isSwitch && !isSwitchedOn(shared));
    return (counts ? shared : undefined) ?? fromFiles(key, machine);
  };
}

type ConfigFile = { readonly values: Record<string, unknown>; readonly isSfdx: boolean; readonly writtenAt: number };

function configLayers(): { readonly project: ConfigFile[]; readonly machine: ConfigFile[] } {
  const project = projectFolder();
  return {
    project: project === undefined ? [] : configFiles(join(project, '.sf'), join(project, '.sfdx')),
    machine: configFiles(sfFolder(), sfdxFolder()),
  };
}

/** The configuration files of a layer, the one written last first. */
function configFiles(sf: string, sfdx: string): ConfigFile[] {
  return [
    { path: join(sf, 'config.json'), isSfdx: false },
    { path: join(sfdx, 'sfdx-config.json'), isSfdx: true },
  ]
    .flatMap(({ path, isSfdx }) => {
      const values = json(path);
      return values ? [{ values, isSfdx, writtenAt: statSync(path).mtimeMs }] : [];
    })
    .sort((one, other) => other.writtenAt - one.writtenAt);
}

function fromFiles(key: string, files: readonly ConfigFile[]): string | undefined {
  for (const { values, isSfdx } of files) {
    const value = values[isSfdx ? (oldNames[key] ?? key) : key];
    if (typeof value === 'string' ? value !== '' : typeof value === 'number' || typeof value === 'boolean') {
      return String(value);
    }
  }
  return undefined;
}

function fromEnvironment(key: string): string | undefined {
  const old = oldNames[key];
  return (
    (process.env[variableOf(key)] || undefined) ??
    (old === undefined ? undefined : process.env[`SFDX_${old.toUpperCase()}`] || undefined)
  );
}

/** The folder of the nearest `sfdx-project.json`, from the current one upwards. */
function projectFolder(): string | undefined {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (statSync(join(folder, 'sfdx-project.json'), { throwIfNoEntry: false })) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/**
 * The texts of the files in the folder that `--flags-dir` names, by name without ending, as far as they stand for wanted flags.
 *
 * @param leftOut names of files, with their endings
 */
export function glanceAtFlagsFolder(
  folder: string,
  wanted: ReadonlySet<string>,
  leftOut: ReadonlySet<string>,
): Array<[string, string]> {
  try {
    return readdirSync(folder)
      .filter((file) => wanted.has(parse(file).name) && !leftOut.has(file))
      .map((file) => [parse(file).name, readFileSync(join(folder, file), 'utf8')]);
  } catch {
    return [];
  }
}

function json(path: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as unknown;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
