import { JitFailure } from '../failures/failures.js';
import { sandboxOf } from '../environments/environments.js';
import type { LoginTargetRequest } from '../sandboxes/signIn/loginTarget.js';
import type { Registry } from '../registry/registry.js';
import type { SandboxRegistration } from '../registry/sandboxFields.js';
import { findSandbox, sameName, sandboxKey } from '../registry/registry.js';
import type { SandboxLoginOutcome } from '../sandboxes/login/sandboxLogin.js';
import type { AuthType, LoginRecord, StoredOrg } from '../sfStore/storedOrg.js';
import { markChecked } from '../sfStore/storedOrg.js';
import type { Ports } from '../ports.js';
import { checkLogin } from '../sandboxes/login/checkLogin.js';
import { refuseToTakeAlias } from '../sandboxes/login/loginAlias.js';
import { loginSandbox } from '../sandboxes/login/loginSandbox.js';
import { sandboxContext } from '../sandboxes/signIn/signIn.js';
import { unregisteredLogin } from '../sandboxes/login/unregisteredLogin.js';
import { worksWithout } from './worksWithout.js';

/** What every login takes from around it, and the configured kind of login. */
export type AutoLoginDefaults = Pick<LoginTargetRequest, 'variables' | 'defaultProduction' | 'callbackUrl'> & {
  readonly authType?: AuthType;
};

/** What was done for a command. */
export type AutoLogin =
  /** Nothing had to be done: the org is none of ours, or its login is good. */
  | { readonly kind: 'nothing' }
  /** The alias leads to a login of the plugin that nothing registers any more, and the user was not told yet. */
  | { readonly kind: 'unregistered'; readonly record: LoginRecord }
  | ({ readonly kind: 'logged-in' } & SandboxLoginOutcome)
  /** What the plugin wanted to do failed, and the command can work with what is stored. */
  | { readonly kind: 'left'; readonly failure: JitFailure }
  /** The command will fail, unless somebody does something. */
  | { readonly kind: 'failed'; readonly failure: JitFailure; readonly sandbox: SandboxRegistration };

const nothing: AutoLogin = { kind: 'nothing' };

/**
 * Logs in to a registered sandbox that a command is about to use: when nothing is stored for it, or when Salesforce refuses
 * what the plugin stored, or when the sandbox was refreshed since. Anything else is left alone: orgs that are not registered, orgs that
 * the user logged in to, any login while Salesforce cannot be asked, and aliases that lead to another org.
 *
 * @param org as the command names it: an alias, a username, or the name of an environment, which is an alias after its first login
 * @param defaults looked for when a login has to be made
 * @param respell writes the name anew in the command, where that can be done: then a registered alias in other letter case needs no alias of its own
 * @throws what concerns the registry, and the name: RegistryDamaged, AmbiguousSandbox …
 */
export async function loginIfNeeded(
  org: string,
  defaults: () => Promise<AutoLoginDefaults>,
  ports: Ports,
  respell?: (name: string) => void,
): Promise<AutoLogin> {
  const meant = await loginMeant(org, ports);
  if (!meant) return notRegistered(org, ports);
  try {
    const { alias } = meant.sandbox;
    if (!respell || org === alias || !sameName(org, alias)) return await loginToMeant(org, meant, defaults, ports);
    const done = await loginToMeant(alias, meant, defaults, ports);
    const username = done.kind === 'logged-in' ? done.login.username : meant.username;
    // never to an org that sf has under the alias for another reason
    if (sameName(await ports.sfOrgs.usernameOf(alias), username)) respell(alias);
    return done;
  } catch (error) {
    if (!(error instanceof JitFailure)) throw error;
    return { kind: 'failed', failure: error, sandbox: meant.sandbox };
  }
}

/** Somebody who named an unregistered sandbox to a login knows that nothing registers it. */
async function notRegistered(org: string, ports: Ports): Promise<AutoLogin> {
  const record = await unregisteredLogin(org, await ports.registry.read(), ports);
  return record && !record.isUnregistered && !record.isTold ? { kind: 'unregistered', record } : nothing;
}

/** Notes that the user was told, so that no later command says it again. A new login begins anew. */
export async function noteTold(record: LoginRecord, { sfOrgs }: Pick<Ports, 'sfOrgs'>): Promise<void> {
  try {
    await sfOrgs.keepSandbox({ ...record, isTold: true }, undefined);
  } catch (error) {
    // where nothing can be written, it is said again
    if (!(error instanceof JitFailure)) throw error;
  }
}

