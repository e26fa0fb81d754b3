import { maskOnStandardError, masksSecrets } from '../sandboxes/credentials/io/masks.js';
import { commandsOf, endAs } from '../exec/io/commands.js';
import type { SfFolders } from '../exec/io/privateSf.js';
import { settings } from './settings.js';
import { sfconnectFile } from '../production/io/sfconnectFile.js';
import { readStdin } from '../terminal/io/stdin.js';
import { canAsk, choose } from '../terminal/io/terminal.js';
import type { CommandEnd } from '../exec/commandRun.js';
import { runNotesWith } from '../exec/io/runNoteFiles.js';
import { execMark } from '../exec/commandRun.js';
import type { JitFailure } from '../failures/failures.js';
import { foundFileWarnings } from '../production/configFile.js';
import type { LoginOutcome, LoginProgress } from '../sandboxes/login/sandboxLogin.js';
import type { OrgRow } from '../sandboxes/list/orgRow.js';
import { readCredentialVariables } from '../production/productionCredentials.js';
import type { RegisteredSandbox } from '../registry/registry.js';
import type { SandboxRegistration } from '../registry/sandboxFields.js';
import type { RegisterFlags } from '../production/registerInput.js';
import { registerInput, usedConfigFile } from '../production/registerInput.js';
import { checkOrgs } from '../sandboxes/list/checkOrgs.js';
import type { ExecListener, ExecRequest } from '../exec/execWithSandbox.js';
import { execWithSandbox } from '../exec/execWithSandbox.js';
import { displaySandbox, listOrgs } from '../sandboxes/list/listOrgs.js';
import type { LoginSandboxesRequest } from '../sandboxes/login/loginSandboxes.js';
import { loginSandboxes } from '../sandboxes/login/loginSandboxes.js';
import type { FoundLogins, LogoutRequest } from '../sandboxes/logout/logoutSandboxes.js';
import { findLogins, logoutSandboxes } from '../sandboxes/logout/logoutSandboxes.js';
import type { ProductionOrgDetails } from '../production/productionOrgs.js';
import { displayProductionOrg, listProductionOrgs } from '../production/productionOrgs.js';
import type { RegisteredProductionOrg } from '../production/registerProductionOrg.js';
import { registerProductionOrg } from '../production/registerProductionOrg.js';
import type { RegisterSandboxesRequest } from '../sandboxes/register/registerSandboxes.js';
import { registerSandboxes } from '../sandboxes/register/registerSandboxes.js';
import type { FreshCredential, ShowCredentialsRequest } from '../sandboxes/credentials/showCredentials.js';
import { showCredentials } from '../sandboxes/credentials/showCredentials.js';
import {
  findProductionOrgToUnregister,
  findSandboxesToUnregister,
  unregisterProductionOrg,
  unregisterSandboxes,
} from '../sandboxes/register/unregister.js';
import type { LoginDefaults } from './ports.js';
import { defaultProductionOrg, productionUsername, ports, loginDefaults } from './ports.js';
import { knowingCommand, noteFailure, trace, withFailureText } from './failureText.js';

/** A request with what flags do not say, and with `-p` as the registry knows it. */
async function withLoginDefaults<R extends { readonly production?: string }>(request: R): Promise<R & LoginDefaults> {
  return { ...request, ...(await loginDefaults()), production: await productionUsername(request.production) };
}

const keyPresence = { isSet: (variable: string): boolean => Boolean(process.env[variable]?.trim()) };

/**
 * The use cases, bound to the real adapters: what commands and hooks call. An object, so that a test can put another function in the
 * place of one.
 */
