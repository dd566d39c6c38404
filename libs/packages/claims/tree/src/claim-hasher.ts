import { BATCH_DEPTH, MOST_IN_LEAF, RUN } from '@solvent-por/claims';
import { ROWS } from '@solvent-por/kzg';
import { ClaimBatchTree } from './claim-batch-tree';
import { ELEMENT_BYTES, PoseidonKernel } from './kernel';

/** Leaves that are hashed at once: 1,024 values each then take 9 MB. */
const ROWS_AT_ONCE = 256;
/** Inputs of a leaf before its values. */
const BEFORE_VALUES = 4;
const LEAF_DOMAIN = 2;

/** The accounts of one batch, row by row from 0. */
export interface ClaimRows {
  readonly count: number;
  /** Published values of an account. */
  readonly width: number;
  /** 32 bytes an account. */
  readonly ids: Uint8Array;
  /** 31 bytes an account. */
  readonly claimKeys: Uint8Array;
  /** Value v of a row, below 2^67. */
  value(row: number, v: number): bigint;
}

/** Builds batches' claim trees (section 13) with one kernel; of a thread that builds many. */
export class ClaimHasher {
  readonly #kernel = new PoseidonKernel();

  /**
   * A batch's claim tree.
   * @param unused leaves of the account rows that follow, 32 bytes each, big-endian, below BN254's order
   *   (rows after them, the 16 reserved ones above all, have the leaf 0)
   * @throws RangeError where there are more than 4,096 rows
   */
  batchTree(rows: ClaimRows, unused: Uint8Array): ClaimBatchTree {
    const filled = rows.count + unused.length / ELEMENT_BYTES;
    if (filled > ROWS) throw new RangeError('a batch has 4,096 rows');
    const kernel = this.#kernel;
    kernel.prepare(2);
    this.#prepare(rows.width);
    // 4,096 leaves, then level by level what stands above them, to the root; fours may be written past it.
    return kernel.borrow(2 * ROWS + 4, (leaves) => {
      kernel.bytes(leaves, ELEMENT_BYTES * ROWS).fill(0);
      this.#leaves(rows, leaves);
      if (unused.length > 0) {
        // What is entered comes in fours, so it stands by itself first.
        const address = leaves + ELEMENT_BYTES * rows.count;
        kernel.borrow(unused.length / ELEMENT_BYTES, (aside) => {
          kernel.write(aside, unused);
          kernel.bytes(address, unused.length).set(kernel.bytes(aside, unused.length));
        });
      }
      let [level, count] = [leaves, ROWS];
      for (let depth = 0; depth < BATCH_DEPTH; depth++) {
        const above = level + ELEMENT_BYTES * count;
        count /= 2;
        kernel.hash(above, level, 2 * ELEMENT_BYTES, count, 2);
        level = above;
      }
      return new ClaimBatchTree(kernel.read(leaves, 2 * ROWS - 1));
    });
  }

