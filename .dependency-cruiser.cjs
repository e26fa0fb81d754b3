/*
 * Who may import whom (DESIGN.md, "Rooms"). The order of this list is the order of the house: a room uses the rooms before it, never one
 * that comes after it. So no circle of rooms is possible.
 */
const rooms = [
  'failures',
  'files',
  'terminal',
  'programs',
  'keys',
  'salesforce',
  'registry',
  'sfStore',
  'environments',
  'production',
  'sandboxes/signIn',
  'sandboxes/login',
  'sandboxes/logout',
  'sandboxes/register',
  'sandboxes/list',
  'sandboxes/credentials',
  'exec',
  'keep',
  'loginHistory',
  'checks',
  'autoLogin',
  'autoRegister',
];
const anyRoom = '^src/[a-z]\\w*/';
/** What is at the edge, or puts rooms together. */
const outside = ['wiring', 'commands', 'flags', 'hooks', 'emulator'];
const folders = (names) => `^src/(${names.join('|')})/`;

/** `only`: every import, packages included; `inside`: imports of our own files. */
const only = (name, from, ...may) => ({ name, severity: 'error', from, to: { pathNot: may } });
const inside = (name, from, ...may) => ({ name, severity: 'error', from, to: { path: '^src/', pathNot: may } });

/** Files that read the words of `messages/`. */
const views = 'View[.]ts$|^src/terminal/';
const decides = { path: folders(rooms), pathNot: `/io/|${views}` };
const pureImports = [
  '^src/(?!.*/io/)',
  '^(node:)?(crypto|path|url|buffer)$',
  'node_modules/(fastest-levenshtein|p-limit)/',
];

module.exports = {
  forbidden: [
    ...rooms.map((room, index) => ({
      name: `${room.replace('/', '-')}-uses-no-room-above`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: folders([...rooms.slice(index + 1), ...outside]) },
    })),
    {
      name: 'every-folder-is-a-room',
      severity: 'error',
      from: { path: anyRoom, pathNot: folders([...rooms, ...outside]) },
      to: {},
    },
    // what touches network, disk, processes or terminal lies in a room's io/; the rest of a room decides
    only('only-io-touches-the-world', decides, ...pureImports),
    only(
      'views-read-messages-and-touch-nothing-else',
      { path: views, pathNot: '/io/' },
      ...pureImports,
      'node_modules/@salesforce/(core|sf-plugins-core)/',
      'node_modules/fast-(string-width|wrap-ansi)/',
    ),
    {
      name: 'io-is-put-in-by-wiring',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/wiring/|/io/' },
      to: { path: '/io/' },
    },
    // the interfaces of the world, by name, for the rooms from production upward
    inside('ports-name-interfaces', { path: '^src/ports[.]ts$' }, folders(rooms.slice(0, rooms.indexOf('production')))),
    inside(
      'edge-parses-and-prints',
      { path: '^src/(commands|hooks)/' },
      folders([...rooms, 'flags', 'wiring', 'emulator']),
    ),
    inside('flags-know-no-command', { path: '^src/flags/' }, folders([...rooms, 'flags'])),
    inside(
      'wiring-knows-no-edge',
      { path: '^src/wiring/' },
      folders([...rooms, 'wiring']),
      '^src/(ports|configMeta)[.]ts$',
    ),
    inside('emulator-is-self-contained', { path: '^src/emulator/' }, '^src/emulator/'),
    {
      name: 'only-its-command-starts-the-emulator',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(emulator|commands/jit/emulator)/' },
      to: { path: '^src/emulator/' },
    },
    // the hooks run before and after every sf command (test/e2e/loading.test.ts counts what it loads)
    only(
      'init-hook-loads-little',
      { path: '^src/(hooks/init|wiring/autoLogin|autoLogin/(io/glance|autoLogin|failedBefore|orgFlags))[.]ts$' },
      '^src/wiring/(autoLogin|interruption|loginIfNeeded|endLeftRuns|refusedLogin|removedPlugin)[.]ts$',
      '^src/(autoLogin/io/glance|files/io/stateFolders|sfStore/(settingNames|storedOrg)|autoLogin/(autoLogin|failedBefore|loginOfUser|orgFlags)|failures/accessTokens)[.]ts$',
      '^(node:)?(fs|os|path)$',
      'node_modules/@oclif/core/',
    ),
    only(
      'postrun-hook-loads-less',
      { path: '^src/hooks/postrun[.]ts$' },
      '^src/wiring/autoRegister[.]ts$',
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
