/**
 * The arguments for `cmd.exe /d /s /c` that run a batch file, as npm's and sf's commands are on Windows. Node refuses to start one
 * by itself, because cmd.exe reads the line twice: everything it could take for its own is escaped for both times.
 */
export function batchFileLine(file: string, args: readonly string[]): string {
  const escaped = (text: string): string => text.replace(/([()\][%!^"`<>&|;, *?])/g, '^$1');
  const quoted = args.map((arg) => `"${arg.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\*)$/, '$1$1')}"`);
  return `"${[escaped(file), ...quoted.map((arg) => escaped(escaped(arg)))].join(' ')}"`;
}