  /** Constants stay where they are once memory is borrowed. */
  #prepare(width: number): void {
    let digests = width;
    for (; digests > MOST_IN_LEAF; digests = Math.ceil(digests / RUN)) this.#kernel.prepare(RUN);
    this.#kernel.prepare(BEFORE_VALUES + digests);
  }

  /** Leaves of the accounts, at rest, from `target`. */
  #leaves(rows: ClaimRows, target: number): void {
    for (let first = 0; first < rows.count; first += ROWS_AT_ONCE) {
      const count = Math.min(ROWS_AT_ONCE, rows.count - first);
      this.#digests(rows, first, count, (digests, width) =>
        this.#hashLeaves(rows, first, count, digests, width, target),
      );
    }
  }

  /** What stands for the values of some rows: `width` elements a row at an address, one after another. */
  #digests(
    rows: ClaimRows,
    first: number,
    count: number,
    use: (address: number, width: number) => void,
  ): void {
    const stride = padded(rows.width);
    const kernel = this.#kernel;
    kernel.borrow(count * stride, (address) => {
      const values = new Uint8Array(ELEMENT_BYTES * count * stride);
      const view = new DataView(values.buffer);
      for (let row = 0; row < count; row++)
        for (let v = 0; v < rows.width; v++) {
          const value = rows.value(first + row, v);
          const at = ELEMENT_BYTES * (row * stride + v);
          view.setBigUint64(at + 16, value >> 64n);
          view.setBigUint64(at + 24, BigInt.asUintN(64, value));
        }
      kernel.write(address, values);
      this.#reduce(address, count, rows.width, use);
    });
  }

  /** Hashes runs until at most 12 elements a row remain. */
  #reduce(
    address: number,
    count: number,
    width: number,
    use: (address: number, width: number) => void,
  ): void {
    if (width <= MOST_IN_LEAF) return use(address, width);
    const kernel = this.#kernel;
    const runs = Math.ceil(width / RUN);
    const stride = padded(runs);
    kernel.borrow(count * runs, (hashes) => {
      kernel.hash(hashes, address, ELEMENT_BYTES * RUN, count * runs, RUN);
      if (stride === runs) return this.#reduce(hashes, count, runs, use);
      return kernel.borrow(count * stride, (spread) => {
        const [from, to] = [
          kernel.bytes(hashes, ELEMENT_BYTES * count * runs),
          kernel.bytes(spread, ELEMENT_BYTES * count * stride).fill(0),
        ];
        for (let row = 0; row < count; row++)
          to.set(
            from.subarray(ELEMENT_BYTES * row * runs, ELEMENT_BYTES * (row + 1) * runs),
            ELEMENT_BYTES * row * stride,
          );
        return this.#reduce(spread, count, runs, use);
      });
    });
  }

  #hashLeaves(
    rows: ClaimRows,
    first: number,
    count: number,
    digests: number,
    width: number,
    target: number,
  ): void {
    const kernel = this.#kernel;
    const heads = new Uint8Array(ELEMENT_BYTES * BEFORE_VALUES * count);
    for (let row = 0; row < count; row++) {
      const at = ELEMENT_BYTES * BEFORE_VALUES * row;
      const id = rows.ids.subarray(32 * (first + row), 32 * (first + row + 1));
      heads[at + 31] = LEAF_DOMAIN;
      heads.set(id.subarray(0, 16), at + 48);
      heads.set(id.subarray(16), at + 80);
      heads.set(rows.claimKeys.subarray(31 * (first + row), 31 * (first + row + 1)), at + 97);
    }
    const inputs = BEFORE_VALUES + width;
    kernel.borrow(BEFORE_VALUES * count, (headAddress) => {
      kernel.write(headAddress, heads);
      kernel.borrow(inputs * count + 4, (address) => {
        const [head, tail, whole] = [
          kernel.bytes(headAddress, heads.length),
          kernel.bytes(digests, ELEMENT_BYTES * width * count),
          kernel.bytes(address, ELEMENT_BYTES * inputs * count),
        ];
        for (let row = 0; row < count; row++) {
          const at = ELEMENT_BYTES * inputs * row;
          whole.set(head.subarray(128 * row, 128 * (row + 1)), at);
          whole.set(tail.subarray(ELEMENT_BYTES * width * row, ELEMENT_BYTES * width * (row + 1)), at + 128);
        }
        // Hashes come in fours, so they stand by themselves first.
        kernel.borrow(count, (hashes) => {
          kernel.hash(hashes, address, ELEMENT_BYTES * inputs, count, inputs);
          kernel
            .bytes(target + ELEMENT_BYTES * first, ELEMENT_BYTES * count)
            .set(kernel.bytes(hashes, ELEMENT_BYTES * count));
        });
      });
    });
  }
}

/** Elements a row, padded to whole runs where they are hashed in runs. */
function padded(width: number): number {
  return width <= MOST_IN_LEAF ? width : RUN * Math.ceil(width / RUN);
}
