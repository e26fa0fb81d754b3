import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecipeJob, StoredVariables } from './jobs.js';
import {
  type Block,
  readAzurePipeline,
  readBitbucketPipeline,
  readGithubWorkflow,
  readGitlabPipeline,
} from './readers.js';
import { readJenkinsfile } from './jenkinsfile.js';
import type { Stage } from '../stage.js';

export type Recipe = {
  /** Below docs/ci. */
  readonly file: string;
  readonly read: (text: string, stored: StoredVariables, action: string) => RecipeJob[];
  /** The key as it was stored: GitHub keeps its lines, the others get it in base64, as docs/ci/README.md says. GitHub takes that too. */
  readonly key: 'lines' | 'base64';
  /** How many commands each job runs; those of the action count as one each. */
  readonly steps: Readonly<Record<string, number>>;
};

export const recipes: readonly Recipe[] = [
  { file: 'github-actions/one-sandbox.yml', read: readGithubWorkflow, key: 'lines', steps: { deploy: 5 } },
  {
    file: 'github-actions/several-sandboxes.yml',
    read: readGithubWorkflow,
    key: 'base64',
    steps: { 'deploy dev': 6, 'deploy uat': 6 },
  },
  {
    file: 'github-actions/with-the-action.yml',
    read: readGithubWorkflow,
    key: 'lines',
    steps: { 'one-sandbox': 6, 'several-sandboxes dev': 6, 'several-sandboxes uat': 6 },
  },
  {
    file: 'gitlab-ci.yml',
    read: readGitlabPipeline,
    key: 'base64',
    steps: { 'deploy-uat': 5, 'deploy-sandboxes dev': 6, 'deploy-sandboxes uat': 6 },
  },
  {
    file: 'azure-pipelines.yml',
    read: readAzurePipeline,
    key: 'base64',
    steps: { deploy_uat: 5, 'deploy_sandboxes dev': 6, 'deploy_sandboxes uat': 6 },
  },
  {
    file: 'bitbucket-pipelines.yml',
    read: readBitbucketPipeline,
    key: 'base64',
    steps: { 'main: Deploy to uat': 5, 'develop: Deploy to dev': 6, 'develop: Deploy to uat': 6 },
  },
  {
    file: 'Jenkinsfile',
    read: readJenkinsfile,
    key: 'base64',
    steps: { 'Deploy to uat': 5, 'Deploy to several sandboxes dev': 6, 'Deploy to several sandboxes uat': 6 },
  },
];

/** The pages, with how many blocks of each kind they have, and which sandboxes the repository of their reader registers. */
export const pages = [
  { file: 'README.md', blocks: { sh: 9, before: 1 }, registered: [], deploysTo: ['uat', 'dev', 'uat'] },
  { file: 'migrate.md', blocks: { sh: 5, before: 3 }, registered: ['uat'], deploysTo: ['uat', 'dev'] },
] as const;

/** A text of the repository that a test reads otherwise than it is. */
export type Change = { readonly file: string; readonly from: string; readonly to: string };

/** A file of the repository, by its path. @throws when the change is none */
export async function repositoryFile(file: string, change?: Change): Promise<string> {
  const text = await readFile(new URL(`../../../${file}`, import.meta.url), 'utf8');
  if (change?.file !== file) return text;
  if (!text.includes(change.from)) throw new Error(`${file} does not hold ${change.from}`);
  return text.replaceAll(change.from, change.to);
}

/** The jobs of a recipe, with what the administrator stored. */
export async function jobsOf({ file, read }: Recipe, stored: StoredVariables, change?: Change): Promise<RecipeJob[]> {
  return read(await repositoryFile(`docs/ci/${file}`, change), stored, await repositoryFile('action.yml', change));
}

/** Whether a block is what the reader had before, and not what the page advises. */
export const isBefore = ({ mark }: Block): boolean => mark === 'before';

/** What the administrator stored, with the key in both forms. */
export async function storedVariables(stage: Stage): Promise<Readonly<Record<Recipe['key'], StoredVariables>>> {
  const { username: SF_USERNAME, clientId: SF_CLIENT_ID, loginUrl: SF_INSTANCE_URL } = stage.info;
  const key = await stage.key();
  const lines = { SF_USERNAME, SF_CLIENT_ID, SF_INSTANCE_URL, PROD_KEY: key };
  return { lines, base64: { ...lines, PROD_KEY: Buffer.from(key).toString('base64') } };
}

/** The repository that a recipe lies in, which registers some sandboxes. */
export async function checkedOut(stage: Stage, names: readonly string[]): Promise<string> {
  const path = await stage.project();
  const file = join(path, 'sfdx-project.json');
  const json = JSON.parse(await readFile(file, 'utf8')) as object;
  const productionUsername = stage.info.username;
  const sandboxes = names.map((name) => ({
    sandboxName: name,
    alias: name,
    productionUsername,
    isJitRegistration: true,
  }));
  // else stock sf would take the address of the stand-in, which it finds in SF_INSTANCE_URL, for a wrong one
  const sfdcLoginUrl = 'https://login.salesforce.com';
  const plugins = sandboxes.length > 0 ? { plugins: { 'sf-plugin-jit': { sandboxes } } } : {};
  await writeFile(file, JSON.stringify({ ...json, sfdcLoginUrl, ...plugins }));
  const classes = join(path, 'force-app', 'main', 'default', 'classes');
  await mkdir(classes, { recursive: true });
  await writeFile(join(classes, 'Nothing.cls'), 'public class Nothing {}');
  await writeFile(
    join(classes, 'Nothing.cls-meta.xml'),
    '<ApexClass xmlns="http://soap.sforce.com/2006/04/metadata"><apiVersion>60.0</apiVersion></ApexClass>',
  );
  return path;
}

/** The sandboxes that something was deployed to, in order: the calls of the Metadata API, in a row, are one deployment. */
export function deployments(requests: readonly string[]): string[] {
  const calls = requests.map((request) => /^sandbox:(\w+) \d+\.0$/.exec(request)?.[1]);
  return calls.flatMap((sandbox, index) => (sandbox !== undefined && calls[index - 1] === undefined ? [sandbox] : []));
}
