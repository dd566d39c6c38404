import { concat } from '@solvent-por/kzg';
import { accountNode } from '@solvent-por/verifier';

/** The tree of shards (section 15): perfect, over 2^bits leaves, nodes hashed as those of an account tree. */
export class ShardTree {
  readonly #levels: (readonly Uint8Array[])[];

  /** @param leaves a power of two of them, 32 bytes each */
  constructor(leaves: readonly Uint8Array[]) {
    this.#levels = [leaves];
    for (let level = leaves; level.length > 1;) {
      const below = level;
      level = Array.from({ length: below.length / 2 }, (_, i) =>
        accountNode(below[2 * i]!, below[2 * i + 1]!),
      );
      this.#levels.push(level);
    }
  }

  get root(): Uint8Array {
    return this.#levels.at(-1)![0]!;
  }

  /** What stands behind a shard's entries: hashes from its leaf's sibling upwards, in one piece. */
  path(number: number): Uint8Array {
    return concat(...this.#levels.slice(0, -1).map((level, j) => level[(number >> j) ^ 1]!));
  }
}
