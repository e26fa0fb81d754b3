import { longId, shortId } from '../world/identifiers.js';
import type { Org, Sandbox, SandboxProcess, User } from '../world/model.js';
import type { FieldType, Row, Table } from './soqlEvaluation.js';
import type { World } from '../world/world.js';

/** Reads `Id:id Name CreatedDate:datetime`: names with a type where it is not text. */
function fields(text: string): Record<string, FieldType> {
  const types: Record<string, FieldType> = { id: 'id', boolean: 'boolean', datetime: 'datetime', int: 'int' };
  return Object.fromEntries(
    text
      .trim()
      .split(/\s+/)
      .map((field) => field.split(':'))
      .map(([name = '', type = '']) => [name, types[type] ?? 'string']),
  );
}

const organizationFields = fields(`
  Id:id Name InstanceName IsSandbox:boolean TrialExpirationDate:datetime NamespacePrefix OrganizationType
  CreatedDate:datetime LanguageLocaleKey DefaultLocaleSidKey TimeZoneSidKey Country Division PrimaryContact`);

const userFields = fields(`
  Id:id Username Name FirstName LastName Email Alias CommunityNickname IsActive:boolean UserType ProfileId:id
  Profile.Id:id Profile.Name UserRoleId:id TimeZoneSidKey LocaleSidKey LanguageLocaleKey EmailEncodingKey
  FederationIdentifier CreatedDate:datetime LastLoginDate:datetime`);

const sandboxInfoFields = fields(`
  Id:id SandboxName Description LicenseType SourceId:id TemplateId:id ApexClassId:id ActivationUserGroupId:id Features
  AutoActivate:boolean HistoryDays:int CopyChatter:boolean CopyArchivedActivities:boolean IsDeleted:boolean
  CreatedById:id CreatedDate:datetime LastModifiedById:id LastModifiedDate:datetime`);

// SandboxOrganization is text of 15 characters, so an id of 18 finds nothing (docs/salesforce.md, Sandbox records)
const sandboxProcessFields = fields(`
  Id:id SandboxInfoId:id SandboxName SandboxOrganization Status CopyProgress:int LicenseType Description SourceId:id
  TemplateId:id ApexClassId:id ActivationUserGroupId:id Features RefreshAction AutoActivate:boolean HistoryDays:int
  CopyChatter:boolean CopyArchivedActivities:boolean ActivatedById:id ActivatedDate:datetime StartDate:datetime
  EndDate:datetime CreatedById:id CreatedDate:datetime LastModifiedById:id LastModifiedDate:datetime`);

const scratchOrgInfoFields = fields(`
  Id:id ScratchOrg SignupUsername OrgName LoginUrl Status ExpirationDate:datetime CreatedDate:datetime`);

const loginHistoryFields = fields(`
  Id:id UserId:id LoginTime:datetime LoginType SourceIp LoginUrl Browser Platform Status Application ClientVersion ApiType
  ApiVersion CountryIso`);

function organization(org: Org): Row {
  return {
    Id: org.id,
    Name: org.name,
    InstanceName: 'EMU1',
    IsSandbox: org.kind === 'sandbox' || org.kind === 'scratch',
    TrialExpirationDate: org.trialExpirationDate,
    OrganizationType: org.edition,
    CreatedDate: org.createdDate,
    LanguageLocaleKey: 'en_US',
    DefaultLocaleSidKey: 'en_US',
    TimeZoneSidKey: 'Europe/Berlin',
    Country: 'DE',
  };
}

/** Profiles are not kept as records: admins have one, everybody else has the other. */
function profileId(name: string): string {
  return longId(`00e5g000000000${name === 'System Administrator' ? 1 : 2}`);
}

function userRow(user: User): Row {
  return {
    Id: user.id,
    Username: user.username,
    Name: `${user.firstName} ${user.lastName}`,
    FirstName: user.firstName,
    LastName: user.lastName,
    Email: user.email,
    Alias: user.lastName.slice(0, 8),
    CommunityNickname: user.lastName,
    IsActive: user.active,
    UserType: 'Standard',
    ProfileId: profileId(user.profileName),
    Profile: { Id: profileId(user.profileName), Name: user.profileName },
    TimeZoneSidKey: 'Europe/Berlin',
    LocaleSidKey: 'en_US',
    LanguageLocaleKey: 'en_US',
    EmailEncodingKey: 'UTF-8',
    CreatedDate: user.createdDate,
  };
}

/** The own logins, and those of all users for who may see them (docs/salesforce.md, Login History): here, for administrators. */
function loginHistory(org: Org, viewer: User): Row[] {
  const seesAll = viewer.profileName === 'System Administrator';
  return org.logins
    .filter(({ user }) => seesAll || user.id === viewer.id)
    .map(({ id, user, time, application, status, loginUrl }) => ({
      Id: id,
      UserId: user.id,
      LoginTime: time,
      LoginType: 'Remote Access 2.0',
      SourceIp: '127.0.0.1',
      LoginUrl: loginUrl,
      Browser: 'Unknown',
      Platform: 'Unknown',
      Status: status,
      Application: application,
      ClientVersion: 'N/A',
      ApiType: 'N/A',
      ApiVersion: 'N/A',
    }));
}