async function loginToMeant(
  org: string,
  meant: Meant,
  defaults: () => Promise<AutoLoginDefaults>,
  ports: Ports,
): Promise<AutoLogin> {
  const { sandbox, username, record, registry } = meant;
  const { sandboxName, productionUsername } = sandbox;
  const target = { sandboxName, production: { username: productionUsername } };
  const alias = await aliasToSet(org, meant, ports);
  await refuseToTakeAlias(alias ?? undefined, { sandboxName, productionUsername, username }, registry, ports, false);
  const context = sandboxContext(target, username);
  const state = await checkLogin(context, ports);
  const login = async (refused?: StoredOrg): Promise<AutoLogin> => {
    const asBefore = record?.isAnotherUser ? { user: record.username, authType: record.authType } : {};
    const made = await loginSandbox(
      {
        ...(await defaults()),
        ...asBefore,
        sandbox: sandbox.alias,
        production: productionUsername,
        alias,
        isAliasKnown: true,
        ifNeeded: true,
        refused,
      },
      ports,
    );
    return made.login.status === 'logged-in' ? { kind: 'logged-in', ...made } : nothing;
  };
  switch (state.kind) {
    case 'traditional':
      return nothing;
    case 'undecided':
      return { kind: 'left', failure: state.failure };
    case 'good':
      await ports.sfOrgs.keepSandbox(markChecked(state.stored, state.record, ports.now()), alias ?? undefined);
      return nothing;
    case 'none':
      return login();
    case 'refused':
      try {
        return await login(state.stored);
      } catch (error) {
        if (error instanceof JitFailure && (await worksWithout(state, error, context, ports))) {
          return { kind: 'left', failure: error };
        }
        throw error;
      }
  }
}

/** A registered sandbox, and the user of it. */
type Meant = {
  readonly registry: Registry;
  readonly sandbox: SandboxRegistration;
  /** As the plugin logged in last, or as registered. */
  readonly username: string;
  /** Of the plugin's last login as that user. */
  readonly record?: LoginRecord;
};

/**
 * What the name stands for. sf's own aliases come first: the command will use the org that they lead to, whatever else has that name
 * in the registry.
 */
async function loginMeant(org: string, { registry: store, sfOrgs }: Ports): Promise<Meant | undefined> {
  const aliased = await sfOrgs.usernameOf(org);
  const [registry, record, stored] = await Promise.all([
    store.read(),
    sfOrgs.loginRecord(aliased),
    aliased === org ? undefined : sfOrgs.read(aliased),
  ]);
  if (record) {
    const sandbox = registry.sandboxes.find((one) => sandboxKey(one) === sandboxKey(record));
    return sandbox && { registry, sandbox, username: record.username, record };
  }
  // the alias of an org that the user logged in to
  if (stored !== undefined) return undefined;
  const named = namedSandbox(registry, aliased) ?? namedSandbox(registry, org);
  if (!named) return undefined;
  const { sandbox, isOfProject } = named;
  // no project may point an alias elsewhere that sf already has, even while nothing is stored for it
  if (isOfProject && aliased !== org && !sameName(sandbox.username, aliased)) return undefined;
  return { registry, sandbox, username: sandbox.username };
}

/**
 * The registered sandbox of that alias, environment, sandbox name or username, in this order, and whether a project may have a part in it:
 * in which layer an environment is makes no difference here.
 *
 * @throws AmbiguousSandbox
 */
function namedSandbox(
  registry: Registry,
  name: string,
): { readonly sandbox: SandboxRegistration; readonly isOfProject: boolean } | undefined {
  const hasAlias = registry.sandboxes.some(({ alias }) => sameName(alias, name));
  const environment = hasAlias ? undefined : registry.environments.find((one) => sameName(one.name, name));
  const sandbox = environment ? sandboxOf(environment, registry) : findSandbox(registry, name);
  return sandbox && { sandbox, isOfProject: environment !== undefined || sandbox.project !== undefined };
}

/**
 * The name that the command uses: sf finds orgs by alias or username only, and to the letter. A username needs no alias,
 * so the registered one is set only when it leads nowhere.
 *
 * @returns null for none
 */
async function aliasToSet(
  org: string,
  { registry, sandbox: { alias, project }, username, record }: Meant,
  { sfOrgs }: Ports,
): Promise<string | null> {
  if (org !== username) return org;
  if (record?.isAnotherUser) return null;
  if (registry.productionOrgs.some((production) => sameName(production.alias, alias))) return null;
  const holder = await sfOrgs.usernameOf(alias);
  const isFree =
    holder === alias || sameName(holder, username) || (!project && (await sfOrgs.read(holder)) === undefined);
  return isFree ? alias : null;
}
