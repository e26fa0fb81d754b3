import type { ConfigFile } from '../production/configFile.js';
import type { CredentialVariables, ProductionLogin } from '../production/productionCredentials.js';
import {
  keyFromVariables,
  loginFromConfigFile,
  loginFromVariables,
  resolveProduction,
} from '../production/productionCredentials.js';
import type { CredentialSources, RegisterFlags } from '../production/registerInput.js';
import { registerInput } from '../production/registerInput.js';
import type { Registry } from '../registry/registry.js';
import { findProductionOrg } from '../registry/registry.js';

/** What `sf jit org verify` is told. */
export type VerifyRequest = {
  /** Without `target-org`. */
  readonly flags: RegisterFlags;
  /** `-p`: alias or username. */
  readonly production?: string;
  readonly defaultProduction?: string;
  readonly variables: CredentialVariables;
  readonly configFile?: ConfigFile;
};

/** The login to test, and where each part of it was found. */
export type VerifyTarget = { readonly login: ProductionLogin; readonly sources: CredentialSources };

/**
 * Which login is tested: the one that `-p` names, else the first of flags, environment, `.sfconnect.json` and registration that gives
 * one.
 *
 * @throws InputInvalid naming what is missing, also when only a part of the variables is set and nothing is registered
 */
export function findVerifyTarget(request: VerifyRequest, registry: Registry): VerifyTarget {
  const { flags, production, variables, configFile } = request;
  if (production !== undefined) return whole(resolveProduction(registry, variables, production, configFile));
  const flagged = Object.values(flags).some((value) => value !== undefined) || configFile?.isNamed === true;
  const described = flagged
    ? undefined
    : (loginFromVariables(variables) ?? (configFile && loginFromConfigFile(configFile)));
  if (described) return whole(resolveProduction(registry, variables, described.username, configFile));
  if (flagged || (registry.productionOrgs.length === 0 && isPartial(variables))) {
    return together(flags, variables, configFile, registry);
  }
  return whole(resolveProduction(registry, variables, undefined, configFile, request.defaultProduction));
}

function isPartial(variables: CredentialVariables): boolean {
  const { username, clientId } = variables;
  return username !== undefined || clientId !== undefined || keyFromVariables(variables) !== undefined;
}

function whole(login: ProductionLogin): VerifyTarget {
  const { from } = login;
  return { login, sources: { username: from, clientId: from, key: from, loginUrl: from } };
}

function together(
  flags: RegisterFlags,
  variables: CredentialVariables,
  configFile: ConfigFile | undefined,
  registry: Registry,
): VerifyTarget {
  const input = registerInput({ ...flags, 'target-org': undefined }, variables, configFile);
  if (input.way !== 'jwt') throw new Error('A login that is put together is a JWT login.');
  const { username, clientId, loginUrl, key, apiVersion, sources } = input;
  const from = sources.key === 'default' ? 'flags' : sources.key;
  const registered = findProductionOrg(registry, username);
  return { login: { username, clientId, loginUrl, key, from, registered, ...(apiVersion && { apiVersion }) }, sources };
}
