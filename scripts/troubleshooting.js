/**
 * Writes docs/troubleshooting.md out of the failure classes, their texts and the recorded answers, so that the page cannot say
 * anything else than the commands do. `--check` only compares, and ends with 1 when the page is out of date.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { failureClasses } from '../src/failures/failures.ts';

const root = new URL('../', import.meta.url);
const page = new URL('docs/troubleshooting.md', root);

/** Key to text of a message file. */
function messages(file) {
  const sections = readFileSync(new URL(`messages/${file}`, root), 'utf8')
    .split(/^# /m)
    .slice(1);
  return new Map(
    sections.map((section) => [section.split('\n')[0].trim(), section.split('\n').slice(1).join('\n').trim()]),
  );
}

/** Facts become placeholders, commands become code, and what is left cannot be taken for HTML. */
function forReading(line) {
  return line
    .replace(/\{\w+\|([^}]*)\}/g, '$1')
    .replace(/\{(\w+)\}/g, '<$1>')
    .split(
      /(\bsf (?:jit|org|config|doctor|plugins) .*?(?=$|, then |\. )|(?<=: )(?:curl|export|mv|ls|date|git diff) .*?(?=$|, then ))/,
    )
    .map((part, index) => (index % 2 === 1 ? `\`${part}\`` : part.replace(/</g, '\\<')))
    .join('');
}

function section(name, texts) {
  const lines = texts
    .get(name)
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.includes('{answer}'));
  const { exitCode: exit, exitCodeWith } = failureClasses[name];
  return [
    `## ${name}`,
    '',
    lines.map(forReading).join('\n'),
    ...(exit
      ? [
          '',
          exit !== 69
            ? `Exit code ${exit}, as ${exit === 2 ? 'sf ends after a wrong use of a command' : 'in a shell'}.`
            : `Exit code 69${exitCodeWith ? ` at a ${exitCodeWith}` : ''}: not ready yet, try again.`,
        ]
      : []),
    '',
    'What to do:',
    '',
    ...texts.get(`${name}.actions`).split('\n').map(forReading),
    '',
  ];
}

const meaningless = [
  'invalid_grant',
  'invalid_client',
  'invalid_request',
  'INVALID_INPUT',
  'UNKNOWN',
  'UNKNOWN_EXCEPTION',
  'NOT_FOUND',
];

const during = {
  'jwt-login': 'login by key',
  'code-exchange': 'login by authorization code',
  'refresh-token': 'renewal of a stored login',
  'sandbox-auth': 'request for a sandbox user',
  query: 'query',
  revoke: 'logout',
};

/** What Salesforce says, and which class that is: so that the page is found by the words on the screen. */
function index() {
  const folder = new URL('test/fixtures/answers/', root);
  const rows = readdirSync(folder).flatMap((file) => {
    const { source, body, contentType, operation, side, expected } = JSON.parse(
      readFileSync(new URL(file, folder), 'utf8'),
    );
    if (contentType !== 'application/json' || expected === 'UnexpectedAnswer') return [];
    const [first, ...others] = [JSON.parse(body)].flat();
    const code = first.error ?? first.errorCode;
    // Words that no source confirms are not quoted; a code that says something by itself is.
    const confirmed = !source.includes('unconfirmed');
    if (code === undefined || others.length > 0 || (!confirmed && meaningless.includes(code))) return [];
    const words = [code, ...(confirmed ? [first.error_description ?? first.message] : [])].filter(Boolean);
    return [`| \`${words.join(': ')}\` | ${during[operation]}, ${side} | [${expected}](#${expected.toLowerCase()}) |`];
  });
  return [...new Set(rows)].sort((one, other) => one.toLowerCase().localeCompare(other.toLowerCase(), 'en'));
}

const texts = messages('failures.md');
const names = Object.keys(failureClasses);
const text = [
  '# Troubleshooting',
  '',
  'Every failure of this plugin belongs to one of the classes below. The class is the `name` in `--json` output, and scripts may',
  'rely on it. A failure ends a command with exit code 1 unless its section says otherwise; `sf jit sandbox login` ends with 68 when',
  'only some of several sandboxes failed. What Salesforce itself said is shown in the last line of a message; before it stands the id under which',
  "an administrator finds the request in Salesforce's event logs ([audit.md](audit.md)).",
  '',
  'Words in angle brackets, such as \\<sandbox>, are replaced by names when the failure is shown.',
  '',
  '<!-- written by scripts/troubleshooting.js from messages/failures.md and test/fixtures/answers; do not edit here -->',
  '',
  '## By the words of Salesforce',
  '',
  '| Salesforce says | during | class |',
  '| --- | --- | --- |',
  ...index(),
  '',
  ...names.flatMap((name) => section(name, texts)),
].join('\n');

if (!process.argv.includes('--check')) {
  writeFileSync(page, text);
} else if (readFileSync(page, 'utf8') !== text) {
  process.stderr.write('docs/troubleshooting.md is out of date: node scripts/troubleshooting.js\n');
  process.exitCode = 1;
}
