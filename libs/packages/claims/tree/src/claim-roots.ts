import { BATCH_DEPTH, CLAIM_DEPTH, claimNode, elementBytes } from '@solvent-por/claims';
import { fromBytes } from '@solvent-por/kzg';
import { ELEMENT_BYTES, PoseidonKernel } from './kernel';

/** Roots of all-zero subtrees of depth 0, 1, …, 27. */
const EMPTY: bigint[] = [0n];

function empty(depth: number): bigint {
  while (EMPTY.length <= depth) EMPTY.push(claimNode(EMPTY.at(-1)!, EMPTY.at(-1)!));
  return EMPTY[depth]!;
}

/**
 * From so many on the kernel pays: making it takes a few milliseconds, the first one of a thread some 40, a node
 * in bigints a fifth of one.
 */
const MANY = 64;

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
    const kernel = roots.length >= MANY ? new PoseidonKernel() : undefined;
    kernel?.prepare(2);
    for (let j = 0; j < levels; j++) {
      const below = this.#levels[j]!;
      const whole = below.length % 2 === 0 ? below : [...below, empty(BATCH_DEPTH + j)];
      this.#levels.push(kernel && whole.length >= MANY ? manyNodes(kernel, whole) : nodes(whole));
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

/** What stands above a level of even length. */
function nodes(level: readonly bigint[]): bigint[] {
  return Array.from({ length: level.length / 2 }, (_, i) => claimNode(level[2 * i]!, level[2 * i + 1]!));
}

/** The same, hashed side by side. */
function manyNodes(kernel: PoseidonKernel, level: readonly bigint[]): bigint[] {
  const count = level.length / 2;
  const integers = new Uint8Array(ELEMENT_BYTES * level.length);
  level.forEach((element, i) => integers.set(elementBytes(element), ELEMENT_BYTES * i));
  const hashed = kernel.borrow(level.length, (below) => {
    kernel.write(below, integers);
    return kernel.borrow(count, (above) => {
      kernel.hash(above, below, 2 * ELEMENT_BYTES, count, 2);
      return kernel.read(above, count);
    });
  });
  return Array.from({ length: count }, (_, i) =>
    fromBytes(hashed.subarray(ELEMENT_BYTES * i, ELEMENT_BYTES * (i + 1))),
  );
}
