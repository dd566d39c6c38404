import { SingleFlight } from './single-flight';

/**
 * Plain EIP-4844 openings (section 9), on request: once for all who ask meanwhile. Each takes a commitment,
 * thirty times an account's own openings, so they are made where verifications are, and look-ups wait for none.
 */
export class PlainOpenings {
  readonly #flights = new SingleFlight<Uint8Array>();

  /** @param open 48 bytes, of a worker thread, in the turn of `who` */
  constructor(
    private readonly open: (
      who: string,
      snapshotId: string,
      batch: number,
      row: number,
    ) => Promise<Uint8Array>,
  ) {}

  /** @throws SolventError VERIFICATION_BUSY (details.retryAfter, seconds) */
  get(who: string, snapshotId: string, batch: number, row: number): Promise<Uint8Array> {
    return this.#flights.run(`${snapshotId}/${batch}/${row}`, () => this.open(who, snapshotId, batch, row));
  }
}
