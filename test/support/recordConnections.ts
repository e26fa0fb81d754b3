/*
 * Loaded into sf with NODE_OPTIONS=--import=<this file>: writes down, a line each, every host that the process connects to. It only
 * watches, so what is seen is what happens. Plain enough for Node to run it as it is, without its types.
 */
import { appendFileSync } from 'node:fs';
import { Socket } from 'node:net';

type Target = { host?: string; port?: number | string; path?: string };

const file = process.env['JIT_CONNECTIONS_FILE'];
const connect = Socket.prototype.connect as (...args: unknown[]) => Socket;

Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
  // net.connect hands over its normalised arguments as one array
  const [target] = (Array.isArray(args[0]) ? args[0] : args) as [Target | undefined];
  if (file && target?.path === undefined) appendFileSync(file, `${target?.host ?? 'localhost'}\n`);
  return connect.apply(this, args);
};
