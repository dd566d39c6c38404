import type { Database } from './database';
import type { WitnessKeyring } from './witness-keyring';

export interface RequestCount {
  /** What has an allowance: an address, a key. It is kept as a keyed hash. */
  readonly name: string;
  readonly taken: number;
}

/** Counts older than so many minutes are removed. */
const KEPT_MINUTES = 2;
const NAME_BYTES = 16;

/**
 * Counts of a minute that all gateways add to. They share the witness keys, so the same name has the same hash
 * at each; while keys are being changed they may count apart.
 */
export class RequestCounts {
  #swept = 0;

  constructor(
    private readonly db: Database,
    private readonly keyring: WitnessKeyring,
  ) {}

  /**
   * One statement, whatever the number of counts.
   * @param minute since the epoch
   * @param counts each name once
   * @returns the sums, in the order of the counts
   */
  async add(minute: number, counts: readonly RequestCount[]): Promise<number[]> {
    const names = counts.map(({ name }) =>
      this.keyring.tag('request-count', `${minute}:${name}`).subarray(0, NAME_BYTES).toString('hex'),
    );
    // In one order everywhere, or two gateways could wait for each other's rows.
    const { rows } = await this.db.pool.query<{ name: string; taken: string }>(
      `INSERT INTO request_count AS known (minute, name, taken)
         SELECT $1, decode(given.name, 'hex'), given.taken
         FROM unnest($2::text[], $3::int[]) AS given (name, taken) ORDER BY given.name
       ON CONFLICT (minute, name) DO UPDATE SET taken = known.taken + excluded.taken
       RETURNING encode(name, 'hex') AS name, taken`,
      [minute, names, counts.map(({ taken }) => taken)],
    );
    const sums = new Map(rows.map(({ name, taken }) => [name, Number(taken)]));
    if (this.#swept < minute) {
      this.#swept = minute;
      await this.db.pool.query('DELETE FROM request_count WHERE minute < $1', [minute - KEPT_MINUTES]);
    }
    return names.map((name) => sums.get(name)!);
  }
}
