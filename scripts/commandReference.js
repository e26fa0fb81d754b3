/**
 * Writes docs/commands/ out of the manifest: one page a topic, by `oclif readme`, and what that leaves out of sf's help: environment
 * variables, configuration variables and exit codes. Needs a build. `--check` only compares, and ends with 1 when a page is out of date.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'docs', 'commands');
const { commands } = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8'));
const { oclif } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** In one order: the manifest has the commands in the order in which their files happened to be loaded. */
const ids = Object.keys(commands).sort();
const topics = oclif.topics.jit.subtopics;

/** The pages as `oclif readme` makes them, by topic. */
function rawPages() {
  // beside the others, because it must be inside the plugin's folder
  const temporary = mkdtempSync(join(root, 'docs', '.commands-'));
  try {
    const readme = join(temporary, 'README.md');
    writeFileSync(readme, '<!-- commands -->\n');
    const inside = (path) => path.slice(root.length);
    const run = join(dirname(createRequire(import.meta.url).resolve('oclif/package.json')), 'bin', 'run.js');
    const args = ['--multi', '--nested-topics-depth', '2', '--no-source-links'];
    const { status, stderr } = spawnSync(
      process.execPath,
      [run, 'readme', '--readme-path', inside(readme), '--output-dir', inside(temporary), ...args],
      { cwd: root, encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production', COLUMNS: '120' } },
    );
    if (status !== 0) throw new Error(stderr);
    return Object.keys(topics).map((topic) => [topic, readFileSync(join(temporary, 'jit', `${topic}.md`), 'utf8')]);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

const sections = ['envVariablesSection', 'configurationVariablesSection', 'errorCodes'];

/** The sections of the help that `oclif readme` does not know, as rows of name and text. */
function otherSections(id) {
  return sections.flatMap((section) => {
    const { header, body } = commands[id][section] ?? {};
    if (!header) return [];
    return ['', header, ...body.flatMap(({ name, description }) => wrapped(name, description))];
  });
}

/** A row of a list as sf's help has it, 120 columns wide. */
function wrapped(name, text) {
  const lines = [`  ${name}`, '     '];
  for (const word of text.split(/\s+/)) {
    if (lines.at(-1).length + word.length + 1 > 120) lines.push('     ');
    lines[lines.length - 1] += ` ${word}`;
  }
  return lines;
}

function page(topic, raw) {
  const parts = raw.split(/^(?=## `)/m).slice(1);
  const own = ids.filter((id) => id.split(':')[1] === topic);
  const described = parts.map((part) => {
    const id = own.find((candidate) => part.includes(`USAGE\n  $ sf ${candidate.replaceAll(':', ' ')} `));
    const name = `sf ${id.replaceAll(':', ' ')}`;
    const body = part.replace(/^## `.*`$/m, `## ${name}`).trimEnd();
    const others = otherSections(id).join('\n');
    return [name, others === '' ? body : body.replace(/\n```\s*$/, () => `\n${others}\n\`\`\``)];
  });
  const list = described.map(([name]) => `- [${name}](#${name.replaceAll(' ', '-')})`);
  return [
    `# sf jit ${topic}`,
    topics[topic].description,
    '<!-- written by scripts/commandReference.js; do not edit here -->',
    list.join('\n'),
    ...described.map(([, body]) => body),
  ].join('\n\n');
}

function index() {
  const rows = ids.map((id) => {
    const name = `sf ${id.replaceAll(':', ' ')}`;
    return `| [${name}](${id.split(':')[1]}.md#${name.replaceAll(' ', '-')}) | ${commands[id].summary} |`;
  });
  return [
    '# Commands',
    'What `--help` says, one page a topic. Every command but `exec` has `--json`; its result is described by a schema in `schemas/`.',
    '<!-- written by scripts/commandReference.js; do not edit here -->',
    ['| command | does |', '|---|---|', ...rows].join('\n'),
  ].join('\n\n');
}

const pages = new Map([['README.md', index()], ...rawPages().map(([topic, raw]) => [`${topic}.md`, page(topic, raw)])]);
const there = existsSync(folder) ? readdirSync(folder) : [];

if (!process.argv.includes('--check')) {
  mkdirSync(folder, { recursive: true });
  for (const file of there) if (!pages.has(file)) rmSync(join(folder, file));
  for (const [file, text] of pages) writeFileSync(join(folder, file), `${text}\n`);
} else {
  const current = (file) => there.includes(file) && readFileSync(join(folder, file), 'utf8') === `${pages.get(file)}\n`;
  const stale = [...pages.keys()].filter((file) => !current(file)).concat(there.filter((file) => !pages.has(file)));
  if (stale.length > 0) {
    process.stderr.write(`Out of date in docs/commands: ${stale.join(', ')}. Run: node scripts/commandReference.js\n`);
    process.exitCode = 1;
  }
}
