import type { Org, Sandbox, SandboxProcess, User } from './model.js';
import type { World } from './world.js';

/** What the newest `SandboxProcess` row can be made to say. */
export type ProcessPatch = {
  status?: string | undefined;
  /** `true` sets it to now, `false` or `null` clears it, a string is taken as it is. */
  endDate?: string | boolean | null | undefined;
  copyProgress?: number | undefined;
  authReady?: boolean | undefined;
  /** Username in production of whoever made the newest copy. */
  createdBy?: string | undefined;
};

/** The newest copy of a sandbox: its current state (docs/salesforce.md, Sandbox records). */
export function newestProcess(sandbox: Sandbox): SandboxProcess {
  const newest = sandbox.processes.at(-1);
  if (!newest) throw new Error(`Sandbox ${sandbox.name} has no copy.`);
  return newest;
}

/** Who made the copy that is live, or the newest one while none is: the user `sandboxAuth` answers to. */
export function sandboxOwner(sandbox: Sandbox): User {
  const live = sandbox.processes.findLast((process) => process.copy.state === 'live');
  return (live ?? newestProcess(sandbox)).createdBy;
}

/** A production username as the copy has it. */
export function sandboxUsername(username: string, sandboxName: string): string {
  return `${username}.${sandboxName.toLowerCase()}`;
}

function copyOrg(world: World, sandbox: Sandbox, refresher: User): Org {
  const { production } = sandbox;
  const copy = world.addOrg('sandbox', production.name, sandbox.host, 'copying');
  copy.copy = sandbox.processes.length + 1;
  for (const user of production.users.values()) {
    const username = sandboxUsername(user.username, sandbox.name);
    // nobody but the refresher gets mail from a sandbox until an admin says so (docs/salesforce.md, Sandbox names and users)
    const email = user.id === refresher.id ? user.email : `${user.email}.invalid`;
    copy.users.set(username.toLowerCase(), { ...user, username, email });
  }
  for (const app of production.apps.values()) {
    if (app.kind !== 'local-eca') copy.apps.set(app.clientId, structuredClone(app));
  }
  return copy;
}

/** Begins a copy: a new process row, and an org that nobody can reach before it is activated. */
function startCopy(world: World, sandbox: Sandbox, by: User): SandboxProcess {
  const now = world.timestamp();
  const process: SandboxProcess = {
    id: world.ids.next('0GR'),
    sandboxName: sandbox.name,
    status: 'Pending',
    copyProgress: 0,
    createdDate: now,
    createdBy: by,
    startDate: now,
    endDate: null,
    activatedDate: null,
    copy: copyOrg(world, sandbox, by),
  };
  sandbox.processes.push(process);
  return process;
}

/** Makes the newest copy the sandbox; the copy before it is gone with all its tokens. */
function activate(world: World, sandbox: Sandbox): void {
  const process = newestProcess(sandbox);
  if (process.copy.state !== 'copying') return;
  for (const earlier of sandbox.processes) if (earlier !== process) earlier.copy.state = 'gone';
  process.copy.state = 'live';
  process.activatedDate = world.timestamp();
  sandbox.host.org = process.copy;
}

function complete(world: World, sandbox: Sandbox): void {
  const process = newestProcess(sandbox);
  process.status = 'Completed';
  process.copyProgress = 100;
  process.endDate ??= world.timestamp();
  activate(world, sandbox);
}

/** Names are unique in production, and are letters and digits, ten at most (docs/salesforce.md, Sandbox names and users). */
function checkNewName(world: World, production: Org, name: string): void {
  if (!/^[a-z0-9]{1,10}$/i.test(name)) throw new Error(`${name} is not a sandbox name.`);
  if (world.findSandbox(production, name)) throw new Error(`There is already a sandbox ${name}.`);
}

function hostLabel(world: World, production: Org, name: string): string {
  return production === world.production ? `sandbox:${name}` : `sandbox:${production.id}:${name}`;
}

/** Makes a sandbox. Unless a status says how far it is, it is ready. */
export async function createSandbox(
  world: World,
  wanted: { name: string; production: Org; creator: User; status?: string | undefined },
): Promise<Sandbox> {
  checkNewName(world, wanted.production, wanted.name);
  const sandbox: Sandbox = {
    infoId: world.ids.next('0GQ'),
    name: wanted.name,
    production: wanted.production,
    createdDate: world.timestamp(),
    createdBy: wanted.creator,
    deleted: false,
    authReady: true,
    host: await world.openHost(hostLabel(world, wanted.production, wanted.name), 'my-domain'),
    processes: [],
  };
  world.sandboxes.push(sandbox);
  startCopy(world, sandbox, wanted.creator);
  setProcess(world, sandbox, { status: wanted.status ?? 'Completed' });
  return sandbox;
}

/** Refreshes a sandbox: the old copy stays usable until the new one is completed. */
export function refreshSandbox(
  world: World,
  sandbox: Sandbox,
  options: { complete?: boolean | undefined; by?: User | undefined },
): SandboxProcess {
  const process = startCopy(world, sandbox, options.by ?? sandboxOwner(sandbox));
  if (options.complete) complete(world, sandbox);
  return process;
}

/** Changes what the newest process row says. `Completed` activates its copy. */
export function setProcess(world: World, sandbox: Sandbox, patch: ProcessPatch): void {
  const process = newestProcess(sandbox);
  if (patch.status === 'Completed') complete(world, sandbox);
  else if (patch.status !== undefined) {
    process.status = patch.status;
    process.endDate = null;
    process.copyProgress = patch.status === 'Pending' ? 0 : patch.status === 'Pending Activation' ? 100 : 50;
  }
  if (patch.endDate !== undefined) {
    process.endDate = patch.endDate === true ? world.timestamp() : patch.endDate === false ? null : patch.endDate;
  }
  if (patch.copyProgress !== undefined) process.copyProgress = patch.copyProgress;
  if (patch.authReady !== undefined) sandbox.authReady = patch.authReady;
  if (patch.createdBy !== undefined) {
    const by = sandbox.production.users.get(patch.createdBy.toLowerCase());
    if (!by) throw new Error(`Production has no user ${patch.createdBy}.`);
    process.createdBy = by;
  }
}

/**
 * Renames a sandbox the only way Salesforce can: with a refresh. Its usernames and its My Domain change with the name;
 * `SandboxInfo.Id` stays, and the earlier process rows keep the old name.
 */
export async function renameSandbox(world: World, sandbox: Sandbox, newName: string): Promise<void> {
  checkNewName(world, sandbox.production, newName);
  const oldHost = sandbox.host;
  sandbox.host = await world.openHost(hostLabel(world, sandbox.production, newName), 'my-domain');
  sandbox.name = newName;
  refreshSandbox(world, sandbox, { complete: true });
  await world.closeHost(oldHost);
}

/** Deletes a sandbox: its rows say so, its org and tokens are gone, its My Domain answers for no org any more. */
export function deleteSandbox(sandbox: Sandbox): void {
  sandbox.deleted = true;
  for (const process of sandbox.processes) {
    process.status = 'Deleted';
    process.copy.state = 'gone';
  }
}
