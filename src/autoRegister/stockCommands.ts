import { isRecord } from '../files/json.js';
import { isSandboxName } from '../registry/sandboxName.js';

/** What a stock command told of the sandbox that it made or refreshed (plugin-org, `SandboxCommandResponse`). */
export type MadeSandbox = {
  readonly sandboxName: string;
  /** As the sandbox calls its user; a guess of the command's as long as nobody has logged in. */
  readonly username?: string;
  /** Org id of the copy, once there is one; 15 or 18 characters. */
  readonly sandboxOrgId?: string;
  /** As Salesforce calls it: `Completed`, `Processing` … */
  readonly status: string;
  /** Percent. */
  readonly copyProgress?: number;
};

/** The sandbox in the result of `org create`, `refresh` or `resume sandbox`; undefined for a result that is none. */
export function madeSandbox(result: unknown): MadeSandbox | undefined {
  if (!isRecord(result)) return undefined;
  const text = (field: string): string | undefined => {
    const value = result[field];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const { CopyProgress: copyProgress } = result;
  const sandboxName = text('SandboxName');
  if (sandboxName === undefined || !isSandboxName(sandboxName)) return undefined;
  return {
    sandboxName,
    status: text('Status') ?? 'Pending',
    ...optional('username', text('SandboxUsername')),
    ...optional('sandboxOrgId', text('SandboxOrganization')),
    ...optional('copyProgress', typeof copyProgress === 'number' ? copyProgress : undefined),
  };
}

/** The username of the sandbox in the result of `org delete sandbox`, which is the same when the user did not confirm. */
export function deletedUsername(result: unknown): string | undefined {
  const username = isRecord(result) ? result['username'] : undefined;
  return typeof username === 'string' && username.includes('@') ? username : undefined;
}

function optional<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]?: V });
}
