import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';

/** An answer, read to the end. */
export type Reply = { status: number; headers: IncomingHttpHeaders; text: string; json: unknown };

export type Sent = { method?: string; headers?: Record<string, string>; body?: string };

/** What is wrong below HTTP, by its code: `ECONNREFUSED`, `ENOTFOUND` … */
export class NoAnswer extends Error {
  public constructor(
    public readonly code: string,
    public readonly host: string,
  ) {
    super(`${host} gives no answer: ${code}`);
  }
}

/** Seconds until an answer is given up. */
const patienceSeconds = 60;

/** Sends requests with nothing but Node: no code of the plugin or the stand-in is in it. Follows no redirect, repeats nothing. */
export class HttpsClient {
  private readonly agent: Agent;

  /** @param ca PEM of the only authority to trust; what Node trusts, if left out, and then by the proxy of the environment */
  public constructor(ca?: string) {
    const proxy = { proxyEnv: process.env };
    this.agent = new Agent({ keepAlive: false, ...(ca === undefined ? proxy : { ca }) });
  }

  /** @throws NoAnswer */
  public async send(url: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const fail = (error: NodeJS.ErrnoException): void => {
        reject(new NoAnswer(error.code ?? error.name, new URL(url).host));
      };
      const all = { accept: 'application/json', 'user-agent': 'sf-plugin-jit test:real', ...headers };
      const sent = request(url, { method, headers: all, agent: this.agent }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('error', fail);
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: parsed(text) });
        });
      });
      sent.setTimeout(patienceSeconds * 1000, () => {
        sent.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' }));
      });
      sent.on('error', fail);
      sent.end(body);
    });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
