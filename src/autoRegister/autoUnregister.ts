import { environmentsOfBothLayers, environmentsOfSandbox } from '../environments/environments.js';
import type { Ports } from '../ports.js';
import type { Registry } from '../registry/registry.js';
import type { SandboxRegistration } from '../registry/sandboxFields.js';
import { sameName, sandboxKey, withoutSandboxes } from '../registry/registry.js';

/** What came of a stock command that deleted a sandbox. */
export type AutoUnregistered =
  /** It was not registered, or it is still there. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unregistered'; readonly sandbox: SandboxRegistration }
  /** The project registers it, for everybody who has the repository: whoever deleted it decides that. */
  | { readonly kind: 'in-project'; readonly sandbox: SandboxRegistration }
  /** Environments are linked to it, and would name a sandbox that is not registered. */
  | { readonly kind: 'linked'; readonly sandbox: SandboxRegistration; readonly environments: readonly string[] };

export type AutoUnregisterPorts = Pick<Ports, 'registry' | 'sfOrgs'>;

/**
 * After `org delete sandbox`: removes the registration of this machine and what the plugin remembers of the login. The command ends in the same way
 * when the user did not confirm; what tells is that sf has no login to the sandbox any more.
 *
 * @throws RegistryDamaged, Locked, FileNotWritable
 */
export async function unregisterDeleted(username: string, ports: AutoUnregisterPorts): Promise<AutoUnregistered> {
  if ((await ports.sfOrgs.find(username)) !== undefined) return { kind: 'nothing' };
  const [record, registry, global, project] = await Promise.all([
    ports.sfOrgs.loginRecord(username),
    ports.registry.read(),
    ports.registry.readGlobal(),
    ports.registry.readProject(),
  ]);
  const find = ({ sandboxes }: Registry): SandboxRegistration | undefined =>
    sandboxes.find((one) => (record ? sandboxKey(one) === sandboxKey(record) : sameName(one.username, username)));
  await ports.sfOrgs.forgetLogin(username);
  const sandbox = find(global);
  if (!sandbox) {
    const shared = find(registry);
    return shared ? { kind: 'in-project', sandbox: shared } : { kind: 'nothing' };
  }
  const linked = (now: Registry): string[] =>
    environmentsOfSandbox(environmentsOfBothLayers(now, project), [sandbox]).map(({ name }) => name);
  let environments: string[] = [];
  await ports.registry.update((now) => {
    environments = linked(now);
    return environments.length > 0 ? now : withoutSandboxes(now, [sandbox]);
  });
  if (environments.length > 0) return { kind: 'linked', sandbox, environments };
  const isShared = find(await ports.registry.read()) !== undefined;
  return { kind: isShared ? 'in-project' : 'unregistered', sandbox };
}
