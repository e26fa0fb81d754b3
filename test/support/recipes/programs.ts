import { packedPlugin } from '../packedPlugin.js';
import { sfProgram } from '../runSf.js';
import type { SfInProcess } from '../sfInProcess.js';
import type { Stage } from '../stage.js';

/** Exit code of these programs for what no recipe should need. */
export const unexpected = 97;

/** What recipes may do with sf. */
const commands = [
  'plugins trust allowlist add --name sf-plugin-jit',
  'jit org register *',
  'jit org verify *',
  'jit sandbox *',
  'jit environment *',
  'project deploy start *',
];

const refuse = `unexpected() { echo "not expected in a recipe: $*" >&2; exit ${unexpected}; }`;

/** `npm`: knows the one line that installs the CLI, and puts `sf` where npm would. */
export function npmShim(sf: string): string {
  return `#!/bin/sh
${refuse}
[ "$#" = 3 ] && [ "$1 $2" = 'install --global' ] || unexpected npm "$@"
case "$3" in
  @salesforce/cli | @salesforce/cli@latest | @salesforce/cli@[0-9]*) ;;
  *) unexpected npm "$@" ;;
esac
bin="\${NPM_CONFIG_PREFIX:-$JIT_RUNNER}/bin"
mkdir -p "$bin"
cp '${sf}' "$bin/sf"
`;
}

/** `sf`, started anew for each command, with the packed plugin. */
export async function startsSf(stage: Stage): Promise<string> {
  const { dataDirectory, compileCache } = await packedPlugin();
  return sfShim(dataDirectory, realSf(stage, compileCache));
}

/** `sf` in the process of the tests, with the plugin as it is without the bundle. What starts programs is a process of its own. */
export async function asksThisProcess(stage: Stage, here: SfInProcess): Promise<string> {
  const { compileCache } = await packedPlugin();
  const isProcess = `case "$*" in 'jit sandbox exec '*)\n${realSf(stage, compileCache)};;\nesac`;
  // core opens its log once a process, in the home folder of the first command
  return sfShim(here.dataDirectory, `${isProcess}\nexport SF_DISABLE_LOG_FILE=true\n${here.program()}`);
}

const realSf = ({ info }: Stage, compileCache: string): string =>
  `export NODE_EXTRA_CA_CERTS='${info.caFile}' NODE_COMPILE_CACHE='${compileCache}'
exec '${process.execPath}' --no-deprecation '${sfProgram}' "$@"
`;

/** Has the plugin once it was installed; and that is refused before it was allowed. */
function sfShim(dataDirectory: string, start: string): string {
  const allowed = commands.map((command) => (command.endsWith(' *') ? `'${command.slice(0, -1)}'*` : `'${command}'`));
  return `#!/usr/bin/env bash
${refuse}
case "$*" in
  'plugins install sf-plugin-jit' | 'plugins install sf-plugin-jit@latest')
    grep -q '"sf-plugin-jit"' "$HOME/.config/sf/unsignedPluginAllowList.json" 2> /dev/null || unexpected "sf $* (sf would ask)"
    touch "$HOME/plugin-is-installed"
    exit 0
    ;;
  ${allowed.join(' | ')}) ;;
  *) unexpected sf "$@" ;;
esac
if [ -f "$HOME/plugin-is-installed" ]; then export SF_DATA_DIR='${dataDirectory}'; fi
export SF_DISABLE_AUTOUPDATE=true SF_DISABLE_TELEMETRY=true SF_USE_GENERIC_UNIX_KEYCHAIN=true
${start}`;
}
