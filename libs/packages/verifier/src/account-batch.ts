/** Account rows of a batch; rows 4080…4095 are reserved for blinding (section 3). */
export const ACCOUNT_ROWS = 4080;

/**
 * The accounts of one batch as they travel from readers to the prover: two flat buffers, so that a job can be
 * handed to a worker thread without copying objects. Row i of the batch is account i; 0 ≤ count ≤
 * ACCOUNT_ROWS.
 *
 * An account has V input amounts, in the order of `layout.inputs`:
 *
 * | mode | V | amounts |
 * |---|---|---|
 * | `aggregate` | 2 | debt, net |
 * | `spot` | T | equity_0 … equity_{T−1} |
 * | `margin` | pools + T | asset by asset its equity, or pool by pool what lies in each; then debt_0 … debt_{T−1} |
 *
 * All are non-negative integers in smallest units of their asset. The prover fills haircut tiers from the
 * bottom, and derives rooms and net.
 */
export interface AccountBatch {
  readonly count: number;
  /** 32 bytes for each account. */
  readonly ids: Uint8Array;
  /**
   * count × V × 3 words: account by account, amount by amount, each as three 32-bit words, lowest first (<
   * 2^96).
   */
  readonly amounts: Uint32Array;
  /**
   * What each account's shard number begins with (`shardPrefix`, section 15), for whoever may be asked for a
   * sealed bundle: it follows from account keys, which go no further.
   */
  readonly shardPrefixes?: Uint16Array;
  /**
   * `claimMark` of each account's claim access, 32 bytes each, for whoever hands out claim files: it follows from
   * account keys, too.
   */
  readonly claimMarks?: Uint8Array;
}
