const [,, which, ...argv] = process.argv;
const mod = await import(`/work/main/src/commands/jit/${which}.ts`);
try { await mod.default.run(argv, '/work/main'); } catch (e:any) { process.exitCode = e.exitCode ?? 1; if (!e.exitCode && !e.oclif) console.error(e); }
