import { keys } from '../keys/io/keyReader.js';
import { lastFailure } from '../checks/io/lastFailure.js';
import { readMachine } from '../checks/io/machine.js';
import { registry } from '../registry/io/layers.js';
import { setup as adapter } from '../checks/io/setup.js';
import { sfconnectFile } from '../production/io/sfconnectFile.js';
import { filesWithOwnSettings } from '../sfStore/io/ownSettings.js';
import { sfOrgs } from '../sfStore/io/orgFiles.js';
import type { Finding } from '../checks/checks.js';
import { failureText } from '../failures/failureView.js';
import { checkSetup } from '../checks/checkSetup.js';

/** The check of this machine's setup, bound to the real adapters. */
export const setup = {
  async check(): Promise<Finding[]> {
    return checkSetup(
      {
        registry,
        keys,
        sfOrgs,
        machine: readMachine,
        keychain: () => adapter.keychain(),
        openFiles: () => adapter.openFiles(),
        filesWithOwnSettings,
        lastFailure: () => lastFailure.read(),
        configFile: () => sfconnectFile.find(),
      },
      (failure) => failureText(failure).message,
    );
  },
};
