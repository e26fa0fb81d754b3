import type { LoginTargetRequest } from '../domain/loginTarget.js';
import { sandboxOf } from '../domain/environments.js';
import type { Registry, SandboxRegistration } from '../domain/registry.js';
import { findSandbox, sameName } from '../domain/registry.js';
import type { SuccessfulLogin } from '../domain/sandboxLogin.js';
import type { AuthType } from '../domain/storedOrg.js';
import type { Ports } from '../ports.js';
import { checkLogin } from './checkLogin.js';
import { loginSandbox } from './loginSandbox.js';
import { aboutSandbox } from './signIn.js';

/** An org that a command is about to use, and what every login takes from around it. */
export type LoginIfNeededRequest = Pick<
  LoginTargetRequest,
  'environment' | 'configFile' | 'defaultProduction' | 'callbackUrl'
> & {
  /** As the command names it: an alias, a username, or the name of an environment, which is an alias after its first login. */
  readonly org: string;
  readonly authType?: AuthType;
};

/**
 * Logs in to a registered sandbox that a command is about to use (spec §5): when nothing is stored for it, or when Salesforce refuses
 * what the plugin stored, or when the sandbox was refreshed since. Anything else is left alone: orgs that are not registered, orgs that
 * the user logged in to, and any login while Salesforce cannot be asked.
 *
 * @returns the login, if one was made
 * @throws the classes of spec §7
 */
export async function loginIfNeeded(
  { org, ...request }: LoginIfNeededRequest,
  ports: Ports,
): Promise<SuccessfulLogin | undefined> {
  const sandbox = sandboxMeant(await ports.registry.read(), org);
  if (!sandbox) return undefined;
  const about = aboutSandbox(
    { sandboxName: sandbox.sandboxName, production: { username: sandbox.productionUsername } },
    sandbox.username,
  );
  const state = await checkLogin(about, ports);
  // sf finds orgs by alias or username only, and to the letter
  const alias = org === sandbox.username ? sandbox.alias : org;
  switch (state.kind) {
    case 'traditional':
    case 'undecided':
      return undefined;
    case 'good':
      await ports.sfOrgs.keepSandbox({ ...state.record, checkedAt: ports.now().toISOString() }, alias);
      return undefined;
    case 'none':
    case 'refused': {
      const { login } = await loginSandbox({ ...request, ...named(sandbox), alias, ifNeeded: true }, ports);
      return login.status === 'logged-in' ? login : undefined;
    }
  }
}

function sandboxMeant(registry: Registry, org: string): SandboxRegistration | undefined {
  const environment = registry.environments.find(({ name }) => sameName(name, org));
  return findSandbox(registry, org) ?? (environment && sandboxOf(environment, registry));
}

function named({ alias, productionUsername }: SandboxRegistration): { sandbox: string; production: string } {
  return { sandbox: alias, production: productionUsername };
}
