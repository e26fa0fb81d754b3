import type { Facts } from '../failures/failures.js';
import { JitFailure } from '../failures/failures.js';
import type { KeySource } from '../keys/keySource.js';
import type { ProductionLogin } from './productionCredentials.js';

/** Runs `work` for a login through production; a failure of it leaves with what its advice needs to know of production's login. */
export async function withLoginFacts<T>(login: ProductionLogin, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof JitFailure ? error.knowing(loginFacts(login)) : error;
  }
}

/** What `sf jit org register` has to be told to register this login again. */
export function loginFacts({ username, clientId, loginUrl, key }: ProductionLogin): Facts {
  // an org that sf logged in to is registered by its name, and has sf's own app
  if (key.source === 'sf') return { loginUrl };
  const isPlain = [username, clientId].every((word) => plainWord.test(word));
  return {
    loginUrl,
    userAndApp: isPlain ? `--username ${username} --client-id ${clientId}` : undefined,
    key: keyFlag(key),
  };
}

/** Words that every shell takes as they are; others are left for the user to fill in. */
const plainWord = /^[\w@%+:,./-]+$/;

/** Not for programs, whose words would have to be quoted, nor for a key that came through standard input. */
function keyFlag(key: KeySource): string | undefined {
  switch (key.source) {
    case 'file':
      return flagWith('--jwt-key-file', key.path);
    case 'env':
      return flagWith('--jwt-key-env', key.name);
    case 'agent':
      return flagWith('--jwt-agent', key.fingerprint);
    default:
      return undefined;
  }
}

function flagWith(flag: string, value: string): string | undefined {
  return plainWord.test(value) ? `${flag} ${value}` : undefined;
}
