import { randomUUID } from 'node:crypto';

/** What goes wrong. */
export type FaultAction =
  /** The connection is reset. With `afterHandling` the request takes effect first and only its answer is lost. */
  | { kind: 'reset'; afterHandling?: boolean }
  /** The request is read and never answered. */
  | { kind: 'hang' }
  /** The true answer, but `delayMs` milliseconds late. */
  | { kind: 'slow'; delayMs: number }
  /** The true answer is cut in the middle of its body, below its Content-Length. */
  | { kind: 'truncate' }
  /** Another answer: a maintenance page, JSON of the wrong shape, an error nobody has seen yet. */
  | { kind: 'answer'; status: number; body: string; contentType?: string; headers?: Record<string, string> }
  /** A redirect; the status is 302 if none is given. */
  | { kind: 'redirect'; location: string; status?: number };

/** Which requests it goes wrong for, and what happens. What is left out matches everything. */
export type Fault = {
  /** Label of the origin (`login`, `test`, `production`, `sandbox:uat`), or `sandbox` for all sandboxes. */
  origin?: string;
  /** Regular expression over the path, without the query string. */
  path?: string;
  method?: string;
  /** `grant_type` of a token request, or its last part: `jwt-bearer`. */
  grantType?: string;
  /** Regular expression over the body. */
  body?: string;
  /** Only from the nth matching request on, counted from 1. */
  nth?: number;
  /** How many requests it hits; all, if left out. */
  times?: number;
  action: FaultAction;
};

/** What a fault is matched against. */
export type FaultTarget = { origin: string; path: string; method: string; grantType: string; body: string };

type Entry = { id: string; fault: Fault; seen: number; done: number };

function matches(fault: Fault, target: FaultTarget): boolean {
  const { origin, path, method, grantType, body } = fault;
  return (
    (origin === undefined || target.origin === origin || target.origin.startsWith(`${origin}:`)) &&
    (path === undefined || new RegExp(path).test(target.path)) &&
    (method === undefined || target.method === method.toUpperCase()) &&
    (grantType === undefined || target.grantType === grantType || target.grantType.endsWith(`:${grantType}`)) &&
    (body === undefined || new RegExp(body).test(target.body))
  );
}

/** The faults that are switched on. */
export class Faults {
  private entries: Entry[] = [];

  /** @returns an id to remove it by */
  public add(fault: Fault): string {
    for (const pattern of [fault.path, fault.body]) if (pattern !== undefined) RegExp(pattern);
    const id = randomUUID();
    this.entries.push({ id, fault, seen: 0, done: 0 });
    return id;
  }

  public remove(id: string): void {
    this.entries = this.entries.filter((entry) => entry.id !== id);
  }

  public clear(): void {
    this.entries = [];
  }

  /** What happens to this request. Every fault that matches counts it; the first one that is due hits it. */
  public strike(target: FaultTarget): FaultAction | undefined {
    let action: FaultAction | undefined;
    for (const entry of this.entries.filter(({ fault }) => matches(fault, target))) {
      entry.seen += 1;
      const due = entry.seen >= (entry.fault.nth ?? 1) && entry.done < (entry.fault.times ?? Infinity);
      if (!due || action) continue;
      entry.done += 1;
      action = entry.fault.action;
    }
    return action;
  }
}
