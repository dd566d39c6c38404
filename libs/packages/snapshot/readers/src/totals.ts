import { layoutOf, type Header, type PublishedValue } from '@solvent-por/verifier';
import type { AccountRow } from '@solvent-por/snapshot';

/** So many words below 2^32 add up exactly in a double. */
const EXACT = 1 << 20;

/** Sums of input values over accounts: doubles, emptied into bigints before they could round. */
export class TotalsCounter {
  private readonly words: Float64Array;
  private readonly sums: bigint[];
  private readonly published: readonly PublishedValue[];
  private pending = 0;

  constructor(header: Header) {
    const { inputs, published } = layoutOf(header);
    const values = inputs.length;
    this.published = published;
    this.words = new Float64Array(3 * values);
    this.sums = new Array<bigint>(values).fill(0n);
  }

  add(row: AccountRow): void {
    const { entries, indexes, words } = row;
    for (let e = 0; e < entries; e++) {
      const at = 3 * indexes[e]!;
      this.words[at]! += words[3 * e]!;
      this.words[at + 1]! += words[3 * e + 1]!;
      this.words[at + 2]! += words[3 * e + 2]!;
    }
    if (++this.pending === EXACT) this.empty();
  }

  /** Totals of the published values, in layout order: each is a sum of input values. */
  totals(): bigint[] {
    this.empty();
    return this.published.map(({ inputs }) => inputs.reduce((sum, input) => sum + this.sums[input]!, 0n));
  }

  private empty(): void {
    this.sums.forEach((sum, i) => {
      const [w0, w1, w2] = [0, 1, 2].map((word) => BigInt(this.words[3 * i + word]!)) as [
        bigint,
        bigint,
        bigint,
      ];
      this.sums[i] = sum + w0 + (w1 << 32n) + (w2 << 64n);
    });
    this.words.fill(0);
    this.pending = 0;
  }
}
