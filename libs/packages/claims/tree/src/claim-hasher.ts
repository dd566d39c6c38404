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
    this.#prepare(rows.width);
    return this.#tree(rows.count, unused, (leaves) => this.#leaves(rows, leaves));
  }

  /**
   * The tree above leaves that were hashed before: that of `batchTree`.
   * @param leaves of the first rows, 32 bytes each, big-endian, below BN254's order; those after them are 0
   * @throws RangeError where there are more than 4,096
   */
  treeOf(leaves: Uint8Array): ClaimBatchTree {
    return this.#tree(0, leaves, () => {});
  }

  /** @param fill writes the leaves of the first `count` rows, at rest; `given` are those that follow */
  #tree(count: number, given: Uint8Array, fill: (leaves: number) => void): ClaimBatchTree {
    if (count + given.length / ELEMENT_BYTES > ROWS) throw new RangeError('a batch has 4,096 rows');
    const kernel = this.#kernel;
    kernel.prepare(2);
    // 4,096 leaves, then level by level what stands above them, to the root; a level may be written past.
    return kernel.borrow(2 * ROWS + kernel.lanes, (leaves) => {
      kernel.bytes(leaves, ELEMENT_BYTES * ROWS).fill(0);
      fill(leaves);
      if (given.length > 0) {
        // More may be entered than there is, so it stands by itself first.
        const address = leaves + ELEMENT_BYTES * count;
        kernel.borrow(given.length / ELEMENT_BYTES, (aside) => {
          kernel.write(aside, given);
          kernel.bytes(address, given.length).set(kernel.bytes(aside, given.length));
        });
      }
      let [level, nodes] = [leaves, ROWS];
      for (let depth = 0; depth < BATCH_DEPTH; depth++) {
        const above = level + ELEMENT_BYTES * nodes;
        nodes /= 2;
        kernel.hash(above, level, 2 * ELEMENT_BYTES, nodes, 2);
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
    if (rows.width > MOST_IN_LEAF) return this.#firstRuns(rows, first, count, use);
    const values = new Uint8Array(ELEMENT_BYTES * count * rows.width);
    for (let row = 0; row < count; row++)
      for (let v = 0; v < rows.width; v++) putValue(values, row * rows.width + v, rows.value(first + row, v));
    this.#kernel.borrow(count * rows.width, (address) => {
      this.#kernel.write(address, values);
      use(address, rows.width);
    });
  }

  /** The first hashes of values that are too many. Most accounts hold little: runs of zeros share one hash. */
  #firstRuns(
    rows: ClaimRows,
    first: number,
    count: number,
    use: (address: number, width: number) => void,
  ): void {
    const runs = Math.ceil(rows.width / RUN);
    const values = new Uint8Array(ELEMENT_BYTES * RUN * (count * runs + 1));
    // Run 0 is that of zeros; `places` says which one each run of the rows is.
    const places = new Uint32Array(count * runs);
    let different = 1;
    for (let run = 0; run < places.length; run++) {
      const [row, from] = [first + Math.floor(run / runs), RUN * (run % runs)];
      let zeros = true;
      for (let v = from; v < Math.min(from + RUN, rows.width); v++) {
        const value = rows.value(row, v);
        if (value === 0n) continue;
        putValue(values, RUN * different + v - from, value);
        zeros = false;
      }
      if (!zeros) places[run] = different++;
    }
    const kernel = this.#kernel;
    kernel.borrow(different * RUN, (address) => {
      kernel.write(address, values.subarray(0, ELEMENT_BYTES * RUN * different));
      kernel.borrow(different, (hashes) => {
        kernel.hash(hashes, address, ELEMENT_BYTES * RUN, different, RUN);
        this.#spread(hashes, count, runs, (run) => places[run]!, use);
      });
    });
  }

  /** Hashes runs until at most 12 elements a row remain, which are `width` at `hashes` where `place` says. */
  #spread(
    hashes: number,
    count: number,
    width: number,
    place: (element: number) => number,
    use: (address: number, width: number) => void,
  ): void {
    const kernel = this.#kernel;
    const stride = padded(width);
    kernel.borrow(count * stride, (address) => {
      const memory = kernel.bytes(0, address + ELEMENT_BYTES * count * stride).fill(0, address);
      for (let element = 0; element < count * width; element++) {
        const at = stride * Math.floor(element / width) + (element % width);
        const from = hashes + ELEMENT_BYTES * place(element);
        memory.copyWithin(address + ELEMENT_BYTES * at, from, from + ELEMENT_BYTES);
      }
      if (width <= MOST_IN_LEAF) return use(address, width);
      const runs = stride / RUN;
      return kernel.borrow(count * runs, (above) => {
        kernel.hash(above, address, ELEMENT_BYTES * RUN, count * runs, RUN);
        this.#spread(above, count, runs, (element) => element, use);
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
      kernel.borrow(inputs * count, (address) => {
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
        // More may be hashed than there are, so they stand by themselves first.
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

/** Big-endian, as element number `at`; below 2^67. */
function putValue(elements: Uint8Array, at: number, value: bigint): void {
  const view = new DataView(elements.buffer, ELEMENT_BYTES * at, ELEMENT_BYTES);
  view.setBigUint64(16, value >> 64n);
  view.setBigUint64(24, BigInt.asUintN(64, value));
}
