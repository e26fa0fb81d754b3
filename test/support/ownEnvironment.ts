/*
 * Tests see of this process's variables only what running a program needs. What a CI system sets (`CI` turns tables plain, `GITHUB_REF` is a
 * branch), and what whoever types has set for sf, would decide what they find. mocha loads this file before the tests (`.mocharc.json`), and
 * in every worker of a parallel run.
 */

const needed = [
  /^(path|home|user|shell|lang|lc_.*|term|tz|pwd|tmpdir|temp|tmp|systemroot|comspec|pathext|userprofile|appdata|localappdata)$/i,
  /^(node|npm|mocha|stryker|tsx|esbuild)_/i,
  /^(jit|testkit)_/i,
  /(^|_)proxy$/i,
  /^ssl_cert/i,
];

for (const name of Object.keys(process.env)) {
  if (!needed.some((pattern) => pattern.test(name))) Reflect.deleteProperty(process.env, name);
}

// core's log would go to the home folder of whoever runs the tests, from a thread that the current folder of a test could not start
process.env['SF_DISABLE_LOG_FILE'] = 'true';
