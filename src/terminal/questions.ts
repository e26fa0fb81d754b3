/** A user at a terminal. */
export interface Questions {
  /**
   * Asks until the answer is good.
   *
   * @param preset the answer that an empty line means
   * @param problemOf what is wrong with an answer, if anything
   * @returns `undefined` when the user ended the input
   */
  ask(
    question: string,
    preset: string | undefined,
    problemOf: (answer: string) => string | undefined,
  ): Promise<string | undefined>;
}
