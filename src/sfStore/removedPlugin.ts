/** Name of this package, as `sf plugins uninstall` takes it. */
const pluginName = 'sf-plugin-jit';

/**
 * Whether a command of plugin-plugins removes this plugin from sf: by its name, with or without a version; with all others; or, when no
 * name is given, as the plugin of the current folder (plugin-plugins, `plugins uninstall`).
 *
 * @param id of the command, with colons: its name or an alias
 * @param folderName what the `package.json` of the current folder calls its package; undefined when there is none
 */
export function removesThisPlugin(id: string, argv: readonly string[], folderName: string | undefined): boolean {
  if (id === 'plugins:reset') return true;
  if (!/^plugins:(uninstall|unlink|remove)$/.test(id)) return false;
  const names = argv.filter((word) => !word.startsWith('-'));
  const isThisFolder = folderName === pluginName && (names.length === 0 || names.includes('.'));
  return isThisFolder || names.some((name) => name === pluginName || name.startsWith(`${pluginName}@`));
}
