import type { Finding } from './checks.js';
import { sortFindings } from './checks.js';
import { readConfigFile } from '../production/configFile.js';
import { JitFailure } from '../failures/failures.js';
import type { MachineFacts } from './machineChecks.js';
import { machineFindings } from './machineChecks.js';
import { hostKind } from '../salesforce/loginUrl.js';
import type { ProductionLogin } from '../production/productionCredentials.js';
import { otherCreators } from '../production/otherCreators.js';
import { ownUserId } from '../production/ownUserId.js';
import { dependentSandboxes, sameName } from '../registry/registry.js';
import type { SandboxState } from '../salesforce/sandboxState.js';
import { isDeleted, newestStates } from '../salesforce/sandboxState.js';
import { sameOrgId } from '../sfStore/storedOrg.js';
import type { SandboxCreator, Verification } from './verification.js';
import {
  appFinding,
  explainByFindings,
  certificateFinding,
  chooseApiVersion,
  clockFinding,
  configFileFinding,
  passedOverFinding,
  credentialsFinding,
  keyFindings,
  orgFinding,
  sandboxCreatorsFinding,
  sandboxesFinding,
} from './verification.js';
import { renewalFindings } from './renewalChecks.js';
import type { StoredOrg } from '../sfStore/storedOrg.js';
import type { VerifyRequest } from './verifyTarget.js';
import { findVerifyTarget } from './verifyTarget.js';
import type { Ports } from '../ports.js';
import { loginFacts } from '../production/loginFacts.js';
import { productionContext, withProduction } from '../production/openProduction.js';
import { statesOrRefusal } from '../production/sandboxPermission.js';
import type { CertificateFacts } from '../keys/keyPair.js';
import type { KeySource } from '../keys/keySource.js';
import type { SigningKey } from '../keys/signingKey.js';
import { keyBits } from '../keys/signingKey.js';
import type { OrgContext, Session, ServerFacts, OrgKind } from '../salesforce/salesforce.js';

/** What a login test needs from outside. */
export type VerifyPorts = Pick<Ports, 'salesforce' | 'sfOrgs' | 'keys' | 'locks' | 'sessions' | 'registry' | 'now'> & {
  /** The certificate of a key, if it is at hand. */
  readonly certificateOf: (source: KeySource, key: SigningKey) => Promise<CertificateFacts | undefined>;
  /** One request, which needs no session: what the server says about itself. */
  readonly serverFacts: (instanceUrl: string, context: OrgContext) => Promise<ServerFacts>;
  readonly machine: () => Promise<MachineFacts>;
  /** The key that is piped in, when a flag says so. */
  readonly readStdin: () => Promise<string>;
};

/**
 * Tests a login: always a new one by key, and the stored session where sf logged in. Writes nothing, except what sf itself
 * would write when it renews its own session.
 *
 * @returns also for a login that is refused, with whatever could be checked by then
 */
export async function verifyOrg(request: VerifyRequest, ports: VerifyPorts): Promise<Verification> {
  const machine = await ports.machine();
  const findings = machineFindings(machine);
  let login: ProductionLogin | undefined;
  try {
    const target = findVerifyTarget(request, await ports.registry.read());
    login = target.login;
    findings.push(credentialsFinding(login, target.sources));
    const { configFile } = request;
    const usesFile = configFile !== undefined && Object.values(target.sources).includes('config-file');
    const config = usesFile ? readConfigFile(configFile) : undefined;
    if (configFile && !usesFile) findings.push(passedOverFinding(configFile.path));
    if (usesFile && config) findings.push(configFileFinding(configFile.path, config.warnings));
    const asked = await opened(
      login,
      findings,
      { ...ports, machine: () => Promise.resolve(machine) },
      (session, context) => questions(session, context, target.login.username, findings, ports),
    );
    findings.push(appFinding(login.clientId, login.key));
    const { apiVersion, findings: ofVersion } = chooseApiVersion(config?.config.apiVersion, asked.apiVersions);
    findings.push(...ofVersion);
    const { instanceUrl, orgId } = asked.session;
    const { from: source, username } = login;
    const { orgKind } = asked;
    return {
      authenticated: true,
      source,
      username,
      instanceUrl,
      orgId,
      orgKind,
      apiVersion,
      findings: sortFindings(findings),
    };
  } catch (error) {
    if (!(error instanceof JitFailure)) throw error;
    const failure = explainByFindings(
      login ? error.knowing(loginFacts(login)) : error,
      findings,
      login !== undefined && login.key.source !== 'sf',
    );
    return {
      authenticated: false,
      source: login?.from,
      username: login?.username,
      failure,
      findings: sortFindings(findings),
    };
  }
}

