/** Who may import whom (DESIGN.md, "Layers"). `only`: every import, packages included; `inside`: imports of our own files. */
const only = (name, from, ...may) => ({ name, severity: 'error', from: { path: from }, to: { pathNot: may } });
const inside = (name, from, ...may) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: '^src/', pathNot: may },
});

module.exports = {
  forbidden: [
    only(
      'domain-is-pure',
      '^src/domain/',
      '^src/domain/',
      '^(node:)?(crypto|path|url|buffer)$',
      'node_modules/fastest-levenshtein/',
    ),
    only('ports-import-only-domain', '^src/ports[.]ts$', '^src/domain/', '^(node:)?crypto$'),
    only(
      'usecases-import-ports-and-domain',
      '^src/usecases/',
      '^src/(usecases|domain)/',
      '^src/ports[.]ts$',
      '^(node:)?(crypto|path)$',
      'node_modules/p-limit/',
    ),
    inside(
      'adapters-import-ports-and-domain',
      '^src/adapters/',
      '^src/(adapters|domain)/',
      '^src/(ports|configMeta)[.]ts$',
    ),
    inside(
      'edge-goes-through-wiring',
      '^src/(commands|hooks)/',
      '^src/wiring/',
      '^src/configMeta[.]ts$',
      '^src/(presentation|domain)/',
      '^src/emulator/',
    ),
    inside(
      'wiring-knows-no-edge',
      '^src/wiring/',
      '^src/(wiring|usecases|adapters|domain|presentation)/',
      '^src/(ports|configMeta)[.]ts$',
    ),
    inside('presentation-imports-domain', '^src/presentation/', '^src/(presentation|domain)/'),
    inside('emulator-is-self-contained', '^src/emulator/', '^src/emulator/'),
    {
      name: 'only-its-command-starts-the-emulator',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(emulator|commands/jit/emulator)/' },
      to: { path: '^src/emulator/' },
    },
    // the hook runs before every sf command (test/e2e/loading.test.ts counts what it loads)
    only(
      'init-hook-loads-little',
      '^src/(hooks/init|wiring/autoLogin|adapters/glance|domain/(autoLogin|orgFlags))[.]ts$',
      '^src/wiring/(autoLogin|loginIfNeeded)[.]ts$',
      '^src/adapters/(glance|stateFolders)[.]ts$',
      '^src/domain/(autoLogin|orgFlags|storedOrg)[.]ts$',
      '^src/configMeta[.]ts$',
      '^(node:)?(fs|os|path)$',
      'node_modules/@oclif/core/',
    ),
    { name: 'no-cycles', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'] },
    },
    { name: 'not-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
