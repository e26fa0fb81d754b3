import { createRequire } from 'node:module';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import ts from 'typescript';

/*
 * What keeps the house in order and no lint rule checks: sizes, names, and that nothing is left over.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
const files = (...patterns: string[]): string[] =>
  globSync(patterns, { cwd: root })
    .map((path) => path.split(sep).join('/'))
    .sort();
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const sources = files('src/**/*.ts');
const tests = files('test/**/*.ts');
const scripts = files('scripts/**/*.{js,cjs}');
const commands = files('src/commands/**/*.ts');
const commandId = (path: string): string => path.slice('src/commands/'.length, -'.ts'.length).replaceAll('/', ':');
const suite = (name: string): { spec: string[]; ignore: string[] } =>
  createRequire(import.meta.url)(`../suites/${name}.cjs`) as { spec: string[]; ignore: string[] };

const maxLines = 250;

/** Source files that are longer, and why each is no two files. */
const longFiles: Record<string, string> = {};

/** Unit tests that are about more than one file. */
const testsOfSeveral: Record<string, string> = {
  'test/unit/autoLogin/thirdPartyPlugins.test.ts': 'the commands of plugins that people install, plugin by plugin',
  'test/unit/sandboxes/register/registering.test.ts': 'registering production and its sandboxes, which is one story',
};

