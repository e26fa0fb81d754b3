import { Messages } from '@salesforce/core/messages';
import { SfError } from '@salesforce/core/sfError';
import type { Fact } from './facts.js';
import { adviceFacts } from './facts.js';
import { JitFailure } from './failures.js';
import { withoutAccessTokens } from './accessTokens.js';
import { shellWord } from './shellWord.js';
import { showable } from './untrustedText.js';
import { withoutSecrets } from './quotable.js';

/** The words of a failure, ready to be shown. */
export type FailureText = { readonly message: string; readonly actions: string[] };

/**
 * What a command throws: a failure of a known class becomes an SfError with its stable name, its text and actions from
 * `messages/failures.md`, its facts as `data`, and its exit code. Any other error is a fault of ours or of sf and passes unchanged.
 */
export function toSfError(error: unknown): Error {
  if (!(error instanceof JitFailure)) return error instanceof Error ? error : new Error(String(error));
  const { message, actions } = failureText(error);
  const data = Object.fromEntries(
    Object.entries(error.facts).flatMap(([fact, value]) =>
      value === undefined || adviceFacts.has(fact) ? [] : [[fact, withoutAccessTokens(value)]],
    ),
  );
  return SfError.create({
    name: error.name,
    message,
    actions,
    exitCode: error.exitCode,
    data,
    cause: harmlessCause(error.cause),
  });
}

/** The text and the actions of a failure, its facts filled in; a line that mentions an absent fact is left out. */
export function failureText(failure: JitFailure): FailureText {
  const messages = texts();
  return {
    message: withRequestId(messages.getMessage(failure.name).split('\n'))
      .flatMap((line) => filledIn(line, failure))
      .join('\n')
      .trim(),
    actions: messages.getMessages(`${failure.name}.actions`).flatMap((action) => filledIn(action, failure)),
  };
}

/** A text with the line about the request, which is for every class: what Salesforce said stays the last line. */
function withRequestId(lines: readonly string[]): string[] {
  const answer = lines.findLastIndex((line) => line.includes('{answer}'));
  const at = answer < 0 ? lines.length : answer;
  return [...lines.slice(0, at), "Request id, for Salesforce's event logs: {requestId}", ...lines.slice(at)];
}

let loaded: Messages<string> | undefined;

/** Read only when there is something to explain: a command that succeeds never opens the file. */
function texts(): Messages<string> {
  if (!loaded) {
    Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
    loaded = Messages.loadMessages('sf-plugin-jit', 'failures');
  }
  return loaded;
}

function filledIn(line: string, failure: JitFailure): string[] {
  const facts: Partial<Record<Fact, string | undefined>> = failure.facts;
  const mentioned = [...line.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as Fact);
  if (mentioned.some((fact) => facts[fact] === undefined)) return [];
  return [
    line.replace(/\{(\w+)(?:\|([^}]*))?\}/g, (_, fact: Fact, otherwise: string = '', at: number = 0) => {
      const value = facts[fact];
      if (value === undefined) return otherwise;
      const text = showFact(fact, withoutAccessTokens(value));
      // one place in a command is one word of it, whatever the name holds
      return isInCommand(line.slice(0, at)) && !flagFacts.has(fact) ? shellWord(text) : text;
    }),
  ];
}

/** Facts that are several words of a command line, none of which needs quotes (`loginFacts`, `typedCommand`). */
const flagFacts: ReadonlySet<Fact> = new Set<Fact>(['userAndApp', 'key', 'command']);

/** Whether what follows stands in a command: one begins after a colon or after "then", and goes on to the end of the action. */
function isInCommand(before: string): boolean {
  return /(?:: |, then )(?:sf|curl|export|mv|ls|git|sudo|findmnt|chmod) [^"]*$/.test(before);
}

/** Lists of problems keep their lines; paths and lists of names are not cut where they would become useless. */
function showFact(fact: Fact, value: string): string {
  const text =
    fact === 'problems'
      ? value
          .split('\n')
          .map((line) => `- ${showable(line, 400)}`)
          .join('\n')
      : showable(value, longFacts.has(fact) ? 1000 : 300);
  // a problem is the end of a sentence of ours
  return withoutTraps(fact === 'problem' ? text.replace(/\.+$/, '') : text);
}

const longFacts: ReadonlySet<Fact> = new Set<Fact>(['file', 'damaged', 'registry', 'project', 'names', 'problem']);

/**
 * sf ends with exit code 20 when a message holds what looks like a Salesforce error id, and with 10 when it holds the word
 * "TypeError" (sf-plugins-core, errorHandling). A text that Salesforce sent must not decide the exit code.
 */
function withoutTraps(text: string): string {
  return text.replace(/(\d{9,}-\d{3,}) \((-?\d{7,})\)/g, '$1 [$2]').replace(/TypeError/g, 'Type Error');
}

/**
 * The cause, as far down as it must be for sf not to read an exit code out of it. sf prints it whole with `--json`, so one that holds
 * a secret (a proxy's password in its URL, say) is told in words only.
 */
function harmlessCause(cause: unknown): Error | undefined {
  const chain = chainOf(cause);
  const from = chain.findLastIndex(mentionsTrap) + 1;
  const inner = chain[from];
  if (inner === undefined) return undefined;
  const isClean = chain.slice(from).every(({ message }) => withoutSecrets(message) === message);
  return isClean ? inner : new Error(withoutSecrets(inner.message));
}

/** The error and its causes; none when the chain leads back to itself, which sf would follow for ever. */
function chainOf(cause: unknown): Error[] {
  const chain: Error[] = [];
  for (let inner = cause; inner instanceof Error; inner = inner.cause) {
    if (chain.includes(inner)) return [];
    chain.push(inner);
  }
  return chain;
}

function mentionsTrap({ name, message, stack }: Error): boolean {
  return /TypeError|\d{9,}-\d{3,} \(-?\d{7,}\)/.test(`${name} ${message} ${stack ?? ''}`);
}
