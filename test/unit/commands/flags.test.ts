import { globSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';

/*
 * What Salesforce's lint rules check of flags that are written out in a command, for all of them: those of src/flags/ too, which the rules do
 * not see.
 */

type Flag = {
  char?: string;
  summary?: string;
  default?: unknown;
  dependsOn?: string[];
  exclusive?: string[];
  exactlyOne?: string[];
  atLeastOne?: string[];
};
type Command = { readonly id: string; readonly flags: Readonly<Record<string, Flag>> };

const root = fileURLToPath(new URL('../../../src/commands/jit/', import.meta.url));

describe('the flags of every command', () => {
  let commands: Command[];
  before(async function () {
    this.timeout(60_000);
    commands = await Promise.all(
      globSync('**/*.ts', { cwd: root }).map(async (path): Promise<Command> => {
        const { default: command } = (await import(pathToFileURL(root + path).href)) as {
          default: { flags?: Command['flags'] };
        };
        return { id: path, flags: command.flags ?? {} };
      }),
    );
  });

  const offenders = (isWrong: (flag: Flag, name: string, command: Command) => boolean): string[] =>
    commands.flatMap((command) =>
      Object.entries(command.flags)
        .filter(([name, flag]) => isWrong(flag, name, command))
        .map(([name]) => `${command.id} --${name}`),
    );

  it('are there', () => {
    expect(commands.length).to.be.above(20);
    expect(commands.flatMap(({ flags }) => Object.keys(flags)).length).to.be.above(100);
  });

  it('say what they are for, in a sentence', () => {
    expect(offenders(({ summary }) => !/^[A-Z][\s\S]*[.]$/.test(summary ?? ''))).to.deep.equal([]);
  });

  it('have names in kebab-case, and no letter that sf has for something else', () => {
    expect(offenders((_, name) => !/^[a-z]+(-[a-z]+)*$/.test(name))).to.deep.equal([]);
    // -h is help; -o is the org that a command is about
    expect(offenders(({ char }, name) => char === 'h' || (char === 'o' && name !== 'target-org'))).to.deep.equal([]);
  });

  it('have a letter of their own', () => {
    const isTaken = (flag: Flag, name: string, { flags }: Command): boolean =>
      Object.entries(flags).some(([other, { char }]) => other !== name && char !== undefined && char === flag.char);
    expect(offenders(isTaken)).to.deep.equal([]);
  });

  it('name flags of the same command only', () => {
    const named = ({ dependsOn = [], exclusive = [], exactlyOne = [], atLeastOne = [] }: Flag): string[] =>
      [dependsOn, exclusive, exactlyOne, atLeastOne].flat();
    const namesNone = (flag: Flag, _: string, { flags }: Command): boolean =>
      named(flag).some((name) => !Object.hasOwn(flags, name));
    expect(offenders(namesNone)).to.deep.equal([]);
  });

  it('have no default when they depend on another one, which would then be needed always', () => {
    expect(offenders((flag) => flag.default !== undefined && flag.dependsOn !== undefined)).to.deep.equal([]);
  });
});