/** Account names tell the org and the copy, so that a query shows who answered. */
function accounts(org: Org): Row[] {
  const owner = org.copy > 0 ? `${org.host.label.replace(/^.*:/, '')} copy ${org.copy}` : org.kind;
  return ['First', 'Second', 'Third'].map((name, index) => ({
    Id: longId(`001${org.id.slice(3, 14)}${index}`),
    Name: `${name} account of ${owner}`,
    Industry: index === 2 ? null : 'Energy',
    NumberOfEmployees: (index + 1) * 100,
    CreatedDate: org.createdDate,
  }));
}

const copyOptions = { LicenseType: 'DEVELOPER', AutoActivate: true, HistoryDays: 0, CopyChatter: false };

function sandboxInfo(sandbox: Sandbox): Row {
  const newest = sandbox.processes.at(-1);
  return {
    ...copyOptions,
    Id: sandbox.infoId,
    SandboxName: sandbox.name,
    CopyArchivedActivities: false,
    IsDeleted: false,
    CreatedById: sandbox.createdBy.id,
    CreatedDate: sandbox.createdDate,
    LastModifiedById: newest?.createdBy.id ?? sandbox.createdBy.id,
    LastModifiedDate: newest?.createdDate ?? sandbox.createdDate,
  };
}

function sandboxProcess(sandbox: Sandbox, process: SandboxProcess): Row {
  return {
    ...copyOptions,
    Id: process.id,
    SandboxInfoId: sandbox.infoId,
    SandboxName: process.sandboxName,
    SandboxOrganization: process.activatedDate ? shortId(process.copy.id) : null,
    Status: process.status,
    CopyProgress: process.copyProgress,
    CopyArchivedActivities: false,
    StartDate: process.startDate,
    EndDate: process.endDate,
    ActivatedDate: process.activatedDate,
    ActivatedById: process.activatedDate ? process.createdBy.id : null,
    CreatedById: process.createdBy.id,
    CreatedDate: process.createdDate,
    LastModifiedById: process.createdBy.id,
    LastModifiedDate: process.endDate ?? process.createdDate,
  };
}

type Source = { api: 'data' | 'tooling' | 'both'; fields: Record<string, FieldType>; rows: Row[]; hidden?: boolean };

/** The object as this user of this org sees it, or nothing: an object one may not see does not exist. */
export function findTable(
  world: World,
  org: Org,
  user: User,
  object: string,
  api: 'data' | 'tooling',
): Table | undefined {
  const sandboxes = world.sandboxes.filter((sandbox) => sandbox.production === org);
  const noSandboxes = org.kind !== 'production' || !user.managesSandboxes;
  const sources: Record<string, Source> = {
    Organization: { api: 'both', fields: organizationFields, rows: [organization(org)] },
    User: { api: 'both', fields: userFields, rows: [...org.users.values()].map(userRow) },
    Account: {
      api: 'data',
      fields: fields('Id:id Name Industry NumberOfEmployees:int CreatedDate:datetime'),
      rows: accounts(org),
    },
    LoginHistory: { api: 'data', fields: loginHistoryFields, rows: loginHistory(org, user) },
    ScratchOrgInfo: { api: 'data', fields: scratchOrgInfoFields, rows: [], hidden: !org.isDevHub },
    // core asks production for it after a sandbox login, to know whether the sandbox tracks its source
    SourceTrackingSettings: {
      api: 'tooling',
      fields: fields('IsSourceTrackingSandboxesEnabled:boolean IsSourceTrackingDevHubEnabled:boolean'),
      rows: [{ IsSourceTrackingSandboxesEnabled: true, IsSourceTrackingDevHubEnabled: org.isDevHub }],
    },
    SandboxInfo: {
      api: 'tooling',
      fields: sandboxInfoFields,
      rows: sandboxes.filter((sandbox) => !sandbox.deleted).map(sandboxInfo),
      hidden: noSandboxes,
    },
    SandboxProcess: {
      api: 'tooling',
      fields: sandboxProcessFields,
      rows: sandboxes.flatMap((sandbox) => sandbox.processes.map((process) => sandboxProcess(sandbox, process))),
      hidden: noSandboxes,
    },
  };
  const entry = Object.entries(sources).find(([name]) => name.toLowerCase() === object.toLowerCase());
  if (!entry || entry[1].hidden || (entry[1].api !== 'both' && entry[1].api !== api)) return undefined;
  return { name: entry[0], fields: entry[1].fields, rows: entry[1].rows };
}

/** Names of the objects that this user can query with the data API. */
export function visibleObjects(world: World, org: Org, user: User): string[] {
  const all = ['Account', 'LoginHistory', 'Organization', 'ScratchOrgInfo', 'User'];
  return all.filter((name) => findTable(world, org, user, name, 'data') !== undefined);
}