describe('the structure of the code', () => {
  it(`keeps source files below ${maxLines} lines`, () => {
    const long = sources.filter((path) => read(path).trimEnd().split('\n').length > maxLines);
    expect(long).to.deep.equal(Object.keys(longFiles));
  });

  it('divides a room that has more than 25 files or 2,000 lines', () => {
    const inRoom = (room: string): string[] => sources.filter((path) => dirname(path) === room);
    const lines = (paths: string[]): number => paths.reduce((sum, path) => sum + read(path).split('\n').length, 0);
    const large = [...new Set(sources.map(dirname))].filter(
      (room) => inRoom(room).length > 25 || lines(inRoom(room)) > 2000,
    );
    expect(large).to.deep.equal([]);
  });

  it('has commands whose run() can be taken in at a glance', () => {
    const isLong = (path: string): boolean =>
      (/^  public async run[^]*?^  \}$/m.exec(read(path))?.[0] ?? '').split('\n').length > 28;
    expect(commands.filter(isLong)).to.deep.equal([]);
  });

  it('writes what is wrong as the end of a sentence, and leaves whole sentences to messages/', () => {
    const written = sources
      .filter((path) => !path.startsWith('src/emulator/'))
      .flatMap((path) => problemsOf(parsed(path)));
    expect(written.length).to.be.above(50);
    expect(written.filter((text) => !/^([a-z"…\d-]|Salesforce )[^]*[^.]$/.test(text))).to.deep.equal([]);
  });

  it('has no folder for what has no name', () => {
    const nameless = /(^|\/)(utils?|common|helpers?|misc|lib)\//;
    expect([...sources, ...tests, ...scripts].filter((path) => nameless.test(path))).to.deep.equal([]);
  });

  it('names files in camelCase, and commands as they are typed', () => {
    const camelCase = /^[a-z][A-Za-z0-9]*(\.(test|contract\.test|d))?\.(ts|js|cjs)$/;
    const asTyped = /^[a-z]+(-[a-z]+)*\.ts$/;
    const wrong = [...sources, ...tests, ...scripts].filter(
      (path) => !(commands.includes(path) ? asTyped : camelCase).test(basename(path)),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('tells in the whole story, which every commit runs, of every command', () => {
    const story = read('test/e2e/story.test.ts');
    const registering = read('test/support/stage.ts');
    const untold = commands
      .map((path) => `${commandId(path).replaceAll(':', ' ')} `)
      .filter((command) => !`${story} ${registering}`.includes(command) && !story.includes(`${command.trim()}'`));
    expect(untold).to.deep.equal([]);
  });

  it('runs every test either in npm test or in npm run test:all', () => {
    const { spec: quick } = suite('quick');
    const rest = suite('rest');
    const built = tests.filter((path) => /^test\/(contract|torture|e2e)\/.*\.test\.ts$/.test(path));
    expect(built).to.include.members(quick);
    expect(rest.ignore).to.deep.equal(quick);
    // also no name of a file that is gone
    expect(rest.spec).to.have.members(built);
  });

  it('tests a source file in a file of the same path', () => {
    const mirrored = tests.filter((path) => /^test\/unit\/(?!(commands|fuzz|scripts)\/).*\//.test(path));
    const astray = mirrored.filter((path) => {
      const source = path.replace('test/unit/', 'src/').replace('.test.ts', '.ts');
      return !existsSync(join(root, source)) && !Object.hasOwn(testsOfSeveral, path);
    });
    expect(astray).to.deep.equal([]);
  });

  it('has a message file, a schema and a place in the snapshot for every command', () => {
    const snapshot = (JSON.parse(read('command-snapshot.json')) as Array<{ command: string }>).map(
      ({ command }) => command,
    );
    expect(snapshot).to.have.members(commands.map(commandId));
    for (const id of commands.map(commandId)) {
      expect(files(`messages/${id.replaceAll(':', '.')}.md`), id).to.have.lengthOf(1);
      expect(files(`schemas/${id.replaceAll('-', '__').replaceAll(':', '-')}.json`), id).to.have.lengthOf(1);
    }
    expect(files('schemas/*.json')).to.have.lengthOf(commands.length);
  });

  it('has no message file that nothing loads, and none of a command that is gone', () => {
    const loaded = new Set(
      sources.flatMap((path) =>
        [...read(path).matchAll(/loadMessages\(\s*'sf-plugin-jit',\s*'([\w.-]+)'/g)].map(([, name]) => name),
      ),
    );
    const bundles = files('messages/*.md').map((path) => basename(path, '.md'));
    expect(bundles.filter((name) => !loaded.has(name))).to.deep.equal([]);
    const ofCommands = bundles.filter((name) => name.startsWith('jit.')).map((name) => name.replaceAll('.', ':'));
    expect(ofCommands).to.have.members(commands.map(commandId));
  });

  it('exports no value that nobody imports, and no type that nothing mentions', () => {
    const imported = new Set([...sources, ...tests].flatMap(importsOf).concat(scripts.flatMap(importsOf)));
    const dead = sources
      // sf loads commands and hooks; their result types make the schemas
      .filter((path) => !/^src\/(commands|hooks)\//.test(path))
      .flatMap((path) => exportsOf(path).map((name) => `${path} ${name}`))
      .filter((found) => !imported.has(found) && !imported.has(found.replace(/ .*/, ' *')));
    expect(dead).to.deep.equal([]);
  }).timeout(60_000);
});

function parsed(path: string): ts.SourceFile {
  return ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true);
}

/** The texts that a file gives a failure as its fact `problem`, with `…` for what is put in. */
function problemsOf(file: ts.SourceFile): string[] {
  const texts = (node: ts.Expression): string[] => {
    if (ts.isConditionalExpression(node)) return [...texts(node.whenTrue), ...texts(node.whenFalse)];
    if (ts.isStringLiteralLike(node)) return [node.text];
    if (!ts.isTemplateExpression(node)) return [];
    return [[node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…')];
  };
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && node.name.getText() === 'problem') found.push(...texts(node.initializer));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** The names that a file exports. What it only passes on counts as exported by it too. */
function exportsOf(path: string): string[] {
  return parsed(path).statements.flatMap((statement): string[] => {
    if (ts.isExportDeclaration(statement)) {
      const { exportClause } = statement;
      return exportClause && ts.isNamedExports(exportClause) ? exportClause.elements.map(({ name }) => name.text) : [];
    }
    if (!ts.canHaveModifiers(statement)) return [];
    const kinds = (ts.getModifiers(statement) ?? []).map(({ kind }) => kind);
    // a default export has the name of its file
    if (!kinds.includes(ts.SyntaxKind.ExportKeyword) || kinds.includes(ts.SyntaxKind.DefaultKeyword)) return [];
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.map(({ name }) => name.getText());
    const { name } = statement as ts.DeclarationStatement;
    if (name === undefined) return [];
    // a type that others get by inference is mentioned where it is made
    const isType = ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement);
    const isMentioned = (read(path).match(new RegExp(`\\b${name.getText()}\\b`, 'g')) ?? []).length > 1;
    return isType && isMentioned ? [] : [name.getText()];
  });
}

/** What a file imports of our sources: `path name` each, or `path *` where it cannot be told by name. */
function importsOf(path: string): string[] {
  const found: string[] = [];
  const add = (specifier: ts.Node, names: string[]): void => {
    const source = sourceOf(path, specifier);
    if (source !== undefined) found.push(...names.map((name) => `${source} ${name}`));
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const bindings = node.importClause?.namedBindings;
      add(
        node.moduleSpecifier,
        bindings && ts.isNamedImports(bindings) ? bindings.elements.map(importedName) : bindings ? ['*'] : [],
      );
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      const { exportClause } = node;
      add(
        node.moduleSpecifier,
        exportClause && ts.isNamedExports(exportClause) ? exportClause.elements.map(importedName) : ['*'],
      );
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, [node.qualifier?.getText() ?? '*']);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments;
      if (specifier) add(specifier, dynamicNames(node));
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed(path));
  return found;
}

const importedName = ({ propertyName, name }: ts.ImportSpecifier | ts.ExportSpecifier): string =>
  (propertyName ?? name).text;

/** What is taken of `await import('…')`. */
function dynamicNames(call: ts.CallExpression): string[] {
  let node: ts.Node = call.parent;
  while (ts.isAwaitExpression(node) || ts.isParenthesizedExpression(node)) node = node.parent;
  if (ts.isPropertyAccessExpression(node)) return [node.name.text];
  if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name)) {
    return node.name.elements.map(({ propertyName, name }) => (propertyName ?? name).getText());
  }
  return ['*'];
}

/** Path of the source that an import means; scripts import what is built from it. */
function sourceOf(from: string, specifier: ts.Node): string | undefined {
  if (!ts.isStringLiteralLike(specifier) || !specifier.text.startsWith('.')) return undefined;
  const path = relative(root, join(root, dirname(from), specifier.text))
    .split(sep)
    .join('/');
  return path.replace(/^lib\//, 'src/').replace(/\.js$/, '.ts');
}
