import { createHmac } from 'node:crypto';
import { concat, utf8 } from '@solvent-por/kzg';
import {
  ACCOUNT_ROWS,
  HASH_BYTES,
  ID_BYTES,
  accountId,
  headerDigest,
  type AccountBatch,
  type Header,
} from '@solvent-por/verifier';
import type { AccountRow } from '@solvent-por/snapshot';

/** Accounts are shuffled within windows of so many (section 5). */
export const WINDOW = 65_536;

/** What a batch is given of its account keys, which go no further. */
export interface OfKeys {
  /** The shard prefix, where it is wanted. */
  readonly prefix?: (key: Uint8Array) => number;
  /** The claim mark: 32 bytes, where it is wanted. */
  readonly mark?: (key: Uint8Array) => Uint8Array;
}

/** Words an entry takes in the window: index and highest word together, then the two lower words. */
const ENTRY = 3;

/**
 * Accounts that wait for being placed, by the ids that they have in this snapshot (section 5); only their
 * values other than 0 are kept.
 */
export class PlacementWindow {
  private count = 0;
  private readonly ids = new Uint8Array(32 * WINDOW);
  private readonly starts = new Uint32Array(WINDOW + 1);
  private entries = new Uint32Array(ENTRY * WINDOW);
  private readonly prefixes = new Uint16Array(WINDOW);
  private readonly marks: Uint8Array;

  constructor(
    private readonly order: PlacementOrder,
    private readonly ofKeys: OfKeys = {},
  ) {
    this.marks = new Uint8Array(ofKeys.mark ? HASH_BYTES * WINDOW : 0);
  }

  get isFull(): boolean {
    return this.count === WINDOW;
  }

  add(row: AccountRow): void {
    this.ids.set(accountId(this.order.headerDigest, row.key), ID_BYTES * this.count);
    const { prefix, mark } = this.ofKeys;
    if (prefix) this.prefixes[this.count] = prefix(row.key);
    if (mark) this.marks.set(mark(row.key), HASH_BYTES * this.count);
    let at = this.starts[this.count]!;
    if (at + ENTRY * row.entries > this.entries.length) {
      const larger = new Uint32Array(2 * this.entries.length + ENTRY * row.entries);
      larger.set(this.entries);
      this.entries = larger;
    }
    for (let e = 0; e < row.entries; e++) {
      this.entries[at++] = row.indexes[e]! | (row.words[3 * e + 2]! << 16);
      this.entries[at++] = row.words[3 * e]!;
      this.entries[at++] = row.words[3 * e + 1]!;
    }
    this.starts[++this.count] = at;
  }

  /**
   * Puts the accounts into batches, in keyed order, and is empty afterwards. Yields each batch that becomes
   * full.
   */
  *drain(batches: BatchBuilder): Generator<AccountBatch, void, void> {
    const order = this.order.of(this.ids, this.count);
    for (const account of order) {
      const mark = this.marks.subarray(HASH_BYTES * account, HASH_BYTES * (account + 1));
      batches.place(this.ids.subarray(32 * account, 32 * account + 32), this.prefixes[account]!, mark);
      for (let at = this.starts[account]!; at < this.starts[account + 1]!; at += ENTRY) {
        const first = this.entries[at]!;
        batches.value(first & 0xffff, this.entries[at + 1]!, this.entries[at + 2]!, first >>> 16);
      }
      if (batches.isFull) yield batches.take();
    }
    this.count = 0;
  }
}

/**
 * Order by HMAC-SHA-256(placement key, "solvent/v1/place" ‖ headerDigest ‖ id): without the key it says
 * nothing about the input's.
 */
export class PlacementOrder {
  readonly headerDigest: Uint8Array;
  private readonly prefix: Uint8Array;

  /** @param key 32 bytes */
  constructor(
    private readonly key: Uint8Array,
    header: Header,
  ) {
    this.headerDigest = headerDigest(header);
    this.prefix = concat(utf8('solvent/v1/place'), this.headerDigest);
  }

  /**
   * @param ids 32 bytes each
   * @param count at most WINDOW
   * @returns the indexes 0…count−1 in keyed order
   */
  of(ids: Uint8Array, count: number): number[] {
    // 48 bits of the HMAC above 16 of the index: sorted natively, and equal HMACs keep a fixed order.
    const keys = new BigUint64Array(count);
    for (let i = 0; i < count; i++) {
      const mac = createHmac('sha256', this.key)
        .update(this.prefix)
        .update(ids.subarray(32 * i, 32 * i + 32))
        .digest();
      keys[i] = (BigInt(mac.readUIntBE(0, 6)) << 16n) | BigInt(i);
    }
    return Array.from(keys.sort(), (key) => Number(key & 0xffffn));
  }
}

/** Fills batches row by row; each has buffers of its own, so that it can be handed to a worker thread. */
export class BatchBuilder {
  private count = 0;
  private ids = new Uint8Array(0);
  private amounts = new Uint32Array(0);
  private prefixes = new Uint16Array(0);
  private marks = new Uint8Array(0);

  /**
   * @param values V of AccountBatch
   * @param ofKeys what is given of account keys
   */
  constructor(
    private readonly values: number,
    private readonly ofKeys: OfKeys = {},
  ) {}

  get isEmpty(): boolean {
    return this.count === 0;
  }

  get isFull(): boolean {
    return this.count === ACCOUNT_ROWS;
  }

  place(id: Uint8Array, prefix: number, mark: Uint8Array): void {
    if (this.count === 0) {
      this.ids = new Uint8Array(32 * ACCOUNT_ROWS);
      this.amounts = new Uint32Array(3 * this.values * ACCOUNT_ROWS);
      this.prefixes = new Uint16Array(ACCOUNT_ROWS);
      this.marks = new Uint8Array(this.ofKeys.mark ? HASH_BYTES * ACCOUNT_ROWS : 0);
    }
    this.prefixes[this.count] = prefix;
    if (this.ofKeys.mark) this.marks.set(mark, HASH_BYTES * this.count);
    this.ids.set(id, 32 * this.count++);
  }

  /** Of the account that was placed last. */
  value(index: number, w0: number, w1: number, w2: number): void {
    const at = 3 * ((this.count - 1) * this.values + index);
    this.amounts[at] = w0;
    this.amounts[at + 1] = w1;
    this.amounts[at + 2] = w2;
  }

  take(): AccountBatch {
    const { count } = this;
    this.count = 0;
    const { prefix, mark } = this.ofKeys;
    const ofKeys = {
      ...(prefix && { shardPrefixes: this.prefixes.slice(0, count) }),
      ...(mark && { claimMarks: this.marks.slice(0, HASH_BYTES * count) }),
    };
    if (count === ACCOUNT_ROWS) return { count, ids: this.ids, amounts: this.amounts, ...ofKeys };
    return {
      count,
      ids: this.ids.slice(0, 32 * count),
      amounts: this.amounts.slice(0, 3 * this.values * count),
      ...ofKeys,
    };
  }
}
