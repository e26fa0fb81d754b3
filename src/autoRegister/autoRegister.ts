import type { Ports } from '../ports.js';
import { aliasProblem } from '../registry/alias.js';
import { withKnownSandbox } from '../registry/knownSandbox.js';
import type { ProductionOrg, Registry } from '../registry/registry.js';
import type { SandboxRegistration } from '../registry/sandboxFields.js';
import { label, sameName, sandboxKey, withSandboxes } from '../registry/registry.js';
import { expectedSandboxUsername } from '../registry/sandboxName.js';
import type { OrgOfSf } from '../registry/takenAlias.js';
import { orgWithAlias } from '../registry/takenAlias.js';
import { orgOfSf } from '../sfStore/orgOfSf.js';
import type { LoginRecord, StoredOrg } from '../sfStore/storedOrg.js';
import { newCredential, sameOrgId } from '../sfStore/storedOrg.js';
import type { CoreSandboxes, SandboxNote } from './coreSandboxes.js';
import type { MadeSandbox } from './stockCommands.js';

/** What came of a stock command that made or refreshed a sandbox. */
export type AutoRegistered =
  /** Nothing had to be done, or it is no sandbox of a registered production org. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'registered'; readonly sandbox: SandboxRegistration }
  /** Registered while it is still being copied. */
  | { readonly kind: 'registered-copying'; readonly sandbox: SandboxRegistration; readonly made: MadeSandbox }
  /** Every alias that it could have means another org. */
  | { readonly kind: 'no-alias'; readonly sandboxName: string };

export type AutoRegisterPorts = Pick<Ports, 'registry' | 'sfOrgs' | 'locks'> & {
  readonly coreSandboxes: CoreSandboxes;
};

/** A login that sf has stored to the sandbox, and what sf noted with it. */
type SignedIn = { readonly org: StoredOrg & { readonly orgId: string }; readonly note: SandboxNote };
type TimedNote = SandboxNote & { readonly timestamp: string };

/**
 * After a stock command made or refreshed a sandbox of a registered production org: registers it on this machine, if it is not registered yet, and
 * takes over the login that this very command stored, so that the next refresh ends nothing (docs/decisions/0022-registered-by-stock-commands.md).
 * Asks Salesforce nothing.
 *
 * @param since when the command began: what sf stored before is the user's
 * @throws RegistryDamaged, Locked, FileNotWritable
 */
export async function registerMade(made: MadeSandbox, since: Date, ports: AutoRegisterPorts): Promise<AutoRegistered> {
  const [signedIn, order, registry] = await Promise.all([
    loginOf(made, since, ports),
    ports.coreSandboxes.order(made.sandboxName),
    ports.registry.read(),
  ]);
  const owner = signedIn?.note.prodOrgUsername ?? order?.prodOrgUsername;
  const production = registry.productionOrgs.find(({ username }) => sameName(username, owner));
  if (!production) return { kind: 'nothing' };
  const sandbox = await register(made.sandboxName, production, { signedIn, ordered: order?.alias }, registry, ports);
  if (signedIn && isSince(signedIn.note, since)) {
    await takeOver(signedIn.org, signedIn.note, production, ports);
  }
  if (sandbox === 'registered-before') return { kind: 'nothing' };
  if (sandbox === 'no-alias') return { kind: 'no-alias', sandboxName: made.sandboxName };
  return signedIn ? { kind: 'registered', sandbox } : { kind: 'registered-copying', sandbox, made };
}

/** The login to this copy of the sandbox, if sf has one. While a refresh is under way, what is stored belongs to the copy before. */
async function loginOf(
  { sandboxName, username, sandboxOrgId }: MadeSandbox,
  since: Date,
  { sfOrgs, coreSandboxes }: AutoRegisterPorts,
): Promise<SignedIn | undefined> {
  // the name of a file, from what a server said
  if (username === undefined || /[\\/]/.test(username)) return undefined;
  const org = await sfOrgs.read(username);
  if (org === undefined || org === 'unreadable' || org.orgId === undefined) return undefined;
  const { orgId } = org;
  const note = await coreSandboxes.note(orgId);
  if (!note || !sameName(note.sandboxName, sandboxName) || !sameName(note.sandboxUsername, username)) return undefined;
  const isThisCopy = isSince(note, since) || (sandboxOrgId !== undefined && sameOrgId(sandboxOrgId, orgId));
  return isThisCopy ? { org: { ...org, orgId }, note } : undefined;
}

