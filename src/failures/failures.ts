import type { Fact } from './facts.js';

/**
 * Every way in which this plugin can fail, as one table.
 *
 * A class has a stable `name`, which scripts may test, and a text with actions in `messages/failures.md` under the same name.
 * In that text `{fact}` stands for a fact of the failure; a line that mentions an absent fact is left out when it is shown. For
 * `{fact|words}`, the words stand in for an absent fact.
 */

type FailureClass = {
  /** Facts without which the text would make no sense. */
  readonly needs: readonly Fact[];
  /**
   * Exit code when this failure ends a command. 1 unless said otherwise; 2 is a wrong use of the command; 69 means "not ready yet,
   * try again"; 126 and 127 are what shells use for a command that cannot be run.
   */
  readonly exitCode?: 2 | 69 | 126 | 127;
  /** The exit code is that only when this fact is known, else 1. */
  readonly exitCodeWith?: Fact;
};

export const failureClasses = {
  // what is registered
  ProductionOrgNotRegistered: { needs: ['production'] },
  ProductionOfProjectUnknown: { needs: ['sandbox', 'production', 'alias'] },
  NoProductionOrg: { needs: [] },
  AmbiguousProductionOrg: { needs: ['names'] },
  SandboxNotRegistered: { needs: ['sandbox'] },
  AmbiguousSandbox: { needs: ['sandbox', 'names'] },
  SandboxesDepend: { needs: ['production', 'names'] },
  RegistryDamaged: { needs: ['file', 'problem'] },
  AliasTaken: { needs: ['alias', 'org'] },
  TraditionalOrgStored: { needs: ['sandbox', 'user'] },
  OrgNotStored: { needs: ['user'] },
  SandboxNotLoggedIn: { needs: ['sandbox'] },
  LoginUnreadable: { needs: ['sandbox', 'user'] },
  // environments
  EnvironmentExists: { needs: ['environment'] },
  EnvironmentNotFound: { needs: ['environment'] },
  EnvironmentNameTaken: { needs: ['environment', 'org'] },
  EnvironmentsDepend: { needs: ['names'] },
  BranchTaken: { needs: ['branch', 'environment'] },
  BranchUnknown: { needs: ['problem'] },
  NoEnvironmentForBranch: { needs: ['branch'] },
  AmbiguousEnvironment: { needs: ['branch', 'names'] },
  // what production says about the sandbox
  SandboxNotFound: { needs: ['sandbox', 'production'] },
  SandboxRenamed: { needs: ['sandbox', 'production', 'nearest'] },
  SandboxDeleted: { needs: ['sandbox', 'production', 'status'] },
  SandboxNotReady: { needs: ['sandbox', 'production', 'status'], exitCode: 69 },
  NotSandboxCreator: { needs: ['sandbox', 'production', 'user'] },
  SandboxAuthFailed: { needs: ['sandbox', 'production'] },
  SignedInToProduction: { needs: ['sandbox', 'production'] },
  SandboxOfOtherProduction: { needs: ['sandbox', 'production', 'org'] },
  SandboxUnconfirmed: { needs: ['sandbox', 'production', 'user', 'host'] },
  SandboxPermissionMissing: { needs: ['production', 'user'] },
  CallbackUrlMismatch: { needs: ['org', 'callbackUrl'] },
  // what the login server says
  UserNotApproved: { needs: ['org', 'user', 'host'] },
  AppNotInSandbox: { needs: ['org', 'host'] },
  InvalidGrant: { needs: ['org', 'host'] },
  InvalidSignature: { needs: ['org', 'user', 'host'] },
  AssertionExpired: { needs: ['org', 'host'] },
  AuthorizationCodeExpired: { needs: ['org', 'host'] },
  RefreshTokenInvalid: { needs: ['org', 'user'] },
  CertificateExpired: { needs: ['org', 'host'] },
  InvalidClientId: { needs: ['org', 'clientId', 'host'] },
  GrantTypeNotSupported: { needs: ['org', 'host'] },
  ScopeMissing: { needs: ['org', 'host'] },
  PkceRequired: { needs: ['org', 'host'] },
  ClientSecretRequired: { needs: ['org', 'clientId'] },
  AudienceInvalid: { needs: ['org', 'host'] },
  InactiveUser: { needs: ['org', 'user'] },
  IpRestricted: { needs: ['org', 'user', 'host'] },
  AppBlocked: { needs: ['org', 'user'] },
  LoginRateExceeded: { needs: ['org', 'user'] },
  // what the API says
  ApiAccessBlocked: { needs: ['org', 'user'] },
  ApiLimitReached: { needs: ['org'] },
  SessionInvalid: { needs: ['org'] },
  OrgGone: { needs: ['org', 'host'] },
  InstanceChanged: { needs: ['org', 'host'] },
  // the wrong kind of org
  NotAProductionOrg: { needs: ['user', 'host'] },
  ScratchOrgNotSupported: { needs: ['user'] },
  // inputs
  KeyInvalid: { needs: ['problem'] },
  KeyMissing: { needs: ['production'] },
  KeyProgramFailed: { needs: ['program', 'problem'] },
  KeyNotInAgent: { needs: ['fingerprint', 'problem'] },
  SignatureUnusable: { needs: ['problem'] },
  ConfigInvalid: { needs: ['file', 'problems'] },
  FileExists: { needs: ['file'] },
  FileNotWritable: { needs: ['file', 'problem'] },
  EncryptionKeyUnusable: { needs: ['problem'] },
  InputInvalid: { needs: ['field', 'problem'] },
  FlagMissing: { needs: ['field'], exitCode: 2 },
  NotConfirmed: { needs: ['user'] },
  NestedExec: { needs: ['sandbox'] },
  CommandNotFound: { needs: ['file', 'problem'], exitCode: 127 },
  CommandNotRunnable: { needs: ['file', 'problem'], exitCode: 126 },
  TemporaryFolderUnusable: { needs: ['file', 'problem'], exitCode: 126 },
  // the way to Salesforce
  // the address of a new sandbox may not be in DNS yet; production's does not appear by waiting
  HostNotFound: { needs: ['org', 'host'], exitCode: 69, exitCodeWith: 'sandbox' },
  ConnectionFailed: { needs: ['org', 'host', 'problem'] },
  TlsUntrusted: { needs: ['org', 'host', 'problem'] },
  ProxyFailed: { needs: ['org', 'host', 'problem'] },
  Timeout: { needs: ['org', 'host', 'seconds'] },
  ServerUnavailable: { needs: ['org', 'host', 'status'] },
  RedirectRefused: { needs: ['org', 'host', 'url'] },
  UnexpectedAnswer: { needs: ['org', 'host'] },
  Locked: { needs: ['file', 'seconds'] },
  // what nobody foresaw
  UnexpectedError: { needs: ['problem'] },
} as const satisfies Record<string, FailureClass>;

