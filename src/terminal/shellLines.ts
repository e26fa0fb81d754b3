/**
 * The lines that set environment variables in the shell of this machine's users: PowerShell on Windows, any Unix shell elsewhere.
 *
 * @param platform as `process.platform` names it
 */
export function settingVariables(variables: Readonly<Record<string, string>>, platform: string): string {
  return Object.entries(variables)
    .map(([name, value]) => {
      return platform === 'win32'
        ? `$env:${name} = '${value.replaceAll("'", "''")}'`
        : `export ${name}='${value.replaceAll("'", "'\\''")}'`;
    })
    .join('\n');
}

/** A Unix command line with `$NAME` variables, as the same shell wants it. */
export function usingVariables(commandLine: string, platform: string): string {
  return platform === 'win32' ? commandLine.replaceAll(/\$(?=[A-Z])/g, '$env:') : commandLine;
}
