import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const MINUTE_MS = 60_000;
/** So many refusals a minute an address is told; a client that listens needs one. */
const TOLD = 600;
/** Addresses remembered a minute. */
const MOST_ADDRESSES = 10_000;

/**
 * Addresses that go on asking though they were refused over and over. Parsing a request and refusing it costs
 * ten times what it costs to drop its connection, so theirs are dropped for the rest of the minute. For
 * gateways that users reach themselves alone: a proxy's connections are everybody's.
 */
export class Floods {
  #minute = 0;
  readonly #refused = new Map<string, number>();

  /** @param onDropped is told of each connection */
  constructor(
    private readonly onDropped: () => void,
    private readonly now: () => number = Date.now,
  ) {}

  /** A request from there was one too many. */
  refused({ remoteAddress }: Socket): void {
    this.#turn();
    if (remoteAddress === undefined) return;
    const count = (this.#refused.get(remoteAddress) ?? 0) + 1;
    if (count > 1 || this.#refused.size < MOST_ADDRESSES) this.#refused.set(remoteAddress, count);
  }

  isOne({ remoteAddress }: Socket): boolean {
    this.#turn();
    return remoteAddress !== undefined && (this.#refused.get(remoteAddress) ?? 0) >= TOLD;
  }

  /** Drops connections of floods as they come, before anything is read. */
  guard(server: Server): void {
    server.prependListener('connection', (socket: Socket) => {
      if (!this.isOne(socket)) return;
      this.onDropped();
      socket.destroy();
    });
  }

  #turn(): void {
    const minute = Math.floor(this.now() / MINUTE_MS);
    if (minute === this.#minute) return;
    this.#minute = minute;
    this.#refused.clear();
  }
}
