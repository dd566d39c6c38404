import { SolventError } from '@solvent-por/kzg';
import { MAX_SHARD_BITS, shardNumber, shardShapes, type ShardShape } from '@solvent-por/verifier';

/** How many accounts fall into each shard, by the prefixes of their shard numbers. */
export class ShardCounts {
  readonly #counts = new Uint32Array(2 ** MAX_SHARD_BITS);

  add(prefix: number): void {
    this.#counts[prefix]!++;
  }

  /**
   * The shape of a bundle of these accounts: the rule's, or a bit less where a shard would overflow (section
   * 15). That happens by chance once in billions of bundles, or because someone chose keys to that end.
   * @throws SolventError SEALED_OVERFLOW (invalid): a shard overflows in both shapes
   */
  shape(batchCount: number): ShardShape {
    const shapes = shardShapes(batchCount);
    const shape = shapes.find(({ bits, entries }) => this.#fullest(bits) <= entries);
    if (shape) return shape;
    const [{ bits, entries }] = shapes;
    throw new SolventError(
      'SEALED_OVERFLOW',
      'invalid',
      `${this.#fullest(bits)} accounts fall into one shard of ${entries} entries, and with half as many shards it overflows as well: account keys are not random, someone chose them; there can be no sealed bundle of this snapshot, write its proofs as files instead`,
      { bits, entries },
    );
  }

  #fullest(bits: number): number {
    const shards = new Uint32Array(2 ** bits);
    let most = 0;
    this.#counts.forEach((count, prefix) => {
      const shard = shardNumber(prefix, bits);
      most = Math.max(most, (shards[shard]! += count));
    });
    return most;
  }
}
