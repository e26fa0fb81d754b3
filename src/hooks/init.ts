import type { Hook } from '@oclif/core';
import { autoLogin, endLeftRunsBefore, removeSettingsBefore } from '../wiring/autoLogin.js';
import { endWhenInterrupted } from '../wiring/interruption.js';

/**
 * Logs in to the sandboxes that the command is about to use. An `init` hook, because all of them end before any `prerun` hook begins:
 * telemetry's resolves the org there, and the CLI's core keeps what it read (docs/salesforce.md, Hooks).
 *
 * The plugin's own commands need no login made for them; what they need is to end well when they are interrupted. And they revoke what killed
 * runs of `exec` left (docs/decisions/0013-killed-runs.md).
 *
 * When this plugin is removed, its settings go first: without it, sf misreads them.
 */
const hook: Hook.Init = async function ({ id, argv, config }) {
  // `sf logout org` is `sf org logout`: the words of a command may be typed in any order, and what is found has them in its own
  const command = id === undefined ? undefined : config.findCommand(id);
  if (command === undefined) return;
  if (command.id.startsWith('jit:')) endWhenInterrupted();
  await endLeftRunsBefore(command.id);
  const coming = { id: command.id, flags: command.flags, argv };
  const say = (line: string): boolean => process.stderr.write(`${line}\n`);
  await removeSettingsBefore(coming, say);
  await autoLogin(coming, say);
};

export default hook;
