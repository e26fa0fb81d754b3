import { globSync } from 'node:fs';
import { expect } from 'chai';
import { typedCommand } from '../../../src/terminal/typedCommand.js';

const typed = (line: string): string | undefined => typedCommand(['node', 'run.js', ...line.split(' ')]);

describe('the command that was typed', () => {
  it('is each of ours, in any order of its words', () => {
    const commands = globSync('src/commands/jit/*/*.ts').map((path) => path.split('/').slice(-2).join(' '));
    expect(commands).to.have.length.greaterThan(20);
    for (const command of commands.map((one) => one.replace('.ts', ''))) {
      expect(typed(`jit ${command} --json`)).to.equal(`jit ${command}`);
      const [topic, verb] = command.split(' ');
      expect(typed(`${verb} ${topic} jit -n uat`)).to.equal(`jit ${command}`);
    }
  });

  it('may be written with colons', () => {
    expect(typed('jit:org:register -o prod')).to.equal('jit org register');
  });

  it('is none of another program, of stock sf, or of what is no name', () => {
    for (const line of [
      '',
      'org list',
      'jit',
      'jit org',
      'test/unit/**/*.test.ts',
      'jit org $(x)',
      'jit org list more',
    ])
      expect(typed(line), line).to.equal(undefined);
  });
});