function isSince(note: SandboxNote, since: Date): note is TimedNote {
  return note.timestamp !== undefined && Date.parse(note.timestamp) >= since.getTime();
}

async function register(
  sandboxName: string,
  production: ProductionOrg,
  { signedIn, ordered }: { signedIn: SignedIn | undefined; ordered: string | undefined },
  known: Registry,
  ports: AutoRegisterPorts,
): Promise<SandboxRegistration | 'registered-before' | 'no-alias'> {
  const { username: productionUsername } = production;
  const username = signedIn?.org.username ?? expectedSandboxUsername(productionUsername, sandboxName);
  const target = { sandboxName, productionUsername, username };
  const isSame = (other: SandboxRegistration): boolean => sandboxKey(other) === sandboxKey(target);
  const before = known.sandboxes.find(isSame);
  if (before) {
    if (signedIn && before.username !== username) {
      await ports.registry.update((registry) => withKnownSandbox(registry, target));
    }
    return 'registered-before';
  }
  const wanted = await wantedAliases(username, ordered, ports);
  const candidates = [...wanted, sandboxName, `${label(production)}-${sandboxName}`].filter(
    (alias) => aliasProblem(alias) === undefined,
  );
  const ofSf = new Map<string, OrgOfSf | undefined>();
  for (const alias of candidates) ofSf.set(alias, await orgOfSf(alias, ports.sfOrgs));
  const isFree = (alias: string, registry: Registry): boolean =>
    orgWithAlias(alias, target, registry, { ofSf: ofSf.get(alias), isChosen: true }) === undefined &&
    // also one that sf itself gave to this sandbox: in the registry an alias means one sandbox
    ![...registry.sandboxes.map((other) => other.alias), ...registry.environments.map(({ name }) => name)].some(
      (name) => sameName(name, alias),
    );
  let result: SandboxRegistration | 'registered-before' | 'no-alias' = 'no-alias';
  await ports.registry.update((global) => {
    if (global.sandboxes.some(isSame)) {
      result = 'registered-before';
      return global;
    }
    const alias = candidates.find((candidate) => isFree(candidate, known) && isFree(candidate, global));
    if (alias === undefined) return global;
    result = { ...target, alias, isJitRegistration: true };
    return withSandboxes(global, [result]);
  });
  return result;
}

/** What the user calls it: by `--alias`, or by an alias that sf has for it. */
async function wantedAliases(
  username: string,
  ordered: string | undefined,
  { sfOrgs }: AutoRegisterPorts,
): Promise<string[]> {
  const aliases = (await sfOrgs.find(username))?.aliases ?? [];
  const isItsOwn = ordered !== undefined && [ordered, username].includes(await sfOrgs.usernameOf(ordered));
  return [...new Set([...(isItsOwn ? [ordered] : []), ...aliases])];
}

/** The login becomes one of the plugin's, which replaces it when Salesforce does not take it any more. */
async function takeOver(
  org: SignedIn['org'],
  { sandboxName, timestamp }: TimedNote,
  { username }: ProductionOrg,
  ports: AutoRegisterPorts,
): Promise<void> {
  await ports.locks.hold(`sandbox ${username} ${sandboxName}`, async () => {
    const authType = org.refreshToken ? 'sfdx-auth-url' : org.privateKey ? 'jwt' : 'access-token';
    const record: LoginRecord = {
      username: org.username,
      sandboxName,
      productionUsername: username,
      orgId: org.orgId,
      ...newCredential(org, authType),
      loggedInAt: timestamp,
      checkedAt: timestamp,
    };
    await ports.sfOrgs.keepSandbox(record, undefined);
  });
}
