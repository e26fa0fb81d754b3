import type { Hook } from '@oclif/core';
import { autoLogin } from '../wiring/autoLogin.js';

/**
 * Logs in to the sandboxes that the command is about to use. An `init` hook, because all of them end before any `prerun` hook begins:
 * telemetry's resolves the org there, and the CLI's core keeps what it read (model-codebases trap 12).
 */
const hook: Hook.Init = async function ({ id, argv, config }) {
  const flagsOf = (command: string): ReturnType<Parameters<typeof autoLogin>[0]['flagsOf']> =>
    config.findCommand(command)?.flags;
  await autoLogin({ id, argv, flagsOf }, (line) => process.stderr.write(`${line}\n`));
};

export default hook;
