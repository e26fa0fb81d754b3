import type { OrgRow, SandboxCheck } from './orgRow.js';
import type { LoginTargetRequest } from '../signIn/loginTarget.js';
import type { CredentialVariables } from '../../production/productionCredentials.js';
import { resolveProduction } from '../../production/productionCredentials.js';
import type { Registry } from '../../registry/registry.js';
import { checkSandbox } from './sandboxCheck.js';
import type { LoginRecord } from '../../sfStore/storedOrg.js';
import type { JitFailure } from '../../failures/failures.js';
import { toFailure } from '../../failures/unexpectedError.js';
import type { Ports } from '../../ports.js';
import { productionContext, withProduction } from '../../production/openProduction.js';
import { otherCreators } from '../../production/otherCreators.js';
import { canSignInByKey } from '../signIn/knownHosts.js';
import { newestStates } from '../../salesforce/sandboxState.js';
import { ownUserId } from '../../production/ownUserId.js';

/**
 * Adds to each registered sandbox what production says about it: one query for each production org, another one where other users made copies. A production org that cannot be
 * asked, for whatever reason, is the problem of its sandboxes, and does not stop the others.
 *
 * @param unasked told why, once for each such org
 */
export async function checkOrgs(
  rows: readonly OrgRow[],
  { variables }: Pick<LoginTargetRequest, 'variables'>,
  ports: Ports,
  unasked: (org: { readonly productionUsername: string; readonly failure: JitFailure }) => void = () => undefined,
): Promise<OrgRow[]> {
  const registry = await ports.registry.read();
  const records = new Map((await ports.sfOrgs.loginRecords()).map((record) => [record.username.toLowerCase(), record]));
  const sandboxes = rows.filter(isRegisteredSandbox);
  const owners = [...new Set(sandboxes.map(({ productionUsername }) => productionUsername))];
  const found = await Promise.all(
    owners.map((owner) => {
      const owned = sandboxes.filter(({ productionUsername }) => productionUsername === owner);
      return checkAll(owner, owned, { registry, records, variables, unasked }, ports);
    }),
  );
  const checks = new Map<OrgRow, SandboxCheck>(found.flat());
  return rows.map((row) => {
    const check = checks.get(row);
    return check ? { ...row, check } : row;
  });
}

type SandboxRow = OrgRow & { readonly sandboxName: string; readonly productionUsername: string };

function isRegisteredSandbox(row: OrgRow): row is SandboxRow {
  return row.kind === 'jit' && row.layer !== null;
}

async function checkAll(
  owner: string,
  rows: readonly SandboxRow[],
  known: {
    readonly registry: Registry;
    readonly records: ReadonlyMap<string, LoginRecord>;
    readonly variables: CredentialVariables;
    readonly unasked: NonNullable<Parameters<typeof checkOrgs>[3]>;
  },
  ports: Ports,
): Promise<Array<[SandboxRow, SandboxCheck]>> {
  try {
    const login = resolveProduction(known.registry, known.variables, owner);
    return await withProduction(login, ports, async (session) => {
      const states = await ports.salesforce.sandboxStates(session, productionContext(login));
      const userId = await ownUserId(session, login.username, ports);
      const names = new Set(rows.map(({ sandboxName }) => sandboxName.toLowerCase()));
      const copies = newestStates(states).filter(({ sandboxName }) => names.has(sandboxName.toLowerCase()));
      const others = await otherCreators(copies, userId, session, productionContext(login), ports);
      return Promise.all(
        rows.map(async (row): Promise<[SandboxRow, SandboxCheck]> => {
          const { sandboxName, username } = row;
          const sandbox = { sandboxName, productionUsername: owner, userId };
          const mayTryKey = await canSignInByKey(username, { sandboxName, username, production: login }, ports);
          const record = known.records.get(username.toLowerCase());
          return [row, checkSandbox(sandbox, states, record, others, mayTryKey)];
        }),
      );
    });
  } catch (error) {
    const failure = toFailure(error);
    known.unasked({ productionUsername: owner, failure });
    const check: SandboxCheck = {
      problem: failure.name,
      sandboxStatus: null,
      nearest: null,
      refreshed: null,
      copiedAt: null,
      copiedBy: null,
      byKeyAlone: null,
    };
    return rows.map((row) => [row, check]);
  }
}
