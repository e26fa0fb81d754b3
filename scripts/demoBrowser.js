#!/usr/bin/env node
/**
 * A browser with somebody at it who says yes: opens an address and goes where it is sent. For `sf org login web` against the stand-in
 * for Salesforce, on Linux, where sf's `xdg-open` starts the program that the variable BROWSER names.
 */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const [address, opener] = process.argv.slice(2);

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

if (opener === undefined) {
  // as browsers do: what opens one goes on while it is there
  const self = [fileURLToPath(import.meta.url), address, String(process.ppid)];
  spawn(process.execPath, self, { detached: true, stdio: 'ignore' }).unref();
} else {
  // sf listens to what a browser brings once `xdg-open` has ended
  while (isRunning(Number(opener))) await sleep(20);
  await fetch(address);
}