export const jit = {
  registerProductionOrg: withFailureText(
    async (
      flags: RegisterFlags & {
        alias?: string;
        'config-file'?: string;
        'callback-url'?: string;
        'set-default'?: boolean;
      },
    ): Promise<RegisteredProductionOrg> => {
      const { alias, 'config-file': configPath, 'callback-url': callbackUrl, 'set-default': setDefault } = flags;
      const configFile = await (configPath === undefined ? sfconnectFile.find() : sfconnectFile.named(configPath));
      const input = registerInput(flags, readCredentialVariables(process.env), configFile);
      const keyText = input.way === 'jwt' && input.key.source === 'stdin' ? { keyText: await readStdin() } : {};
      const { warnings, ...found } = usedConfigFile(input, configFile);
      const org = await registerProductionOrg(
        { ...input, ...keyText, ...found, alias, callbackUrl, setDefault },
        ports,
      );
      return { ...org, warnings: [...org.warnings, ...warnings] };
    },
  ),
  listProductionOrgs: withFailureText(async (): Promise<ProductionOrgDetails[]> =>
    listProductionOrgs(await defaultProductionOrg(), ports),
  ),
  displayProductionOrg: withFailureText(async (production: string | undefined): Promise<ProductionOrgDetails> =>
    displayProductionOrg(await productionUsername(production), await defaultProductionOrg(), ports),
  ),
  findProductionOrgToUnregister: withFailureText(async (production: string | undefined, cascade: boolean) =>
    findProductionOrgToUnregister(await productionUsername(production), cascade, ports, await defaultProductionOrg()),
  ),
  unregisterProductionOrg: withFailureText(async (username: string, cascade: boolean) =>
    unregisterProductionOrg(username, cascade, ports),
  ),
  registerSandboxes: withFailureText(
    async (
      request: Omit<RegisterSandboxesRequest, keyof LoginDefaults>,
      skipped: (name: string) => void,
    ): Promise<readonly RegisteredSandbox[]> => registerSandboxes(await withLoginDefaults(request), ports, skipped),
  ),
  /** @param check whether production is asked about its sandboxes; `unasked` is told of each production org that could not be */
  listOrgs: withFailureText(async (check: boolean, unasked: Parameters<typeof checkOrgs>[3]): Promise<OrgRow[]> => {
    const rows = await listOrgs(ports, keyPresence);
    if (!check) return rows;
    const failures: JitFailure[] = [];
    const checked = await checkOrgs(rows, await loginDefaults(), ports, (org) => {
      failures.push(org.failure);
      unasked?.(org);
    });
    for (const failure of failures) await trace(failure);
    return checked;
  }),
  displaySandbox: withFailureText(async (name: string): Promise<OrgRow> => displaySandbox(name, ports)),
  findSandboxesToUnregister: withFailureText(async (names: readonly string[] | 'all') =>
    findSandboxesToUnregister(names, ports),
  ),
  unregisterSandboxes: withFailureText(async (sandboxes: Parameters<typeof unregisterSandboxes>[0], logout: boolean) =>
    unregisterSandboxes(sandboxes, logout, ports),
  ),
  loginSandboxes: withFailureText(
    async (
      request: Omit<LoginSandboxesRequest, keyof LoginDefaults | 'configFile' | 'foundFile'> & {
        /** Whether a `.sfconnect.json` of this folder may say how to log in to a production org that this machine does not know. */
        mayUseFoundFile?: boolean;
      },
      show: (progress: LoginProgress) => void,
    ): Promise<LoginOutcome[]> => {
      const authType = request.authType ?? (await settings.authType());
      const configFile = request.mayUseFoundFile ? await sfconnectFile.find() : undefined;
      const told = new Set<string>();
      const foundFile = (path: string): void => {
        if (told.has(path)) return;
        told.add(path);
        foundFileWarnings(configFile).forEach((text) => {
          show({ kind: 'warning', text });
        });
      };
      const around = { ...(await withLoginDefaults(request)), configFile, foundFile };
      const outcomes = await loginSandboxes({ ...around, authType }, ports, show);
      await noteFailure(...outcomes.flatMap((outcome) => ('failure' in outcome ? [outcome.failure] : [])));
      return outcomes.map((outcome) =>
        'failure' in outcome ? { ...outcome, failure: knowingCommand(outcome.failure) } : outcome,
      );
    },
  ),
  findLogins: withFailureText(async (request: LogoutRequest): Promise<FoundLogins> =>
    findLogins({ ...request, production: await productionUsername(request.production) }, ports),
  ),
  logoutSandboxes: withFailureText(async (found: FoundLogins) => {
    const outcomes = await logoutSandboxes(found, ports);
    await noteFailure(...outcomes.flatMap(({ status, failure }) => (status === 'failed' ? [failure] : [])));
    return outcomes;
  }),
  execWithSandbox: withFailureText(
    async (
      request: Omit<ExecRequest, keyof LoginDefaults | 'outer'>,
      folders: SfFolders,
      listener: ExecListener,
    ): Promise<CommandEnd> => {
      const outer = process.env[execMark] || undefined;
      let place = '';
      const commands = commandsOf(folders, ({ folder }) => (place = folder));
      const runNotes = runNotesWith(() => place);
      return execWithSandbox(
        { ...(await withLoginDefaults(request)), outer },
        { ...ports, commands, runNotes },
        listener,
      );
    },
  ),
  endAs,
  showCredentials: withFailureText(
    async (
      request: Omit<ShowCredentialsRequest, keyof LoginDefaults>,
      confirm: Parameters<typeof showCredentials>[2],
    ): Promise<FreshCredential> => showCredentials(await withLoginDefaults(request), ports, confirm),
  ),
  registeredSandboxes: withFailureText(
    async (): Promise<readonly SandboxRegistration[]> => (await ports.registry.read()).sandboxes,
  ),
  canAsk,
  choose,
  masksSecrets,
  maskOnStandardError,
};
