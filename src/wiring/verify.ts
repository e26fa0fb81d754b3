import { certificateOf } from '../keys/io/keyCertificates.js';
import { readMachine } from '../checks/io/machine.js';
import { serverFacts } from '../salesforce/io/serverFacts.js';
import { sfconnectFile } from '../production/io/sfconnectFile.js';
import { readStdin } from '../terminal/io/stdin.js';
import { readCredentialVariables } from '../production/productionCredentials.js';
import type { RegisterFlags } from '../production/registerInput.js';
import type { Verification } from '../checks/verification.js';
import { verifyOrg } from '../checks/verifyOrg.js';
import { JitFailure } from '../failures/failures.js';
import { defaultProductionOrg, productionUsername, ports } from './ports.js';
import { noteFailure, withFailureText } from './failureText.js';

/** The flags of `sf jit org verify`. */
export type VerifyFlags = Omit<RegisterFlags, 'target-org'> & { 'production-org'?: string; 'config-file'?: string };

/** A damaged registry is a finding of the test itself, which reads it too: it must not end the test before. */
async function unlessDamaged(read: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof JitFailure && error.name === 'RegistryDamaged') return undefined;
    throw error;
  }
}

/** The login test, bound to the real adapters. An object, so that a test can put another function in its place. */
export const verification = {
  /** @returns also for a refused login; throws only when a file that a flag names cannot be read */
  verifyOrg: withFailureText(async (given: VerifyFlags): Promise<Verification> => {
    const { 'production-org': production, 'config-file': configPath, ...flags } = given;
    const result = await verifyOrg(
      {
        flags: {
          username: flags.username,
          'client-id': flags['client-id'],
          'jwt-key-file': flags['jwt-key-file'],
          'jwt-key-env': flags['jwt-key-env'],
          'jwt-key-command': flags['jwt-key-command'],
          'jwt-agent': flags['jwt-agent'],
          'jwt-sign-command': flags['jwt-sign-command'],
          'certificate-file': flags['certificate-file'],
          'instance-url': flags['instance-url'],
        },
        production: await productionUsername(production),
        defaultProduction: await unlessDamaged(defaultProductionOrg),
        variables: readCredentialVariables(process.env),
        configFile: await (configPath === undefined ? sfconnectFile.find() : sfconnectFile.named(configPath)),
      },
      { ...ports, certificateOf, serverFacts, machine: readMachine, readStdin },
    );
    if (!result.authenticated) await noteFailure(result.failure);
    return result;
  }),
};
