/**
 * Makes `lib/` from `src/`: every command, hook and the configuration variables as a file of its own, and what they share in chunks
 * beside them, packages included. Loading code is most of what a login costs; docs/decisions/0003-bundle.md says what this buys.
 *
 * Packages work as they would from `node_modules`, but for a few parts of Salesforce's and oclif's that load far more than a command
 * needs. A file of `scripts/bundle/` stands in for each, and says why.
 *
 * Usage: `node scripts/bundle.js [folder]`
 */
import { globSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { thirdPartyNotices } from './bundle/notices.js';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));
const outdir = process.argv[2] ?? join(root, 'lib');
const standIn = (name) => join(root, 'scripts', 'bundle', name);

/** Packages that stay in `node_modules`, because few commands need them: `import()` loads them where they are. */
const external = ['@peculiar/x509', 'env-ci', 'reflect-metadata', 'undici', 'typescript'];

const core = dirname(require.resolve('@salesforce/core'));

const oclifCommand = require.resolve('@oclif/core/command');

const lighterPackages = {
  name: 'lighter-packages',
  setup({ onResolve, onLoad }) {
    // all of core, for the rare work that needs it, stays what it is
    onResolve({ filter: /^@salesforce\/core$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: '@salesforce/core', external: true } : { path: standIn('core.js') },
    );
    // core's own logger, for whoever debugs: it starts a thread from a file that is not in a bundle
    onResolve({ filter: /^@salesforce\/core\/logger$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
    // esbuild gives `import()` of a CommonJS module no names, so they are spelt out
    onResolve({ filter: /^@salesforce\/core\/./ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, namespace: 'named' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'named' }, ({ path }) => ({
      contents: `export { ${Object.keys(require(path)).join(', ')} } from ${JSON.stringify(path)};`,
      resolveDir: root,
    }));
    onResolve({ filter: /^core:/ }, ({ path }) => ({ path: join(core, path.slice('core:'.length)) }));
    onResolve({ filter: /\/logger$/ }, ({ importer, path }) => {
      if (importer === standIn('coreLogger.cjs')) return { path, external: true };
      return importer.startsWith(core) ? { path: standIn('coreLogger.cjs') } : undefined;
    });
    onResolve({ filter: /^memfs$/ }, () => ({ path: standIn('memfs.cjs') }));
    onResolve({ filter: /^@oclif\/core$/ }, () => ({ path: standIn('oclifCore.js') }));
    onResolve({ filter: /^oclif:/ }, ({ path }) => ({
      path: join(dirname(oclifCommand), `${path.slice('oclif:'.length)}.js`),
    }));
    onResolve({ filter: /^\.\/config$/ }, ({ importer }) =>
      importer === oclifCommand ? { path: standIn('oclifConfig.cjs') } : undefined,
    );
    onResolve({ filter: /^@oclif\/table$/ }, () => ({ path: standIn('oclifTable.js') }));
    onLoad({ filter: /sf-plugins-core[\\/]lib[\\/].*\.js$/ }, async ({ path }) => ({
      contents: withMessagesInside(await readFile(path, 'utf8'), path),
    }));
  },
};

/** Core reads a package's messages from the folder that the code lies in; bundled code lies in ours. So they are put into the code. */
function withMessagesInside(code, path) {
  const { Messages } = require('@salesforce/core/messages');
  Messages.importMessagesDirectory(dirname(path));
  return code
    .replaceAll('Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);', '')
    .replaceAll(/Messages\.loadMessages\('([^']+)', '([^']+)'\)/g, (_, name, bundle) => {
      const { messages } = Messages.loadMessages(name, bundle);
      return `new Messages('${name}', 'en_US', new Map(${JSON.stringify([...messages])}))`;
    });
}

const common = {
  absWorkingDir: root,
  outbase: 'src',
  outdir,
  // its CommonJS build hides its files from the bundler
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  define: { 'process.env.NODE_ENV': "'production'" },
  // a class keeps its name, which sf shows as the context of an error
  keepNames: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

/** What sf loads for every command, in one file each: the configuration variables, and the hooks before and after it. */
const always = ['src/configMeta.ts', 'src/hooks/init.ts', 'src/hooks/postrun.ts'];
/** What the hooks load when they have something to do. */
const loadedByHooks = ['autoRegister', 'endLeftRuns', 'loginIfNeeded', 'refusedLogin', 'removedPlugin'];
const onlyWhenNeeded = {
  name: 'only-when-needed',
  setup({ onResolve }) {
    onResolve({ filter: new RegExp(`/(${loadedByHooks.join('|')})\\.js$`) }, ({ path }) => ({
      path: `../wiring/${basename(path)}`,
      external: true,
    }));
  },
};

const { metafile } = await build({
  ...common,
  entryPoints: [
    ...globSync('src/{commands,hooks}/**/*.ts', { cwd: root }).filter((path) => !always.includes(path)),
    ...loadedByHooks.map((name) => `src/wiring/${name}.ts`),
    'src/emulator/index.ts',
  ],
  chunkNames: 'shared/[name]-[hash]',
  splitting: true,
  external,
  plugins: [lighterPackages],
  // CommonJS packages in the bundle ask for Node's own modules
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
  },
});
// without the space around the code, and without what keeps the names of its functions: each byte of these is read before every command
await build({
  ...common,
  entryPoints: always,
  plugins: [onlyWhenNeeded],
  keepNames: false,
  minifyWhitespace: true,
  minifySyntax: true,
});
await writeFile(join(outdir, 'THIRD-PARTY-NOTICES.txt'), await thirdPartyNotices(Object.keys(metafile.inputs), root));
if (process.env.BUNDLE_META) await writeFile(process.env.BUNDLE_META, JSON.stringify(metafile));
