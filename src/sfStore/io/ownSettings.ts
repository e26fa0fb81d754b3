import type { Config as CoreConfig } from '@salesforce/core/config';
import { join } from 'node:path';
import { textOrNothing } from '../../files/io/files.js';
import { isRecord, parseJson } from '../../files/json.js';
import { sfdxFolder, sfFolder } from '../../files/io/stateFolders.js';
import { isOwnSetting } from '../ownSettings.js';

/** The files of sf's configuration of this machine in which settings of this plugin stand, with their names. */
export async function filesWithOwnSettings(): Promise<Array<{ file: string; names: string[] }>> {
  const files = [join(sfFolder(), 'config.json'), join(sfdxFolder(), 'sfdx-config.json')];
  const texts = await Promise.all(files.map(textOrNothing));
  return files.flatMap((file, index) => {
    const values = parseJson(texts[index] ?? '');
    const names = isRecord(values) ? Object.keys(values).filter(isOwnSetting) : [];
    return names.length > 0 ? [{ file, names }] : [];
  });
}

/**
 * Takes the plugin's settings out of sf's configuration of this machine and of the current project, by core's own code, which keeps both of
 * its files alike. Without the plugin, sf would read each of them as `org-instance-url` (docs/salesforce.md, Environment variables and settings).
 *
 * @param meta the plugin's variables, which this copy of core has to be told
 * @returns names of what was removed, each once
 */
export async function removeOwnSettings(
  meta: Parameters<typeof CoreConfig.addAllowedProperties>[0],
): Promise<string[]> {
  const { Config } = await import('@salesforce/core/config');
  Config.addAllowedProperties(meta);
  const removed = new Set<string>();
  for (const isGlobal of [true, false]) {
    const config = await configOf(Config, isGlobal);
    const names = config?.keys().filter(isOwnSetting) ?? [];
    if (config === undefined || names.length === 0) continue;
    for (const name of names) {
      config.unset(name);
      removed.add(name);
    }
    await config.write();
  }
  return [...removed];
}

/** @returns undefined for the project's configuration where there is no project */
async function configOf(Config: typeof CoreConfig, isGlobal: boolean): Promise<CoreConfig | undefined> {
  try {
    return await Config.create({ isGlobal });
  } catch (error) {
    if ((error as Error).name === 'InvalidProjectWorkspaceError') return undefined;
    throw error;
  }
}
