/** The username that Salesforce gives the creator of a sandbox (docs/salesforce.md, Sandbox names and users). */
export function expectedSandboxUsername(productionUsername: string, sandboxName: string): string {
  return `${productionUsername}.${sandboxName.toLowerCase()}`;
}

/** Whether `name` can be a sandbox name at all: letters and digits, at most 10 (docs/salesforce.md, Sandbox names and users). Names go into SOQL and files. */
export function isSandboxName(name: string): boolean {
  return /^[A-Za-z0-9]{1,10}$/.test(name);
}
