import { readFile } from 'node:fs/promises';
import meta from '../configMeta.js';
import { isRecord, parseJson } from '../files/json.js';
import { removeOwnSettings } from '../sfStore/io/ownSettings.js';
import { removesThisPlugin } from '../sfStore/removedPlugin.js';
import { settingsLeftLine, settingsRemovedLine } from '../sfStore/removedPluginView.js';

/** Before the plugin is removed: takes its settings out of sf's. Throws nothing. */
export async function removeSettingsBefore(
  id: string,
  argv: readonly string[],
  say: (line: string) => void,
): Promise<void> {
  if (!removesThisPlugin(id, argv, await packageOfFolder())) return;
  try {
    const names = await removeOwnSettings(meta);
    if (names.length > 0) say(settingsRemovedLine(names));
  } catch (error) {
    say(settingsLeftLine(error));
  }
}

async function packageOfFolder(): Promise<string | undefined> {
  const text = await readFile('package.json', 'utf8').catch(() => '');
  const content = parseJson(text);
  return isRecord(content) && typeof content['name'] === 'string' ? content['name'] : undefined;
}
