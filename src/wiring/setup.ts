import { keys } from '../adapters/keys.js';
import { lastFailure } from '../adapters/lastFailure.js';
import { machine } from '../adapters/machine.js';
import { registry } from '../adapters/registry.js';
import { setup as adapter } from '../adapters/setup.js';
import { sfconnectFile } from '../adapters/sfconnectFile.js';
import { sfOrgs } from '../adapters/sfOrgs.js';
import type { Finding } from '../domain/checks.js';
import { failureText } from '../presentation/failures.js';
import { checkSetup } from '../usecases/checkSetup.js';

/** The check of this machine's setup, bound to the real adapters. */
export const setup = {
  async check(): Promise<Finding[]> {
    return checkSetup(
      {
        registry,
        keys,
        sfOrgs,
        machine,
        keychain: () => adapter.keychain(),
        openFiles: () => adapter.openFiles(),
        lastFailure: () => lastFailure.read(),
        configFile: () => sfconnectFile.find(),
      },
      (failure) => failureText(failure).message,
    );
  },
};
