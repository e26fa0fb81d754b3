import type { Finding, Outcome } from './comparison.js';
import { notObservable, type OpenQuestion, openQuestions } from './observations/observation.js';
import type { Step } from './pluginPath.js';
import type { Shape } from './shape.js';
import type { Revocation } from './tokenLedger.js';

export type Report = {
  findings: readonly Finding[];
  plugin: readonly Step[] | string;
  revocation: Revocation;
};

/** The report as Markdown. No name and no id of the org is in it, so that it can go into an issue. */
export function reportText({ findings, plugin, revocation }: Report): string {
  const unseen = findings.filter(({ real }) => 'notObserved' in real);
  const different = findings.filter(({ differences }) => differences.length > 0);
  const same = findings.filter((finding) => !unseen.includes(finding) && !different.includes(finding));
  const counts = `${findings.length} observations: ${different.length} differ, ${same.length} are the same, ${unseen.length} could not be made.`;
  return [
    '# A real org beside the stand-in',
    counts,
    '## Open questions of docs/salesforce.md',
    ...Object.entries(openQuestions).map(([number, question]) =>
      openQuestion(Number(number) as OpenQuestion, question, findings),
    ),
    '## Differences',
    different.length === 0 ? 'None.' : differencesTable(different),
    '## The same',
    list(same.map(({ observation }) => `${observation.what} (${observation.tests})`)),
    '## Not observed',
    list([
      ...unseen.map(({ observation, real }) => `${observation.what}: ${inShort(real)}`),
      ...notObservable.map(({ what, why }) => `${what}: not observable without a change; ${why}`),
    ]),
    '## The plugin',
    typeof plugin === 'string' ? plugin : list(plugin.map(stepText)),
    '## Tokens',
    revocationText(revocation),
  ].join('\n\n');
}

function openQuestion(number: OpenQuestion, question: string, findings: readonly Finding[]): string {
  const rows = findings
    .filter(({ observation }) => observation.open === number)
    .map(({ observation, real, standIn, differences }) => {
      const verdict = 'notObserved' in real ? 'not observed' : differences.length > 0 ? 'differs' : 'same';
      return [observation.what, withNotes(real), inShort(standIn), verdict];
    });
  const never = notObservable.filter(({ open }) => open === number).map(({ what, why }) => `${what}: ${why}`);
  return [
    `### ${number}. ${question}`,
    ...(rows.length > 0 ? [table(['asked', 'real org', 'stand-in', ''], rows)] : []),
    ...(never.length > 0 ? [`Not observable without a change:\n\n${list(never)}`] : []),
  ].join('\n\n');
}

function differencesTable(findings: readonly Finding[]): string {
  // those that answer an open question first
  const inOrder = [...findings].sort((a, b) => (a.observation.open ?? 9) - (b.observation.open ?? 9));
  return table(
    ['observation', 'tests', 'aspect', 'real org', 'stand-in', 'docs/salesforce.md'],
    inOrder.flatMap(({ observation, differences }) =>
      differences.map(({ aspect, real, standIn, facts }) => [
        observation.what,
        observation.open === undefined ? observation.tests : `open question ${observation.open}, ${observation.tests}`,
        aspect,
        real ?? '',
        standIn ?? 'the same',
        facts ?? '',
      ]),
    ),
  );
}

function stepText({ command, ok, detail }: Step): string {
  return `${ok ? '✓' : '✗'} \`${command}\`${detail === '' ? '' : `: ${detail}`}`;
}

/** What became of the tokens, in a sentence or more. */
export function revocationText({ ended, failures }: Revocation): string {
  const good = `${ended} tokens were issued, and all of them are revoked.`;
  if (failures.length === 0) return good;
  return `${ended} tokens are revoked. These are not, and live until their session ends:\n\n${list(failures)}`;
}

function inShort(outcome: Outcome): string {
  return 'notObserved' in outcome ? outcome.notObserved : shapeInShort(outcome.shape);
}

function withNotes(outcome: Outcome): string {
  const notes = 'notObserved' in outcome ? [] : (outcome.notes ?? []);
  return [inShort(outcome), ...notes].join('; ');
}

function shapeInShort(shape: Shape): string {
  const shown = Object.entries(shape)
    .filter(([aspect]) => !/^(content type|header |field |row field )/.test(aspect))
    .map(([aspect, value]) => (aspect === 'status' ? `HTTP ${value}` : `${aspect}: ${value}`));
  return shown.join(', ');
}

function list(items: readonly string[]): string {
  return items.length === 0 ? 'None.' : items.map((item) => `- ${item}`).join('\n');
}

function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

/** Text of a server in a cell of a table: it must neither end the cell nor be taken for markup. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
