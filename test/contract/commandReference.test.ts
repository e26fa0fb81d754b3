import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';

type Flag = {
  required?: boolean;
  options?: string[];
  multiple?: boolean;
  type: 'boolean' | 'option';
  exclusive?: string[];
};
type Command = { id: string; examples: string[]; flags: Record<string, Flag> };

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('docs/commands', () => {
  it('says what the commands of the build say', async () => {
    await promisify(execFile)(process.execPath, ['scripts/commandReference.js', '--check'], { cwd: root });
  });
});

describe('the examples of the help', () => {
  const { commands } = JSON.parse(readFileSync(`${root}/oclif.manifest.json`, 'utf8')) as {
    commands: Record<string, Command>;
  };

  for (const { id, examples, flags } of Object.values(commands)) {
    it(`of ${id.replaceAll(':', ' ')} could be typed as they stand`, () => {
      const lines = examples.flatMap((example) =>
        example.split('\n').filter((line) => line.includes('<%= command.id %>')),
      );
      expect(lines).to.have.length.greaterThan(0);
      for (const line of lines) {
        const [own = ''] = line.split(' -- ');
        const given = [...own.matchAll(/ --([\w-]+)(?: (?!--)("[^"]*"|'[^']*'|[^\s<>|]+))?/g)];
        const names = given.map(([, name]) => name ?? '');
        expect(own, 'letters instead of long flags').not.to.match(/ -\w\b/);
        for (const [, name = '', value] of given) {
          const flag = flags[name];
          expect(flag, `${line}: --${name}`).not.to.equal(undefined);
          expect(value !== undefined, `${line}: the value of --${name}`).to.equal(flag?.type === 'option');
          if (flag?.options && value !== undefined) expect(flag.options).to.include(value);
          expect(names, line).not.to.include.oneOf(flag?.exclusive ?? []);
          if (!flag?.multiple) expect(names.filter((other) => other === name)).to.have.lengthOf(1);
        }
        for (const [name, { required }] of Object.entries(flags)) {
          if (required) expect(names, line).to.include(name);
        }
      }
    });
  }
});
