import { certificateBeside } from '../adapters/keyCertificates.js';
import { machine } from '../adapters/machine.js';
import { serverFacts } from '../adapters/serverFacts.js';
import { settings } from '../adapters/settings.js';
import { sfconnectFile } from '../adapters/sfconnectFile.js';
import { readStdin } from '../adapters/stdin.js';
import { credentialEnvironment } from '../domain/productionCredentials.js';
import type { RegisterFlags } from '../domain/registerInput.js';
import type { Verification } from '../domain/verification.js';
import { verifyOrg } from '../usecases/verifyOrg.js';
import { ports } from './ports.js';
import { remember, speaking } from './speaking.js';

/** The flags of `sf jit org verify`. */
export type VerifyFlags = Omit<RegisterFlags, 'target-org'> & { 'production-org'?: string; 'config-file'?: string };

/** The login test, bound to the real adapters. An object, so that a test can put another function in its place. */
export const verification = {
  /** @returns also for a refused login; throws only when a file that a flag names cannot be read */
  verifyOrg: speaking(async (given: VerifyFlags): Promise<Verification> => {
    const { 'production-org': production, 'config-file': configPath, ...flags } = given;
    const result = await verifyOrg(
      {
        flags: {
          username: flags.username,
          'client-id': flags['client-id'],
          'jwt-key-file': flags['jwt-key-file'],
          'jwt-key-env': flags['jwt-key-env'],
          'instance-url': flags['instance-url'],
        },
        production,
        defaultProduction: await settings.defaultProductionOrg(),
        environment: credentialEnvironment(process.env),
        configFile: await (configPath === undefined ? sfconnectFile.find() : sfconnectFile.named(configPath)),
      },
      { ...ports, certificateBeside, serverFacts, machine, readStdin },
    );
    if (!result.authenticated) await remember(result.failure);
    return result;
  }),
};
