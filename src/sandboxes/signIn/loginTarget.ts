import { JitFailure } from '../../failures/failures.js';
import type { ConfigFile } from '../../production/configFile.js';
import type { CredentialVariables, ProductionLogin } from '../../production/productionCredentials.js';
import { resolveProduction } from '../../production/productionCredentials.js';
import type { Registry } from '../../registry/registry.js';
import type { SandboxRegistration } from '../../registry/sandboxFields.js';
import { findSandbox, requireSandbox } from '../../registry/registry.js';
import { expectedSandboxUsername, isSandboxName } from '../../registry/sandboxName.js';

/** What decides which sandbox is logged in to, and through which production org. */
export type LoginTargetRequest = {
  /** Alias, sandbox name or username of the sandbox. */
  readonly sandbox: string;
  /** `-p`: alias or username of the production org. */
  readonly production?: string;
  /** The configured production org, used when nothing else says which. */
  readonly defaultProduction?: string;
  /** `--alias`; else the registered one, else the name that was asked for. `null` leaves sf's aliases as they are. */
  readonly alias?: string | null;
  /** Whether a repository chose the alias: it is the name of an environment in the project file. */
  readonly isAliasOfProject?: boolean;
  /** `--user`: another user of the sandbox, with or without the sandbox's suffix. */
  readonly user?: string;
  readonly variables: CredentialVariables;
  /** The `.sfconnect.json` that was found, for the one command that may use it. */
  readonly configFile?: ConfigFile;
  /** sf's own callback URL, with the port that the project may set (core, webOAuthServer). */
  readonly callbackUrl: string;
};

/** The sandbox that is meant, and production's login for it. */
export type LoginTarget = {
  readonly sandboxName: string;
  /** Absent when no alias is to be set: for another user without `--alias` the sandbox's own alias stays where it is. */
  readonly alias?: string;
  /** The user to sign in as, when it is not the one that production vouches for; with the sandbox's suffix. */
  readonly user?: string;
  /** As registered, or as expected; Salesforce has the last word. */
  readonly username: string;
  readonly production: ProductionLogin;
  /** Sent to `sandboxAuth` and with the code; the app must know it. */
  readonly callbackUrl: string;
  /** The same for sf's own app. */
  readonly callbackUrlOfSf: string;
  readonly registered?: SandboxRegistration;
};

/**
 * Finds the sandbox by alias, name or username. One that is not registered is a target all the same when it can be a sandbox name and
 * the production org is clear, so that a stateless CI job needs no register step.
 *
 * @throws SandboxNotRegistered, AmbiguousSandbox, ProductionOrgNotRegistered, NoProductionOrg, AmbiguousProductionOrg
 */
export function findLoginTarget(request: LoginTargetRequest, registry: Registry): LoginTarget {
  const { sandbox: term, variables, configFile } = request;
  const named =
    request.production === undefined
      ? undefined
      : resolveProduction(registry, variables, request.production, configFile).username;
  // a name that no sandbox can have must be an alias or a username, and those are known from registrations only
  const registered = isSandboxName(term) ? findSandbox(registry, term, named) : requireSandbox(registry, term, named);
  const production = productionOf(
    registered,
    registry,
    variables,
    request.production ?? registered?.productionUsername,
    // a folder must not both name a sandbox and say how its production is logged in to
    registered?.project ? undefined : configFile,
    request.defaultProduction,
  );
  const sandboxName = registered?.sandboxName ?? term;
  const user = request.user === undefined ? undefined : sandboxUsername(request.user, sandboxName);
  return {
    sandboxName,
    alias: aliasToSet(request, registered),
    user,
    username: registered?.username ?? expectedSandboxUsername(production.username, sandboxName),
    production,
    callbackUrl: production.callbackUrl ?? request.callbackUrl,
    callbackUrlOfSf: request.callbackUrl,
    registered,
  };
}

/** As `resolveProduction`; a sandbox that a project brings to a machine that does not know its production has words of its own. */
function productionOf(
  sandbox: SandboxRegistration | undefined,
  ...where: Parameters<typeof resolveProduction>
): ProductionLogin {
  try {
    return resolveProduction(...where);
  } catch (error) {
    if (!sandbox?.project || !(error instanceof JitFailure) || error.name !== 'ProductionOrgNotRegistered') throw error;
    const { sandboxName, productionUsername: production } = sandbox;
    const [, company = 'acme'] = /@([A-Za-z0-9-]+)/.exec(production) ?? [];
    throw new JitFailure('ProductionOfProjectUnknown', { sandbox: sandboxName, production, alias: `${company}-prod` });
  }
}

/** The target of a command that leaves nothing on this machine: no session of production either, where sf does not keep one already. */
export function withoutStoring(target: LoginTarget): LoginTarget {
  return { ...target, production: { ...target.production, isTransient: true } };
}

function aliasToSet(
  { alias, user, sandbox }: LoginTargetRequest,
  registered?: SandboxRegistration,
): string | undefined {
  if (alias !== undefined) return alias ?? undefined;
  return user === undefined ? (registered?.alias ?? sandbox) : undefined;
}

/** The username in a sandbox of a user of production: the sandbox name is appended unless it is there (docs/salesforce.md, Sandbox names and users). */
function sandboxUsername(username: string, sandboxName: string): string {
  const suffix = `.${sandboxName.toLowerCase()}`;
  return username.toLowerCase().endsWith(suffix) ? username : username + suffix;
}
