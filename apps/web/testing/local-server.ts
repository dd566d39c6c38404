import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of a test on loopback, on a port that was free. */
export abstract class LocalServer {
  protected readonly server: Server = createServer(
    (request, response) => void this.answer(request, response),
  );

  /** @returns its address, with a slash at the end */
  async listen(): Promise<string> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  protected abstract answer(request: IncomingMessage, response: ServerResponse): void | Promise<void>;
}
