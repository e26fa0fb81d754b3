/** How long pieces of work may take as a whole, whatever they wait for. */
export interface TimeLimits {
  /**
   * Milliseconds for one attempt to log in to one sandbox when nobody asked to wait longer. Each request and each lock has a limit of its own, but
   * several that stay just below theirs would add up to minutes.
   */
  readonly attempt: () => number;
  /** Runs `work` in such a way that all requests, name look-ups and locks that it waits for end after so many milliseconds. */
  within<T>(milliseconds: number, work: () => Promise<T>): Promise<T>;
}
