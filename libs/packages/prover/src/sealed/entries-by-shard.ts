import { compareTags, MAX_SHARD_BITS, shardNumber } from '@solvent-por/verifier';

/** So much of all entries is in memory at once while they are sorted. */
const BUDGET_BYTES = 64 * 1024 * 1024;

/** Entries of a batch, ascending by prefix, wherever they are kept. */
export interface KeptBatch {
  /** Prefixes of all its entries, ascending. */
  readonly prefixes: Uint16Array;
  /** So many entries from one on, in one piece. */
  readonly read: (first: number, count: number) => Promise<Uint8Array>;
}

export interface EntriesByShardOptions {
  readonly bits: number;
  /** Bytes of an entry. */
  readonly each: number;
  /** Accounts of each batch. */
  readonly counts: readonly number[];
  /** Gives a batch to the work for as long as it takes. */
  readonly withBatch: <T>(batch: number, work: (kept: KeptBatch) => Promise<T>) => Promise<T>;
  /** The shard to begin with. */
  readonly from?: number;
  /** Bytes in memory at once. */
  readonly budget?: number;
}

/**
 * The entries of each shard, shard by shard, in the order of their tags: all batches are gone through several
 * times, each time for as many shards as fit into memory.
 */
export async function* entriesByShard(options: EntriesByShardOptions): AsyncGenerator<Uint8Array[]> {
  const { bits, each, counts, withBatch, from = 0, budget = BUDGET_BYTES } = options;
  const total = each * counts.reduce((sum, count) => sum + count, 0);
  let passes = 1;
  while (passes < 2 ** bits && total > budget * passes) passes *= 2;
  const width = 2 ** bits / passes;
  for (let first = from; first < 2 ** bits; first += width) {
    const end = Math.min(first + width, 2 ** bits);
    const shards = Array.from({ length: end - first }, (): Uint8Array[] => []);
    for (const batch of counts.keys())
      await withBatch(batch, async ({ prefixes, read }) => {
        const below = (shard: number) => countBelow(prefixes, shard * 2 ** (MAX_SHARD_BITS - bits));
        const [start, count] = [below(first), below(end) - below(first)];
        const entries = await read(start, count);
        for (let i = 0; i < count; i++)
          shards[shardNumber(prefixes[start + i]!, bits) - first]!.push(
            entries.subarray(each * i, each * (i + 1)),
          );
      });
    for (const entries of shards) yield entries.sort(compareTags);
  }
}

/** How many of the ascending prefixes are below a bound. */
function countBelow(prefixes: Uint16Array, bound: number): number {
  let [low, high] = [0, prefixes.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (prefixes[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
