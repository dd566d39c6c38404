import type { BatchPlace } from '@solvent-por/prover';
import { siblingRanges, type LeafRange, type PathNode } from '@solvent-por/verifier';
import { LRUCache } from 'lru-cache';

/** Where batches stand in the sum trees of published snapshots, which never change: each is read once. */
export class TreePlaces {
  // A few kilobytes each.
  readonly #read = new LRUCache<string, BatchPlace>({ max: 1024 });

  /** @param nodes of a snapshot's tree, in the order of the ranges */
  constructor(
    private readonly nodes: (snapshotId: string, ranges: readonly LeafRange[]) => Promise<PathNode[]>,
  ) {}

  async of(snapshotId: string, batch: number, batchCount: number): Promise<BatchPlace> {
    const key = `${snapshotId}/${batch}`;
    const known = this.#read.get(key);
    if (known) return known;
    const ranges = [{ start: batch, size: 1 }, ...siblingRanges(batch, batchCount)];
    const [leaf, ...path] = await this.nodes(snapshotId, ranges);
    const place = { sum: leaf!.sum, path };
    this.#read.set(key, place);
    return place;
  }
}
