import { Readable } from 'node:stream';
import { SolventError } from '@solvent-por/kzg';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { addressGroup } from '../access/address-group';

/** Places that downloads take: a file, which is read in pieces, takes one, an answer held whole one a MiB. */
export interface DownloadPlaces {
  /** From one address. */
  readonly address: number;
  readonly all: number;
}

/** So much goes to the socket at once. */
const SLICE_BYTES = 64 * 1024;
/** So long a client may take for one slice: 2 KiB a second. */
const STALLED_MS = 30_000;
const RETRY_SECONDS = 10;

interface Running {
  readonly cut: () => void;
  /** Since when nothing has left that waits to be read; undefined while we are the slower ones. */
  waitingSince: number | undefined;
}

/**
 * Long answers under way. How many there may be is bounded, of one address and in all; whoever does not read
 * is cut off, and its place given to others.
 */
export class Downloads {
  readonly #running = new Set<Running>();
  readonly #held = new Map<string, number>();
  #taken = 0;
  readonly #watch: NodeJS.Timeout;

  constructor(
    private readonly places: DownloadPlaces,
    private readonly stalledAfter = STALLED_MS,
  ) {
    this.#watch = setInterval(() => this.#cutStalled(), stalledAfter / 10).unref();
  }

  /** Places taken. */
  get taken(): number {
    return this.#taken;
  }

  /**
   * Takes places until the answer is closed. To be called before the answer has headers: a refusal must not
   * have those of the file.
   * @param bytes held in memory for as long as it takes; nothing of a file that is read in pieces
   * @returns sends pieces as they are read by the client, in slices
   * @throws SolventError RATE_LIMITED | DOWNLOADS_BUSY (details.retryAfter, seconds)
   */
  take(
    request: FastifyRequest,
    reply: FastifyReply,
    bytes = 0,
  ): (pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) => Readable {
    const who = addressGroup(request.ip);
    const places = Math.max(1, Math.ceil(bytes / (1 << 20)));
    const held = this.#held.get(who) ?? 0;
    if (held + places > this.places.address)
      throw busy('RATE_LIMITED', 'too many downloads run already from your address');
    if (this.#taken + places > this.places.all)
      throw busy('DOWNLOADS_BUSY', 'too many downloads run already');
    const running: Running = { cut: () => request.raw.socket.destroy(), waitingSince: undefined };
    this.#held.set(who, held + places);
    this.#taken += places;
    this.#running.add(running);
    reply.raw.once('close', () => {
      this.#running.delete(running);
      this.#taken -= places;
      const left = this.#held.get(who)! - places;
      if (left === 0) this.#held.delete(who);
      else this.#held.set(who, left);
    });
    return (pieces) => Readable.from(slices(pieces, running), { objectMode: false, highWaterMark: 1 });
  }

  close(): void {
    clearInterval(this.#watch);
  }

  #cutStalled(): void {
    const before = performance.now() - this.stalledAfter;
    for (const { waitingSince, cut } of this.#running)
      if (waitingSince !== undefined && waitingSince < before) cut();
  }
}

async function* slices(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  running: Running,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces)
    for (let at = 0; at < piece.length; at += SLICE_BYTES) {
      running.waitingSince = performance.now();
      yield piece.subarray(at, at + SLICE_BYTES);
      running.waitingSince = undefined;
    }
  // The last of it must leave, too.
  running.waitingSince = performance.now();
}

function busy(code: 'RATE_LIMITED' | 'DOWNLOADS_BUSY', what: string): SolventError {
  return new SolventError(code, 'usage', `${what}; try again in ${RETRY_SECONDS} seconds`, {
    retryAfter: RETRY_SECONDS,
  });
}
