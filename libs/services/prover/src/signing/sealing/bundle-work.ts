import { concat, SolventError, utf8 } from '@solvent-por/kzg';
import type {
  BatchToSeal,
  FinishedBundle,
  LookupRepository,
  ProofStore,
  SealingStore,
} from '@solvent-por/services/database';
import {
  decodePrefixes,
  entriesByShard,
  fillShard,
  sealedIndexOf,
  ShardCounts,
  ShardTree,
  type InclusionPool,
} from '@solvent-por/prover';
import {
  canonicalJson,
  entryBytes,
  manifestDigest,
  shardLeaf,
  siblingRanges,
  sizeOf,
  treeFileRanges,
  type LeafRange,
  type Manifest,
  type ShardShape,
} from '@solvent-por/verifier';

/** Threads that seal batches. */
export type SealingPool = Pick<InclusionPool, 'seal' | 'end'>;

export interface BundleWorkOptions {
  readonly store: SealingStore;
  readonly proofs: Pick<ProofStore, 'witness'>;
  readonly lookups: Pick<LookupRepository, 'nodes'>;
  readonly keys: { readonly blinding: Uint8Array; readonly signing: Uint8Array };
  /** Batches sealed side by side; each takes one core. */
  readonly workers: number;
  /** Threads for so many accounts, ended after. */
  readonly openPool: (accounts: number) => Promise<SealingPool>;
  /** Bytes of entries in memory while they are sorted, for tests. */
  readonly budget?: number;
}

interface Subject {
  readonly snapshotId: string;
  readonly manifest: Manifest;
  /** Ends the work between two batches, or two shards. */
  readonly stop: AbortSignal;
}

/** Nodes of the tree that are asked for at once. */
const NODES_AT_ONCE = 4096;

/** Nobody wants the bundle any more. */
export class BundleOver extends Error {}

/** The steps to one snapshot's bundle; each goes on where an earlier instance stood. */
export class BundleWork {
  private constructor(
    private readonly options: BundleWorkOptions,
    private readonly subject: Subject,
    private readonly batches: readonly BatchToSeal[],
    readonly shape: ShardShape,
  ) {}

  /**
   * Counts account keys, before anything dear is done.
   * @throws SolventError SEALED_OVERFLOW, SEALED_PREFIXES_MISSING (invalid), WITNESS_KEY_UNKNOWN (usage),
   *   WITNESS_SEAL_BROKEN (invalid)
   */
  static async begin(options: BundleWorkOptions, subject: Subject): Promise<BundleWork> {
    const { store } = options;
    const { snapshotId, manifest, stop } = subject;
    const batches = await store.batches(snapshotId);
    const shards = new ShardCounts();
    for (const { batch, accounts } of batches) {
      stop.throwIfAborted();
      for (const prefix of await prefixesOf(store, snapshotId, { batch, accounts })) shards.add(prefix);
    }
    return new BundleWork(options, subject, batches, shards.shape(manifest.batchCount));
  }

