import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { addressGroup } from './address-group';

const MINUTE_MS = 60_000;
/** So many refusals a minute an address is told; a client that listens needs one. */
const TOLD_A_MINUTE = 600;
/** Addresses remembered a minute. */
const MOST_ADDRESSES = 10_000;
/** Connections of one address at once: a household, or an office, needs some dozens. */
const MOST_OPEN = 512;

/**
 * Addresses that go on asking though they were refused over and over. Parsing a request and refusing it costs
 * ten times what it costs to drop its connection, so theirs are dropped for the rest of the minute. For
 * gateways that users reach themselves alone: a proxy's connections are everybody's.
 */
export class Floods {
  #minute = 0;
  readonly #refused = new Map<string, number>();
  readonly #open = new Map<string, number>();

  /** @param onDropped is told of each connection */
  constructor(
    private readonly onDropped: () => void,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * A request from there was one too many; a flood's connection is kept no longer.
   * @param times as how many it counts
   */
  refused(socket: Socket, times = 1): void {
    this.#turn();
    const { remoteAddress } = socket;
    if (remoteAddress === undefined) return;
    const count = (this.#refused.get(remoteAddress) ?? 0) + times;
    if (this.#refused.has(remoteAddress) || this.#refused.size < MOST_ADDRESSES)
      this.#refused.set(remoteAddress, count);
    if (this.isOne(socket)) this.#drop(socket);
  }

  isOne({ remoteAddress }: Socket): boolean {
    this.#turn();
    return remoteAddress !== undefined && (this.#refused.get(remoteAddress) ?? 0) >= TOLD_A_MINUTE;
  }

  /** Drops connections of floods as they come, before anything is read, and those that are too many of one address. */
  guard(server: Server): void {
    server.prependListener('connection', (socket: Socket) => {
      if (this.isOne(socket) || !this.#admit(socket)) this.#drop(socket);
    });
    // What is no HTTP gets to no hook that could count it.
    server.on('clientError', ({ code }: NodeJS.ErrnoException, socket: Socket) => {
      if (code?.startsWith('HPE_')) this.refused(socket);
    });
  }

  #admit(socket: Socket): boolean {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined) return true;
    const who = addressGroup(remoteAddress);
    const open = this.#open.get(who) ?? 0;
    if (open >= MOST_OPEN) return false;
    this.#open.set(who, open + 1);
    socket.once('close', () => {
      const left = this.#open.get(who)! - 1;
      if (left === 0) this.#open.delete(who);
      else this.#open.set(who, left);
    });
    return true;
  }

  #drop(socket: Socket): void {
    this.onDropped();
    socket.destroy();
  }

  #turn(): void {
    const minute = Math.floor(this.now() / MINUTE_MS);
    if (minute === this.#minute) return;
    this.#minute = minute;
    this.#refused.clear();
  }
}
