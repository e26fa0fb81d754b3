import { Lifecycle } from '@salesforce/core/lifecycle';
import type { Check } from '../checks/checkView.js';
import { checkOf } from '../checks/checkView.js';
import { setup } from '../wiring/setup.js';

const pluginName = 'sf-plugin-jit';

/** What of plugin-info's `SfDoctor` is used. */
type Doctor = {
  addSuggestion(suggestion: string): void;
  addPluginData(pluginName: string, data: { checks: Check[] }): void;
};

/**
 * The tests of this plugin in `sf doctor` (oclif hook `sf-doctor-sf-plugin-jit`). Never throws: a doctor that fails on the illness is
 * of no use.
 */
export const hook = async ({ doctor }: { doctor: Doctor }): Promise<void> => {
  try {
    const checks = (await setup.check()).map(checkOf);
    doctor.addPluginData(pluginName, { checks });
    for (const { name, status, message } of checks) {
      if (status !== 'pass') doctor.addSuggestion(`[${pluginName}] ${message}`);
      await Lifecycle.getInstance().emit('Doctor:diagnostic', { testName: `[${pluginName}] ${name}`, status });
    }
  } catch (error) {
    await report(error);
  }
};

async function report(error: unknown): Promise<void> {
  try {
    const testName = `[${pluginName}] setup (${error instanceof Error ? error.name : 'unknown error'})`;
    await Lifecycle.getInstance().emit('Doctor:diagnostic', { testName, status: 'unknown' });
  } catch {
    // nobody left to tell
  }
}
