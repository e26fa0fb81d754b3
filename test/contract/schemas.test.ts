import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { createGenerator } from 'ts-json-schema-generator';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * What `schema:compare` says of the schemas of all commands, by the generator that it uses: it reads the whole source once for each command,
 * which takes a minute, and this once for all.
 */
describe('schemas/', () => {
  const files = globSync('src/commands/**/*.ts', { cwd: root });
  /** The type of what a command gives, by the name of its schema. */
  const types = new Map(
    files.flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      const [, type = 'void'] = /async run\(\): Promise<([\w[\]]+)>/.exec(text) ?? [];
      const name = file
        .replace(/^src.commands./, '')
        .replace(/\.ts$/, '')
        .split(/[\\/]/)
        .join('-');
      return type === 'void' ? [] : [[name.replace('show-credentials', 'show__credentials'), type] as const];
    }),
  );

  it('has a schema for every command that gives something, and no other', () => {
    const schemas = globSync('schemas/*.json', { cwd: root }).map((file) => basename(file, '.json'));
    expect(schemas.sort()).to.deep.equal([...types.keys()].sort());
  });

  it('says what the types of src/ say', () => {
    const path = join(root, 'src/commands/**/*.ts').replaceAll('\\', '/');
    const generator = createGenerator({ path, tsconfig: join(root, 'tsconfig.json'), skipTypeCheck: true });
    for (const [name, type] of types) {
      const written: unknown = JSON.parse(readFileSync(join(root, 'schemas', `${name}.json`), 'utf8'));
      const generated: unknown = JSON.parse(JSON.stringify(generator.createSchema(type)));
      expect(written, `${name}: run \`npm run public\`, and look at the difference`).to.deep.equal(generated);
    }
  }).timeout(120_000);
});
