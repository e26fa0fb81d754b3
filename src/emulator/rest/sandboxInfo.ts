import { type Answer, type Call, jsonAnswer, RestRefusal } from '../server/exchange.js';
import { shortId } from '../world/identifiers.js';
import type { Sandbox } from '../world/model.js';
import { createSandbox, deleteSandbox, refreshSandbox, renameSandbox } from '../world/sandboxes.js';
import type { Session } from '../oauth/sessions.js';
import type { World } from '../world/world.js';

/*
 * `…/tooling/sobjects/SandboxInfo`: inserting a row creates a sandbox, updating it refreshes, deleting it deletes (docs/salesforce.md, Sandbox
 * records). What stock `org create`, `refresh` and `delete sandbox` send. Salesforce takes hours for a copy; here it is done at once, unless copies are
 * held (`World.holdsCopies`). The words of the refusals are guesses.
 */

const noRow = (): RestRefusal => new RestRefusal(404, 'NOT_FOUND', 'The requested resource does not exist');

/** @param id - of the row; undefined for a new one */
export async function answerSandboxInfo(
  world: World,
  call: Call,
  { org: production, user }: Session,
  id: string | undefined,
): Promise<Answer> {
  if (production.kind !== 'production' || !user.managesSandboxes) throw noRow();
  if (id === undefined) {
    if (call.method !== 'POST') throw noRow();
    const name = sandboxName(call);
    if (name === undefined || !/^[a-z0-9]{1,10}$/i.test(name)) {
      throw new RestRefusal(400, 'FIELD_INTEGRITY_EXCEPTION', 'Sandbox Name: letters and digits, ten at most.');
    }
    if (world.findSandbox(production, name)) {
      throw new RestRefusal(400, 'DUPLICATE_VALUE', `A sandbox with the name ${name} already exists.`);
    }
    const status = world.holdsCopies ? 'Pending' : undefined;
    const { infoId } = await createSandbox(world, { name, production, creator: user, status });
    return jsonAnswer(201, { id: infoId, success: true, errors: [], warnings: [], infos: [] });
  }
  const sandbox = world.sandboxes.find(
    (one) => one.production === production && !one.deleted && shortId(one.infoId) === shortId(id),
  );
  if (!sandbox) throw noRow();
  await change(world, call, sandbox, user);
  return { status: 204, contentType: 'application/json;charset=UTF-8', body: '' };
}

async function change(world: World, call: Call, sandbox: Sandbox, user: Session['user']): Promise<void> {
  switch (call.method) {
    case 'PATCH': {
      const newName = sandboxName(call);
      if (newName !== undefined && newName !== sandbox.name) await renameSandbox(world, sandbox, newName);
      else refreshSandbox(world, sandbox, { complete: !world.holdsCopies, by: user });
      return;
    }
    case 'DELETE':
      deleteSandbox(sandbox);
      return;
    default:
      throw noRow();
  }
}

function sandboxName(call: Call): string | undefined {
  try {
    const { SandboxName: name } = Object(JSON.parse(call.body)) as { SandboxName?: unknown };
    return typeof name === 'string' ? name : undefined;
  } catch {
    throw new RestRefusal(400, 'JSON_PARSER_ERROR', 'The request body is not JSON.');
  }
}
