import type { Answer, RequestContext } from '../answers.js';
import { diagnoseAnswer } from '../diagnosis.js';
import type { JitFailure } from '../../failures/failures.js';
import type { HttpRequest } from './http.js';
import { send } from './http.js';

/**
 * Sends a request and reads the JSON of a good answer. `unexpected` makes the failure for JSON that is not what was asked for.
 *
 * @throws what `send` throws, and the classes of `diagnoseAnswer` for any answer but a good one
 */
export async function askForJson(
  request: HttpRequest,
  context: RequestContext,
): Promise<{ value: unknown; unexpected: () => JitFailure }> {
  const answer: Answer = await send(request, context);
  const unexpected = (): JitFailure => diagnoseAnswer(answer, context);
  if (answer.status < 200 || answer.status > 299) throw unexpected();
  try {
    return { value: JSON.parse(answer.body), unexpected };
  } catch {
    // whatever the parser says, the diagnosis shows the body itself
    throw unexpected();
  }
}

/** Host of a URL, with the port if it is not the default. */
export function hostOf(url: string): string {
  return new URL(url).host;
}
