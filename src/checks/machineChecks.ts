import type { Finding, Variables } from './checks.js';
import { finding, setVariable } from './checks.js';
import { proxyOrigin, proxyVariables } from '../salesforce/proxy.js';
import { passphraseVariable, privateKeyVariable } from '../keys/keySource.js';

/** What of a machine decides whether Salesforce can be reached and secrets are safe. */
export type MachineFacts = {
  readonly env: Variables;
  /** Why the file of `NODE_EXTRA_CA_CERTS` cannot be used; Node itself only warns. */
  readonly caFileProblem?: string;
  /** Name of the CI system that this runs on. */
  readonly ci?: string;
};

/** The checks that need neither a login nor a request. */
export function machineFindings({ env, caFileProblem }: MachineFacts): Finding[] {
  return [proxyFinding(env), caFinding(env, caFileProblem), privateKeyVariableFinding(env)];
}

/** In the order in which jsforce takes them, and so does this plugin (docs/salesforce.md, jsforce). */
function proxyFinding(env: Variables): Finding {
  const name = proxyVariables.find((variable) => setVariable(env, variable) !== undefined);
  if (name === undefined) return finding('proxy', 'pass', 'none');
  const shown = proxyOrigin(env[name] ?? '');
  if (shown === undefined) return finding('proxy', 'fail', 'not-a-url', name);
  const except = ['no_proxy', 'NO_PROXY'].find((variable) => setVariable(env, variable) !== undefined);
  return except === undefined
    ? finding('proxy', 'pass', 'set', name, shown)
    : finding('proxy', 'pass', 'set-with-exceptions', name, shown, except, env[except] ?? '');
}

function caFinding(env: Variables, problem: string | undefined): Finding {
  const file = setVariable(env, 'NODE_EXTRA_CA_CERTS');
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') return finding('ca', 'warn', 'unchecked');
  if (file !== undefined && problem !== undefined) return finding('ca', 'fail', 'unusable', file, problem);
  return file === undefined ? finding('ca', 'pass', 'none') : finding('ca', 'pass', 'set', file);
}

/** At debug level stock sf writes every `SF_` variable into its log, and `sf doctor` into its report (seen with CLI 2.150.6). */
function privateKeyVariableFinding(env: Variables): Finding {
  const names = [privateKeyVariable, passphraseVariable].filter((name) => setVariable(env, name) !== undefined);
  return names.length === 0
    ? finding('private-key-variable', 'pass', 'unset')
    : finding('private-key-variable', 'warn', 'set', names.join(', '));
}
