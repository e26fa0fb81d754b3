import { JitFailure } from '../../failures/failures.js';
import type { Ports } from '../../ports.js';
import type { Registry } from '../../registry/registry.js';
import { sameName, sandboxKey } from '../../registry/registry.js';
import type { AliasTarget } from '../../registry/takenAlias.js';
import { freeAlias, refuseTakenAlias } from '../../registry/takenAlias.js';
import { orgOfSf } from '../../sfStore/orgOfSf.js';
import type { LoginTarget, LoginTargetRequest } from '../signIn/loginTarget.js';

/**
 * Checks that an alias which a folder asks for, by its project file or by the `.sfconnect.json` found in it, is not one that sf has for
 * another org already. An alias that the user gives with `--alias` is the user's own word; the name of an environment is the word of
 * whoever wrote it down.
 *
 * @throws AliasTaken
 */
export async function refuseToMoveAlias(
  target: LoginTarget,
  request: Pick<LoginTargetRequest, 'alias' | 'isAliasOfProject'>,
  registry: Registry,
  { sfOrgs }: Pick<Ports, 'sfOrgs'>,
): Promise<void> {
  const { alias, sandboxName, production, registered } = target;
  if (alias === undefined) return;
  const isOfFolder = registered?.project !== undefined || production.foundIn !== undefined;
  if (!(request.alias === undefined ? isOfFolder : request.isAliasOfProject)) return;
  const holder = await sfOrgs.usernameOf(alias);
  if (holder === alias || sameName(holder, target.username)) return;
  const record = await sfOrgs.loginRecord(holder);
  if (record && sandboxKey(record) === sandboxKey({ sandboxName, productionUsername: production.username })) return;
  const free = freeAlias(alias, { sandboxName, productionUsername: production.username }, registry);
  throw new JitFailure('AliasTaken', {
    alias,
    org: `the org ${holder}`,
    sandbox: sandboxName,
    production: production.username,
    free,
    moved: alias,
  });
}

/**
 * Checks, before a login sets an alias, that no other org loses it (`refuseTakenAlias`).
 *
 * @throws AliasTaken
 */
export async function refuseToTakeAlias(
  alias: string | undefined,
  target: AliasTarget,
  registry: Registry,
  { sfOrgs }: Pick<Ports, 'sfOrgs'>,
  isChosen: boolean,
): Promise<void> {
  if (alias === undefined) return;
  refuseTakenAlias(alias, target, registry, { ofSf: await orgOfSf(alias, sfOrgs), isChosen });
}
