/**
 * Writes docs/demo.svg, a picture of a terminal with a run of the demo in it, from what the demo printed:
 *
 *     node scripts/demo.js | node scripts/demoPicture.js
 *
 * What differs from run to run (ports, the consumer key, times) is made the same, so the picture changes only when the demo does. The picture
 * needs no font and no other file from anywhere. test/unit/scripts/demoPicture.test.ts holds it against scripts/demoStory.js.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { columns } from './demoStory.js';

const charWidth = 7.8;
const lineHeight = 18;
const margin = 20;
const titleBar = 36;

/** What the last line of a demo that went well begins with. */
const end = 'Done.';

/** The output of a run with its variable parts made the same. */
export function normalised(output) {
  return output
    .replace(/\bhttps:\/\/localhost:\d+/g, 'https://localhost:18443')
    .replace(/\b3MVG9\w{20,}/g, '3MVG9...')
    .replace(/\b\d{4}-\d\d-\d\d \d\d:\d\d UTC\b/g, '2026-11-22 10:00 UTC')
    .replace(/\r/g, '')
    .trim();
}

/** The lines of a run as they fit the picture. */
export function linesOf(output) {
  return normalised(output)
    .split('\n')
    .flatMap((line) => {
      const pieces = [];
      for (let rest = line.trimEnd(); ;) {
        const at = rest.length <= columns ? rest.length : rest.lastIndexOf(' ', columns) + 1 || columns;
        pieces.push(rest.slice(0, at).trimEnd());
        rest = rest.slice(at);
        if (rest === '') return pieces;
      }
    });
}

/** The lines that a picture shows. */
export function linesIn(svg) {
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>|<!-- empty -->/g)].map(([, text]) =>
    (text ?? '').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&'),
  );
}

export function svgOf(lines) {
  const colours = coloursOf(lines);
  const width = Math.round(columns * charWidth + 2 * margin);
  const height = titleBar + lines.length * lineHeight + margin;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="A recording of npm run demo">
<title>A recording of npm run demo</title>
<rect width="${width}" height="${height}" rx="8" fill="#0b1520"/>
<circle cx="20" cy="18" r="5.5" fill="#3a4a5c"/><circle cx="38" cy="18" r="5.5" fill="#3a4a5c"/><circle cx="56" cy="18" r="5.5" fill="#3a4a5c"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13" fill="#d6deeb">
${lines.map((line, index) => textOf(line, index, colours[index])).join('\n')}
</g>
</svg>
`;
}

/** A line is as wide as its characters, whatever font there is: so that the tables hold together. */
function textOf(line, index, colour) {
  if (line === '') return '<!-- empty -->';
  const text = line.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  const width = (line.length * charWidth).toFixed(1);
  const y = titleBar + (index + 1) * lineHeight;
  return `<text x="${margin}" y="${y}" textLength="${width}" lengthAdjust="spacingAndGlyphs" xml:space="preserve"${colour}>${text}</text>`;
}

/** Comments and commands have colours of their own; a command may go on in the next lines. */
function coloursOf(lines) {
  return lines.map((line, index) => {
    if (line.startsWith('# ')) return ' fill="#8a9bb0"';
    const first = lines.slice(0, index + 1).findLastIndex((earlier) => !earlier.startsWith('    --'));
    const goesOn = lines.slice(first, index).every((earlier) => earlier.endsWith('\\'));
    return lines[first]?.startsWith('$ ') && goesOn ? ' fill="#addb67"' : '';
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const output = readFileSync(0, 'utf8');
  process.stdout.write(output);
  if (!output.trim().split('\n').at(-1).startsWith(end)) {
    throw new Error('The demo did not come to its end; docs/demo.svg is left as it is.');
  }
  writeFileSync(new URL('../docs/demo.svg', import.meta.url), svgOf(linesOf(output)));
}
