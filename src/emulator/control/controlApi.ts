import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ControlHandlers } from './controlOperations.js';

function isAllowed(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const expected = Buffer.from(`Bearer ${token}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return JSON.parse(Buffer.concat(chunks).toString() || '{}');
}

/**
 * The control API, to be served on an origin of its own. The bearer token keeps web pages out: they can send requests to
 * a port of this machine, but cannot know the token.
 */
export function controlApi(
  handlers: ControlHandlers,
  token: string,
): (request: IncomingMessage, response: ServerResponse) => void {
  const operations = new Map<string, (input: never) => unknown>(Object.entries(handlers));
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const send = (status: number, body: string): void => {
      const contentType = status === 200 ? 'application/json' : 'text/plain;charset=UTF-8';
      response.writeHead(status, { 'Content-Type': contentType }).end(body);
    };
    try {
      const operation = operations.get((request.url ?? '').slice(1));
      if (!isAllowed(request, token)) send(401, 'The control token is missing or wrong.');
      else if (!operation || request.method !== 'POST') send(404, `There is no operation ${request.url ?? ''}.`);
      // the one place where a shape is taken on trust: both ends are the emulator's own
      else send(200, JSON.stringify((await operation((await readJson(request)) as never)) ?? null));
    } catch (error) {
      send(400, error instanceof Error ? error.message : String(error));
    }
  };
  return (request, response) => void answer(request, response);
}
