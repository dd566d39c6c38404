/** Account rows of a batch; rows 4080…4095 are reserved for blinding (section 3). */
export const ACCOUNT_ROWS = 4080;

/**
 * The accounts of one batch as they travel from readers to the prover: two flat buffers, so that a job can be
 * handed to a worker thread without copying objects. Row i of the batch is account i; 0 ≤ count ≤ ACCOUNT_ROWS.
 *
 * An account has V input values, in the order of the layout:
 *
 * | mode | V | values |
 * |---|---|---|
 * | `aggregate` | 2 | debt, net |
 * | `spot` | T | equity_0 … equity_{T−1} |
 * | `margin` | 2T | equity_0 … equity_{T−1}, debt_0 … debt_{T−1} (the prover derives net from the prices) |
 *
 * All are non-negative integers in smallest units of their asset.
 */
export interface AccountBatch {
  readonly count: number;
  /** 32 bytes for each account. */
  readonly ids: Uint8Array;
  /** count × V × 3 words: account by account, value by value, each value as three 32-bit words, lowest first (< 2^96). */
  readonly amounts: Uint32Array;
}
