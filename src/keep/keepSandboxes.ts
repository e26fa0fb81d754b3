import pLimit from 'p-limit';
import type { JitFailure } from '../failures/failures.js';
import { toFailure } from '../failures/unexpectedError.js';
import type { Ports } from '../ports.js';
import { sameName } from '../registry/registry.js';
import type { LoginSandboxRequest } from '../sandboxes/login/loginSandbox.js';
import { findLoginTarget } from '../sandboxes/signIn/loginTarget.js';
import type { SandboxLoginOutcome } from '../sandboxes/login/sandboxLogin.js';
import type { Kept, CheckResult } from './keepSandbox.js';
import { keepSandbox, newlyKept } from './keepSandbox.js';
import { longestNap, nextCheck, nextRetry } from './schedule.js';

/** What `sf jit sandbox keep` asks for. */
export type KeepRequest = Omit<LoginSandboxRequest, 'sandbox' | 'ifNeeded' | 'replace' | 'setDefault'> & {
  readonly sandboxes: readonly string[];
  /** Milliseconds between checks. */
  readonly every: number;
};

/** What a keeper did, or could not do, for one sandbox; with the id of the requests that came to it, if there were any. */
export type KeepEvent = Tale & { readonly sandbox: string };

type Tale = { readonly requestId?: string } & (
  | ({ readonly kind: 'logged-in' | 'renewed' | 'refreshed' } & SandboxLoginOutcome)
  | { readonly kind: 'left-alone' | 'kept-elsewhere' }
  | { readonly kind: 'failed'; readonly failure: JitFailure }
);

/** The right to keep a sandbox, of which each machine has one. */
export interface Lease {
  /** False once another process may have it: after this machine slept, for example. */
  isHeld(): boolean;
  release(): Promise<void>;
}

export type KeepPorts = Ports & {
  /** @returns undefined while another process has it */
  readonly takeLease: (name: string) => Promise<Lease | undefined>;
  /** Waits this many milliseconds, or until the signal. */
  readonly nap: (milliseconds: number, until: AbortSignal) => Promise<void>;
  /** Gives the requests of `work` an id of their own: a keeper lives for days, and what it did at one time is looked for. */
  readonly asOwnRun: <T>(work: () => Promise<T>) => Promise<{ result: T; requestId?: string }>;
};

/** How many sandboxes are looked at at the same time. */
const concurrency = 5;

/**
 * Keeps the stored logins of sandboxes good until the signal: each is renewed before it ends and after a refresh. Of several keepers on
 * one machine, one does the work for a sandbox, and another takes over when that one ends. A sandbox that cannot be kept is tried again,
 * and ends nothing; the same failure is reported once.
 *
 * @param looked called once each sandbox was looked at for the first time
 * @throws before anything is done, what concerns the registrations: SandboxNotRegistered, AmbiguousSandbox, RegistryDamaged …
 */
export async function keepSandboxes(
  request: KeepRequest,
  ports: KeepPorts,
  tell: (event: KeepEvent) => void,
  looked: () => void,
  until: AbortSignal,
): Promise<void> {
  const { sandboxes, every, ...login } = request;
  const registry = await ports.registry.read();
  const wanted = sandboxes.map((sandbox) => ({ sandbox, target: findLoginTarget({ ...login, sandbox }, registry) }));
  const limit = pLimit(concurrency);
  let unseen = wanted.length;
  const seen = (): void => {
    unseen -= 1;
    if (unseen === 0) looked();
  };
  await Promise.all(
    wanted.map(({ sandbox, target: { sandboxName, production } }) =>
      new Keeper({ ...login, sandbox }, every, `keep ${production.username} ${sandboxName}`, ports, (event) => {
        tell({ sandbox, ...event });
      }).run(limit, seen, until),
    ),
  );
}

/** Keeps one sandbox. */
class Keeper {
  private kept: Kept = newlyKept;
  private failures = 0;
  /** What was told last of a state that lasts, so that it is told once. */
  private told: string | undefined;

  public constructor(
    private readonly request: LoginSandboxRequest,
    private readonly every: number,
    private readonly name: string,
    private readonly ports: KeepPorts,
    private readonly tell: (tale: Tale) => void,
  ) {}

  public async run(
    limit: <T>(work: () => Promise<T>) => Promise<T>,
    seen: () => void,
    until: AbortSignal,
  ): Promise<void> {
    let first = true;
    while (!until.aborted) {
      const lease = await this.lease();
      if (lease) {
        try {
          do {
            const due = this.after(
              await limit(() => this.ports.asOwnRun(() => keepSandbox(this.request, this.kept, this.ports))),
            );
            if (first) seen();
            first = false;
            await this.sleep(due, until, lease);
          } while (!until.aborted && lease.isHeld());
        } finally {
          await lease.release();
        }
      } else {
        if (first) seen();
        first = false;
        await this.ports.nap(longestNap, until);
      }
    }
  }

  /** @returns undefined while another process has it, or when it cannot be had, of which the user is told */
  private async lease(): Promise<Lease | undefined> {
    try {
      const lease = await this.ports.takeLease(this.name);
      if (!lease) this.tellOnce('kept-elsewhere', { kind: 'kept-elsewhere' });
      return lease;
    } catch (error) {
      const failure = toFailure(error);
      this.tellOnce(failure.name, { kind: 'failed', failure });
      return undefined;
    }
  }

  /** Tells what a look came to. @returns when to look again */
  private after({ result: look, requestId }: { readonly result: CheckResult; readonly requestId?: string }): number {
    const { kept, kind, renewAt } = look;
    this.kept = kept;
    const due = { now: this.ports.now().getTime(), every: this.every, random: this.ports.random() };
    this.failures = kind === 'failed' || kind === 'offline' ? this.failures + 1 : 0;
    switch (kind) {
      case 'failed':
        this.tellOnce(look.failure.name, { kind, failure: look.failure, requestId });
        return nextRetry(due, this.failures);
      case 'offline':
        return nextRetry(due, this.failures);
      case 'left-alone':
        this.tellOnce(kind, { kind });
        return nextCheck(due, undefined);
      case 'good':
        this.told = undefined;
        return nextCheck(due, renewAt);
      case 'logged-in':
      case 'renewed':
      case 'refreshed':
        this.told = undefined;
        this.tell({ kind, login: look.login, refusedFirst: look.refusedFirst, requestId });
        return nextCheck(due, renewAt);
    }
  }

  private tellOnce(state: string, tale: Tale): void {
    if (!sameName(this.told, state)) this.tell(tale);
    this.told = state;
  }

  /** By the clock on the wall, in short naps: a timer stands still while the machine sleeps. */
  private async sleep(due: number, until: AbortSignal, lease: Lease): Promise<void> {
    while (!until.aborted && lease.isHeld()) {
      const left = due - this.ports.now().getTime();
      if (left <= 0) return;
      await this.ports.nap(Math.min(left, longestNap), until);
    }
  }
}