export type FailureName = keyof typeof failureClasses;

type NeededFact<N extends FailureName> = (typeof failureClasses)[N]['needs'][number];

/** The org that a request went to. */
export type Side = 'production' | 'sandbox';

/** The type of what is known of a fact. */
type Value<F extends Fact> = F extends 'side' ? Side : string;

/** Any facts, as a failure that is already made has them. */
export type Facts = { readonly [F in Fact]?: Value<F> | undefined };

/** The facts of one class: those it needs, and any other that is known. An absent fact is `undefined`, never an empty string. */
export type FailureFacts<N extends FailureName = FailureName> = Record<NeededFact<N>, string> & Facts;

/**
 * A failure of a known class. Everything below the commands throws this and nothing else on purpose; `explained()` in
 * `failures/failureView.ts` makes the text out of it.
 *
 * A network error must not be passed as `cause` when it is a `TypeError` (as `fetch` throws): sf ends with exit code 10 for any
 * TypeError in the chain of causes (sf-plugins-core, errorHandling). Pass what lies below it.
 */
export type JitFailure = Failure;

class Failure extends Error {
  public override readonly name: FailureName;
  public readonly facts: Facts;

  public constructor(name: FailureName, facts: Facts, cause?: unknown) {
    super(name, cause === undefined ? undefined : { cause });
    this.name = name;
    this.facts = facts;
  }

  /** Exit code for a command that ends with this failure. */
  public get exitCode(): 1 | 2 | 69 | 126 | 127 {
    const { exitCode = 1, exitCodeWith } = failureClasses[this.name] as FailureClass;
    return exitCodeWith === undefined || this.facts[exitCodeWith] !== undefined ? exitCode : 1;
  }

  /** The same failure, knowing also what it does not know yet. */
  public knowing(more: Facts): JitFailure {
    const known = Object.entries(this.facts).filter(([, value]) => value !== undefined);
    return this.with({ ...more, ...Object.fromEntries(known) });
  }

  /** The same failure, knowing more. */
  public with(more: Facts, cause: unknown = this.cause): JitFailure {
    return new Failure(this.name, { ...this.facts, ...more }, cause);
  }
}

/** Makes a failure; the facts that its class needs must be there. `instanceof JitFailure` tells failures from other errors. */
export const JitFailure: {
  readonly prototype: Failure;
  new <N extends FailureName>(name: N, facts: FailureFacts<N>, cause?: unknown): Failure;
} = Failure;
