import { BATCH_DEPTH, CLAIM_DEPTH, claimNode } from '@solvent-por/claims';

/** Roots of all-zero subtrees of depth 0, 1, …, 27. */
const EMPTY: bigint[] = [0n];

function empty(depth: number): bigint {
  while (EMPTY.length <= depth) EMPTY.push(claimNode(EMPTY.at(-1)!, EMPTY.at(-1)!));
  return EMPTY[depth]!;
}

/**
 * The upper 16 levels of a snapshot's claim tree: the batches' roots from the left, what is missing as the
 * roots of all-zero subtrees.
 */
export class ClaimRoots {
  readonly #levels: (readonly bigint[])[];

  /** @param roots of the batches, in order: 1 to 65,536 */
  constructor(roots: readonly bigint[]) {
    const levels = CLAIM_DEPTH - BATCH_DEPTH;
    if (roots.length === 0 || roots.length > 2 ** levels)
      throw new RangeError('a snapshot has 1 to 65,536 batches');
    this.#levels = [roots];
    for (let j = 0; j < levels; j++) {
      const below = this.#levels[j]!;
      this.#levels.push(
        Array.from({ length: Math.ceil(below.length / 2) }, (_, i) =>
          claimNode(below[2 * i]!, below[2 * i + 1] ?? empty(BATCH_DEPTH + j)),
        ),
      );
    }
  }

  /** What stands in the manifest as `claimRoot`, there as 32 bytes. */
  get root(): bigint {
    return this.#levels.at(-1)![0]!;
  }

  /** Siblings of a batch, from its own up to the child of the root: 16. They follow those in its batch. */
  path(batch: number): bigint[] {
    return this.#levels
      .slice(0, -1)
      .map((level, j) => level[Math.floor(batch / 2 ** j) ^ 1] ?? empty(BATCH_DEPTH + j));
  }
}
