import { SolventError } from '@solvent-por/kzg';
import { SingleFlight } from './single-flight';

/**
 * Each takes a commitment, thirty times an account's own openings: so many may wait before more are refused.
 */
const MOST_WAITING = 16;
const RETRY_SECONDS = 10;

/** Plain EIP-4844 openings (section 9), on request: once for all who ask meanwhile, and few at once. */
export class PlainOpenings {
  readonly #flights = new SingleFlight<Uint8Array>();

  /** @param open 48 bytes, of a worker thread */
  constructor(
    private readonly open: (snapshotId: string, batch: number, row: number) => Promise<Uint8Array>,
    private readonly mostWaiting = MOST_WAITING,
  ) {}

  /** @throws SolventError LOOKUPS_BUSY (details.retryAfter, seconds) */
  async get(snapshotId: string, batch: number, row: number): Promise<Uint8Array> {
    const key = `${snapshotId}/${batch}/${row}`;
    if (this.#flights.size >= this.mostWaiting && !this.#flights.has(key))
      throw new SolventError('LOOKUPS_BUSY', 'usage', 'too many openings wait already; try again soon', {
        retryAfter: RETRY_SECONDS,
      });
    return this.#flights.run(key, () => this.open(snapshotId, batch, row));
  }
}