/** Runs the questions with a session: a new one by the key, of which everything is checked before it is used, or the stored one. */
async function opened<T>(
  login: ProductionLogin,
  findings: Finding[],
  ports: VerifyPorts,
  ask: (session: Session, context: OrgContext) => Promise<T>,
): Promise<T> {
  const context = aboutOrg(login);
  const { username, clientId, loginUrl, key: source } = login;
  if (source.source === 'sf') {
    findings.push(...keyFindings(source, undefined, false));
    return seeingRenewal(username, findings, ports, () =>
      withProduction(login, ports, (session) => ask(session, context)),
    );
  }
  const key =
    source.source === 'stdin' && login.from === 'flags'
      ? ports.keys.parse(await ports.readStdin(), { production: username })
      : await ports.keys.read(source, username);
  const file = source.source === 'file' ? source.path : undefined;
  const readableByOthers = file !== undefined && (await ports.keys.isReadableByOthers(file));
  findings.push(...keyFindings(source, keyBits(key), readableByOthers));
  const certificate = await ports.certificateOf(source, key);
  if (certificate) findings.push(certificateFinding(certificate, ports.now()));
  const session = await ports.salesforce.jwtLogin({ username, clientId, loginUrl, key }, context);
  return ask({ ...session, apiVersion: login.apiVersion }, context);
}

/** Finds what renews a login that sf has stored, and what becomes of it meanwhile; also when the work fails, for which it may be the reason. */
async function seeingRenewal<T>(
  username: string,
  findings: Finding[],
  { sfOrgs, machine }: VerifyPorts,
  work: () => Promise<T>,
): Promise<T> {
  const readable = async (): Promise<StoredOrg | undefined> => {
    const stored = await sfOrgs.read(username);
    return stored === 'unreadable' ? undefined : stored;
  };
  const before = await readable();
  try {
    return await work();
  } finally {
    const stored = await readable();
    const wasRenewed = before?.accessToken !== stored?.accessToken;
    const rotated = wasRenewed ? before?.refreshToken !== stored?.refreshToken : undefined;
    if (stored) findings.push(...renewalFindings({ stored, ...(await machine()), rotated }));
  }
}

async function questions(
  session: Session,
  context: OrgContext,
  username: string,
  findings: Finding[],
  ports: VerifyPorts,
): Promise<{ session: Session; orgKind: OrgKind; apiVersions: readonly string[] }> {
  const { apiVersions, clockSkew } = await ports.serverFacts(session.instanceUrl, context);
  findings.push(...clockFinding(clockSkew));
  const { kind, name, orgId } = await ports.salesforce.organization(session, context);
  findings.push(orgFinding(kind, name, orgId));
  if (kind === 'production') {
    const states = await visibleSandboxes(session, context, ports);
    findings.push(sandboxesFinding(states instanceof JitFailure ? states : states.length));
    if (!(states instanceof JitFailure)) {
      findings.push(...sandboxCreatorsFinding(await creatorsOfRegistered(states, session, username, ports)));
    }
  }
  return { session, orgKind: kind, apiVersions };
}

async function visibleSandboxes(
  session: Session,
  context: OrgContext,
  ports: VerifyPorts,
): Promise<readonly SandboxState[] | JitFailure> {
  const states = await statesOrRefusal(session, context, ports);
  return states instanceof JitFailure ? states : newestStates(states).filter((state) => !isDeleted(state));
}

/** Of the sandboxes that are registered on this machine for this user of production: their names, and who else had the newest copy made. */
async function creatorsOfRegistered(
  states: readonly SandboxState[],
  session: Session,
  username: string,
  ports: VerifyPorts,
): Promise<SandboxCreator[]> {
  const registered = dependentSandboxes(await ports.registry.read(), username);
  const copies = states.filter((state) => registered.some((one) => sameName(one.sandboxName, state.sandboxName)));
  if (copies.length === 0) return [];
  const userId = await ownUserId(session, username, ports);
  // without it everybody would be another user
  if (userId === undefined) return [];
  const others = await otherCreators(copies, userId, session, productionContext({ username }), ports);
  return copies.map(({ sandboxName, createdById = userId }) => ({
    sandboxName,
    ...(sameOrgId(createdById, userId) ? {} : { other: others.get(createdById.slice(0, 15)) ?? createdById }),
  }));
}

/** What is not registered may be a sandbox with a configuration of its own; where its host does not tell, it is just an org. */
function aboutOrg(login: ProductionLogin): OrgContext {
  const context = productionContext(login);
  const kind = login.registered ? 'production' : hostKind(login.loginUrl);
  switch (kind) {
    case 'production':
      return context;
    case 'sandbox':
      return { org: `sandbox org ${login.username}`, side: 'sandbox', user: login.username };
    case 'unknown':
      return { ...context, org: `org ${login.username}` };
  }
}
