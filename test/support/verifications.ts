import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { JitOrgVerifyResult } from '../../src/commands/jit/org/verify.js';
import type { Stage, StageSfOptions } from './stage.js';

/*
 * What tests of the login test, `sf jit org verify`, share.
 */

type Status = 'pass' | 'warn' | 'fail';

export const verify = 'jit org verify';

/** Everything at debug level: a secret that is only logged is found as well. */
export const debug = { SF_LOG_LEVEL: 'debug' };

/** Status of each check, by name. */
export const statuses = ({ checks }: Pick<JitOrgVerifyResult, 'checks'>): Record<string, Status> =>
  Object.fromEntries(checks.map(({ name, status }) => [name, status]));

/** Writes a `.sfconnect.json` into a folder. @returns its path */
export async function sfconnect(stage: Stage, folder: string, more: Record<string, unknown> = {}): Promise<string> {
  const { loginUrl, clientId, username, keyFile } = stage.info;
  const path = join(folder, '.sfconnect.json');
  const fields = {
    instanceUrl: loginUrl,
    apiVersion: 'v59.0',
    authType: 'jwt',
    tokenUrl: `${loginUrl}/services/oauth2/token`,
    clientId,
    username,
    privateKeyPath: keyFile,
    algorithm: 'RS256',
  };
  await writeFile(path, JSON.stringify({ ...fields, ...more }));
  return path;
}

/** Runs a login test that must succeed, at debug level, and must not change a file. */
export async function verified(stage: Stage, args: string, options: StageSfOptions = {}): Promise<JitOrgVerifyResult> {
  const before = await stage.snapshot(options.home);
  const result = await stage.ok<JitOrgVerifyResult>(`${verify} ${args}`, {
    ...options,
    env: { ...debug, ...options.env },
  });
  expect(await stage.snapshot(options.home), 'files').to.deep.equal(before);
  return result;
}

/** Runs a login test that must fail with this class, and gives back the message and what was found until then. */
export async function refused(
  stage: Stage,
  name: string,
  args: string,
  options: StageSfOptions = {},
): Promise<{ message: string; result: JitOrgVerifyResult }> {
  const exitCode = name === 'FlagMissing' ? 2 : 1;
  const answer = await stage.fails(`${verify} ${args}`, name, {
    ...options,
    exitCode,
    env: { ...debug, ...options.env },
  });
  const result = answer.result as JitOrgVerifyResult;
  expect(result, args).to.include({ authenticated: false, instanceUrl: null, orgId: null, orgKind: null });
  expect(result.checks.map((check) => check.name)).to.include.members(['proxy', 'ca', 'private-key-variable']);
  expect(answer.message).to.not.match(/^invalid_grant/);
  return { message: answer.message, result };
}
