import type { Hook } from '@oclif/core';

/**
 * After stock commands that make, refresh or delete a sandbox: registers it, or removes its registration. A `postrun` hook, which oclif runs only
 * after a command that threw nothing (docs/salesforce.md, Hooks). All other commands load nothing but this file.
 */
const hook: Hook.Postrun = async function ({ Command, argv, result }) {
  if (!/^org:(create|refresh|resume|delete):sandbox$/.test(Command.id)) return;
  const { autoRegister } = await import('../wiring/autoRegister.js');
  await autoRegister({ id: Command.id, argv, result }, (line) => process.stderr.write(`${line}\n`));
};

export default hook;
