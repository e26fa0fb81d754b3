import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { runMany } from '../support/manyCommands.js';
import { packedPlugin } from '../support/packedPlugin.js';
import { leavesNoSecret, useStage } from '../support/stage.js';

/** Commands that the plugin must have; it may have more. */
const contract = [
  'jit:emulator:start',
  'jit:org:display',
  'jit:org:list',
  'jit:org:register',
  'jit:org:unregister',
  'jit:sandbox:display',
  'jit:sandbox:list',
  'jit:sandbox:login',
  'jit:sandbox:register',
  'jit:sandbox:unregister',
];

type Command = {
  id: string;
  summary?: string;
  description?: string;
  examples?: unknown[];
  flags: Record<string, { summary?: string }>;
};

describe('the packed plugin in the real sf', () => {
  let commands: Command[] = [];
  const on = useStage(async (stage) => {
    const all = (await stage.sf('commands --json')).json<Command[]>();
    commands = all.filter(({ id }) => id.startsWith('jit:'));
  });

  it('is a tarball with the manifest of every command, and without sources and tests', async () => {
    const { directory, files } = await packedPlugin();
    expect(files).to.include.members([
      'oclif.manifest.json',
      'lib/commands/jit/sandbox/login.js',
      'lib/hooks/init.js',
      'lib/THIRD-PARTY-NOTICES.txt',
      'messages/failures.md',
      'messages/jit.sandbox.login.md',
    ]);
    expect(files.filter((path) => /^(src|test|scripts)\//.test(path))).to.deep.equal([]);
    const manifest = JSON.parse(await readFile(join(directory, 'oclif.manifest.json'), 'utf8')) as { commands: object };
    expect(Object.keys(manifest.commands)).to.have.members(commands.map(({ id }) => id));
  });

  it('is small: it is loaded over the network for every CI job', async () => {
    const { directory, files } = await packedPlugin();
    const sizes = await Promise.all(files.map(async (path) => (await stat(join(directory, path))).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).to.be.below(2_500_000);
  });

  it('is known to sf commands, each command with summary, description, examples and a summary for each flag', () => {
    expect(commands.map(({ id }) => id)).to.include.members(contract);
    for (const { id, summary, description, examples, flags } of commands) {
      expect([summary, description, examples?.length], id).to.not.include.oneOf([undefined, '', 0]);
      const own = Object.entries(flags).filter(([name]) => name !== 'json' && name !== 'flags-dir');
      for (const [name, flag] of own) expect(flag.summary, `${id} --${name}`).to.match(/\.$/);
    }
  });

  it('shows the help of every command and topic, with the command line in its examples', async () => {
    const { stage } = on;
    const { dataDirectory } = await packedPlugin();
    const topics = [...new Set(commands.map(({ id }) => id.split(':').slice(0, -1).join(' ')))];
    const ids = [...topics, ...commands.map(({ id }) => id.replaceAll(':', ' '))];
    const lines = ids.map((id) => [...id.split(' '), '--help']);
    for (const { argv, exitCode, stdout, stderr } of await runMany(lines, { home: stage.home, dataDirectory })) {
      expect(exitCode, `${argv}: ${stderr}`).to.equal(0);
      expect(stdout, argv)
        .to.contain('USAGE')
        .and.to.contain(`sf ${argv.replace(' --help', '')}`)
        .and.to.not.match(/<%|%>|%s|undefined|\[object/);
    }
    const [one] = commands;
    expect((await stage.sf(`${one?.id.replaceAll(':', ' ')} --help`)).stdout, 'in a process of its own').to.contain(
      'USAGE',
    );
    expect((await stage.sf('jit --help')).stdout.replace(/\s+/g, ' ')).to.contain('just-in-time plugins');
  });

  it('makes its configuration variable known to sf config', async () => {
    const { stage } = on;
    await stage.ok('config set jit-production-org=prod --global');
    expect(await stage.ok('config get jit-production-org')).to.have.nested.property('[0].value', 'prod');
    const listed = await stage.ok<Array<{ name: string; value?: string }>>('config list');
    expect(listed.find(({ name }) => name === 'jit-production-org')).to.include({ value: 'prod' });
  });

  leavesNoSecret(on);
});
