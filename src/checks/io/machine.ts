import { readFile } from 'node:fs/promises';
import { ciSystem } from '../../environments/io/currentBranch.js';
import type { MachineFacts } from '../machineChecks.js';

/** What of this machine decides whether Salesforce can be reached. */
export async function readMachine(): Promise<MachineFacts> {
  const file = process.env['NODE_EXTRA_CA_CERTS'];
  return { env: process.env, caFileProblem: file ? await caFileProblem(file) : undefined, ci: await ciSystem() };
}

async function caFileProblem(file: string): Promise<string | undefined> {
  try {
    const text = await readFile(file, 'latin1');
    return text.includes('-----BEGIN') ? undefined : 'there is no PEM certificate in it';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code ?? 'unknown reason'})`;
  }
}
