import { mod, ROWS, type FieldKernels, type KzgCommitter, type Vector } from '@solvent/algebra';
import { totalsChallenge, totalsOpeningValue, type Layout } from '@solvent/proof/verify';
import { sumColumns } from './sum-columns';
import type { StoredBatch } from './witness-file';

/**
 * Adds up the columns of all batches and opens their sum at 0 (section 8, totals). Holds one column a published value,
 * however many batches there are.
 */
export class TotalsProver {
  readonly #columns: Vector[];

  constructor(
    private readonly layout: Layout,
    private readonly kernels: FieldKernels,
    private readonly committer: KzgCommitter,
  ) {
    this.#columns = layout.published.map(() => {
      const column = kernels.allocate(ROWS);
      kernels.fill(column, ROWS, 0n);
      return column;
    });
  }

  add(batch: StoredBatch): void {
    const { kernels } = this;
    const mark = kernels.mark();
    sumColumns(kernels, this.layout, batch).forEach((column, v) => {
      const total = this.#columns[v]!;
      kernels.add(total, total, column, ROWS);
    });
    kernels.release(mark);
  }

  /** The totals opening: 48 bytes. It verifies only if `totals` are the sums of all rows. */
  prove(root: Uint8Array, totals: readonly bigint[]): Uint8Array {
    const { kernels } = this;
    const mark = kernels.mark();
    const beta = totalsChallenge(root, totals);
    const folded = kernels.allocate(ROWS);
    // The value is taken off in every row: what is left is 0 at 0.
    kernels.fill(folded, ROWS, mod(-totalsOpeningValue(beta, totals)));
    let weight = 1n;
    for (const column of this.#columns) {
      kernels.addScaled(folded, column, weight, ROWS);
      weight = mod(weight * beta);
    }
    kernels.openingQuotientAtZero(folded, folded);
    const opening = this.committer.commit(kernels.blob(folded));
    kernels.release(mark);
    return opening;
  }
}
