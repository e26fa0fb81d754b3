import type { CheckName, Finding } from './checks.js';
import { finding, sortFindings } from './checks.js';
import type { ConfigFile } from '../production/configFile.js';
import { readConfigFile } from '../production/configFile.js';
import { JitFailure } from '../failures/failures.js';
import type { MachineFacts } from './machineChecks.js';
import { machineFindings } from './machineChecks.js';
import type { ProductionOrg, Registry } from '../registry/registry.js';
import type { KeychainFacts } from './setupChecks.js';
import { renewalFindings } from './renewalChecks.js';
import type { LastFailure } from './setupChecks.js';
import { fileModeFinding, keychainFinding, lastFailureFinding, settingsFindings } from './setupChecks.js';
import type { Ports } from '../ports.js';
import { privateKeyVariable } from '../keys/keySource.js';

/** What the check of this machine's setup needs. None of it asks Salesforce. */
export type SetupPorts = Pick<Ports, 'registry' | 'keys' | 'sfOrgs'> & {
  readonly machine: () => Promise<MachineFacts>;
  readonly keychain: () => Promise<KeychainFacts>;
  /** The files of sf and of this plugin with logins or registrations that other users can read. */
  readonly openFiles: () => Promise<readonly string[]>;
  /** The files of sf's configuration in which settings of this plugin stand, with their names. */
  readonly filesWithOwnSettings: () => Promise<
    ReadonlyArray<{ readonly file: string; readonly names: readonly string[] }>
  >;
  readonly lastFailure: () => Promise<LastFailure | undefined>;
  readonly configFile: () => Promise<ConfigFile | undefined>;
};

/**
 * Looks at everything on this machine that this plugin depends on, for `sf doctor`. What cannot be looked at is a finding, never an
 * exception.
 *
 * @param textOf a failure in words
 */
export async function checkSetup(ports: SetupPorts, textOf: (failure: JitFailure) => string): Promise<Finding[]> {
  const attempt = async (name: CheckName, look: () => Promise<Finding[]>): Promise<Finding[]> => {
    try {
      return await look();
    } catch (error) {
      const words = error instanceof JitFailure ? textOf(error) : ((error as NodeJS.ErrnoException).code ?? 'unknown');
      return [finding(name, 'fail', 'unable', words)];
    }
  };
  let known: Promise<MachineFacts> | undefined;
  const machine = (): Promise<MachineFacts> => (known ??= ports.machine());
  const registry = (): Promise<Finding[]> => registryFindings(ports, textOf);
  const findings = await Promise.all([
    attempt('registry', registry),
    attempt('key', async () => (await Promise.all((await readable(ports)).productionOrgs.map(key))).flat()),
    attempt('config-file', async () => configFileFindings(await ports.configFile(), textOf)),
    attempt('proxy', async () => machineFindings(await machine())),
    attempt('keychain', async () => [keychainFinding(await ports.keychain())]),
    attempt('file-modes', async () => [fileModeFinding(await ports.openFiles())]),
    attempt('settings', async () => settingsFindings(await ports.filesWithOwnSettings())),
    attempt('last-failure', async () => [lastFailureFinding(await ports.lastFailure())]),
  ]);
  return sortFindings(findings.flat());

  async function key(org: ProductionOrg): Promise<Finding[]> {
    try {
      return await keyFindings(org, { ...ports, machine });
    } catch (error) {
      if (error instanceof JitFailure) return [finding('key', 'fail', 'unusable', textOf(error))];
      throw error;
    }
  }
}

async function registryFindings(ports: SetupPorts, textOf: (failure: JitFailure) => string): Promise<Finding[]> {
  try {
    const { productionOrgs, sandboxes } = await ports.registry.read();
    return [finding('registry', 'pass', 'readable', String(productionOrgs.length), String(sandboxes.length))];
  } catch (error) {
    if (error instanceof JitFailure) return [finding('registry', 'fail', 'damaged', textOf(error))];
    throw error;
  }
}

/** A damaged registry is one finding, not two. */
async function readable(ports: SetupPorts): Promise<Pick<Registry, 'productionOrgs'>> {
  try {
    return await ports.registry.read();
  } catch {
    return { productionOrgs: [] };
  }
}

async function keyFindings({ username, key }: ProductionOrg, ports: SetupPorts): Promise<Finding[]> {
  if (key.source === 'sf') {
    const stored = await ports.sfOrgs.read(username);
    return stored === undefined || stored === 'unreadable'
      ? [finding('key', 'fail', 'org-gone', username)]
      : [finding('key', 'pass', 'stored', username), ...renewalFindings({ stored, ...(await ports.machine()) })];
  }
  try {
    await ports.keys.read(key, username);
  } catch (error) {
    if (!(error instanceof JitFailure && error.name === 'KeyMissing')) throw error;
    const variable = key.source === 'env' ? key.name : privateKeyVariable;
    return [finding('key', 'warn', 'not-here', username, variable)];
  }
  const open = key.source === 'file' && (await ports.keys.isReadableByOthers(key.path));
  return [
    finding('key', 'pass', 'usable', username),
    ...(open ? [finding('key-file-mode', 'warn', 'open', key.path)] : []),
  ];
}

function configFileFindings(file: ConfigFile | undefined, textOf: (failure: JitFailure) => string): Finding[] {
  if (!file) return [];
  try {
    const { warnings } = readConfigFile(file);
    return [
      warnings.length === 0
        ? finding('config-file', 'pass', 'valid', file.path)
        : finding('config-file', 'warn', 'warnings', `${file.path}: ${warnings.join(' ')}`),
    ];
  } catch (error) {
    if (error instanceof JitFailure) return [finding('config-file', 'fail', 'invalid', textOf(error))];
    throw error;
  }
}
