import { join } from 'node:path';
import { textOrNothing } from '../../files/io/files.js';
import { sfFolder, sfdxFolder } from '../../files/io/stateFolders.js';
import { isRecord, parseJson } from '../../files/json.js';
import type { CoreSandboxes } from '../coreSandboxes.js';

/** What cannot be read counts as not there: the sandbox is then not registered, and `sandbox register` still can. */
export const coreSandboxFiles: CoreSandboxes = {
  async note(orgId) {
    if (!/^[A-Za-z0-9]{15,18}$/.test(orgId)) return undefined;
    const note = await json(join(sfdxFolder(), `${orgId}.sandbox.json`));
    const { sandboxName, sandboxUsername, prodOrgUsername, timestamp } = note ?? {};
    if (!isText(sandboxName) || !isText(sandboxUsername) || !isText(prodOrgUsername)) return undefined;
    return { sandboxName, sandboxUsername, prodOrgUsername, ...(isText(timestamp) ? { timestamp } : {}) };
  },

  async order(sandboxName) {
    const orders = await json(join(sfFolder(), 'sandbox-create-cache.json'));
    const order = orders && Object.hasOwn(orders, sandboxName) ? orders[sandboxName] : undefined;
    if (!isRecord(order)) return undefined;
    const { prodOrgUsername, alias } = order;
    return isText(prodOrgUsername) ? { prodOrgUsername, ...(isText(alias) ? { alias } : {}) } : undefined;
  },
};

async function json(path: string): Promise<Record<string, unknown> | undefined> {
  const value = parseJson((await textOrNothing(path)) ?? '');
  return isRecord(value) ? value : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
