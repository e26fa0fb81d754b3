/**
 * A `.gitignore` with these files added, or `undefined` when it ignores them already. Line ends stay as they are.
 *
 * @param content the present content, `''` when there is no file
 * @param paths relative to the folder of the `.gitignore`, with `/` between folders
 * @param withCopies whether files beside them whose names begin so are meant as well
 */
export function addToGitignore(content: string, paths: readonly string[], withCopies = false): string | undefined {
  const lines = new Set(content.split(/\r?\n/).map((line) => line.trim()));
  const pattern = (path: string): string => anchor(path) + (withCopies ? '*' : '');
  const missing = paths.filter((path) => !lines.has(pattern(path)) && (withCopies || !lines.has(path)));
  if (missing.length === 0) return undefined;
  const end = content.includes('\r\n') ? '\r\n' : '\n';
  const start = content === '' || content.endsWith('\n') ? content : content + end;
  return start + missing.map((path) => pattern(path) + end).join('');
}

/** A pattern that means this file only: anchored, and with the characters escaped that mean something to git. */
function anchor(path: string): string {
  return `/${path.replace(/[\\*?[\]]/g, '\\$&').replace(/ +$/, (spaces) => spaces.replace(/ /g, '\\ '))}`;
}
