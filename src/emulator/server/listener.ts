import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { KeyAndCertificate } from './certificates.js';

/** Handles one request to its end; it must not throw. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** One port on the loopback interface. It can be closed and opened again on the same port. */
export class Listener {
  private server: Server | undefined;
  private port: number;
  /** By the port at the client's end: below TLS, where a connection can be reset. */
  private readonly sockets = new Map<number, Socket>();

  public constructor(
    private readonly handler: RequestHandler,
    private readonly options: { port?: number | undefined; tls?: KeyAndCertificate | undefined },
  ) {
    this.port = options.port ?? 0;
  }

  /** Opens the port. @returns the port number */
  public async open(): Promise<number> {
    if (this.server) return this.port;
    const { tls } = this.options;
    const server: Server = tls
      ? createHttpsServer({ key: tls.key, cert: tls.certificate }, this.handler)
      : createHttpServer(this.handler);
    server.on('connection', (socket: Socket) => {
      this.track(socket);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
    return this.port;
  }

  /** Closes the port and every connection to it at once. */
  public async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    const closed = new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
    for (const socket of this.sockets.values()) socket.destroy();
    await closed;
  }

  /** Answers a request with a reset of its connection, as a crashed server or a firewall does. */
  public reset(request: IncomingMessage): void {
    this.sockets.get(request.socket.remotePort ?? 0)?.resetAndDestroy();
  }

  private track(socket: Socket): void {
    const { remotePort } = socket;
    // a client that goes away in the middle of a request is no business of the server's
    socket.on('error', () => socket.destroy());
    if (remotePort === undefined) return;
    this.sockets.set(remotePort, socket);
    socket.once('close', () => this.sockets.delete(remotePort));
  }
}
