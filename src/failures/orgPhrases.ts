/*
 * What orgs are called in failures: the fact `org`. Only for people; what has to be decided is decided by the fact `side`.
 */

/** A sandbox in words; with its production org where several may have one of that name. */
export function sandboxPhrase(sandboxName: string, productionUsername?: string): string {
  return productionUsername === undefined
    ? `sandbox ${sandboxName}`
    : `sandbox ${sandboxName} of ${productionUsername}`;
}

/** A production org in words. */
export function productionPhrase(username: string): string {
  return `production org ${username}`;
}