  /** Has every batch sealed that isn't yet. @throws BundleOver; SolventError as InclusionPool.seal */
  async sealBatches(): Promise<void> {
    const { store, workers, openPool } = this.options;
    const { snapshotId, stop } = this.subject;
    const sealed = await store.sealedBatches(snapshotId);
    const waiting = this.batches.filter(({ batch }) => !sealed.has(batch));
    if (waiting.length === 0 || (await store.leaves(snapshotId)).length === 2 ** this.shape.bits) return;
    const pool = await openPool(waiting.reduce((sum, { accounts }) => sum + accounts, 0));
    const failed = new AbortController();
    const signal = AbortSignal.any([stop, failed.signal]);
    // Each line of work takes the next batch as it is free: no more of them are in memory.
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        signal.throwIfAborted();
        await this.#sealBatch(pool, next);
      }
    };
    const lines = Array.from({ length: workers }, () =>
      work().catch((error: unknown) => failed.abort(error)),
    );
    try {
      await Promise.all(lines);
      if (failed.signal.aborted) throw failed.signal.reason as Error;
    } finally {
      await pool.end();
    }
  }

  /**
   * Sorts entries into shards, fills them up, signs.
   * @throws BundleOver; SolventError SEALED_INCOMPLETE (internal)
   */
  async writeShards(): Promise<FinishedBundle> {
    const { store, keys } = this.options;
    const { snapshotId, manifest, stop } = this.subject;
    const leaves = await store.leaves(snapshotId);
    const filling = {
      blindingKey: keys.blinding,
      manifestDigest: manifestDigest(manifest),
      shape: this.shape,
      published: sizeOf(manifest.header).published,
    };
    for await (const accounts of this.#entriesFrom(leaves.length)) {
      stop.throwIfAborted();
      const number = leaves.length;
      const entries = fillShard(number, accounts, filling);
      const leaf = shardLeaf(filling.manifestDigest, number, entries);
      if (!(await store.putShard(snapshotId, number, { entries, leaf }))) throw new BundleOver();
      leaves.push(leaf);
    }
    const shards = new ShardTree(leaves);
    const tree = await this.#treeFile();
    const index = sealedIndexOf({ manifest, shape: this.shape, tree, shards: shards.root }, keys.signing);
    return {
      index: utf8(canonicalJson(index)),
      tree,
      paths: leaves.map((_, number) => shards.path(number)),
    };
  }

  async #sealBatch(pool: SealingPool, { batch, accounts }: BatchToSeal): Promise<void> {
    const { store, proofs, lookups } = this.options;
    const { snapshotId, manifest } = this.subject;
    const ranges = [{ start: batch, size: 1 }, ...siblingRanges(batch, manifest.batchCount)];
    const [witness, prefixes, [leaf, ...path]] = await Promise.all([
      proofs.witness(snapshotId, batch),
      prefixesOf(store, snapshotId, { batch, accounts }),
      lookups.nodes(snapshotId, ranges),
    ]);
    // Dropped meanwhile: the row is gone with it.
    if (!witness) throw new BundleOver();
    const place = { sum: leaf!.sum, path };
    const entries = await pool.seal({ manifest, witness, batch, place, prefixes });
    if (!(await store.putEntries(snapshotId, batch, entries))) throw new BundleOver();
  }

  #entriesFrom(shard: number): AsyncGenerator<Uint8Array[]> {
    const { store, budget } = this.options;
    const { snapshotId, manifest, stop } = this.subject;
    const each = entryBytes(sizeOf(manifest.header).published);
    return entriesByShard({
      ...{ bits: this.shape.bits, each, from: shard, ...(budget !== undefined && { budget }) },
      counts: this.batches.map(({ accounts }) => accounts),
      withBatch: async (i, work) => {
        stop.throwIfAborted();
        const { batch, accounts } = this.batches[i]!;
        const prefixes = (await prefixesOf(store, snapshotId, { batch, accounts })).sort();
        return work({
          prefixes,
          read: (first, count) => store.entries(snapshotId, batch, each * first, each * count),
        });
      },
    });
  }

  async #treeFile(): Promise<Uint8Array> {
    const { snapshotId, manifest } = this.subject;
    const ranges = [...treeFileRanges(manifest.batchCount)];
    const nodes: Uint8Array[] = [];
    for (let at = 0; at < ranges.length; at += NODES_AT_ONCE) {
      const step: readonly LeafRange[] = ranges.slice(at, at + NODES_AT_ONCE);
      for (const { hash, sum } of await this.options.lookups.nodes(snapshotId, step)) nodes.push(hash, sum);
    }
    return concat(...nodes);
  }
}

async function prefixesOf(
  store: SealingStore,
  snapshotId: string,
  { batch, accounts }: BatchToSeal,
): Promise<Uint16Array> {
  const prefixes = decodePrefixes(await store.prefixes(snapshotId, batch));
  if (prefixes.length === accounts) return prefixes;
  throw new SolventError(
    'SEALED_PREFIXES_MISSING',
    'invalid',
    `batch ${batch} of ${snapshotId} has ${accounts} accounts, and ${prefixes.length} shard prefixes`,
    { snapshot: snapshotId, batch },
  );
}
