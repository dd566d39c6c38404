import { mod, ROWS, type FieldKernels, type KzgCommitter, type Vector } from '@solvent-por/kzg';
import { totalsOpeningValue, type Layout } from '@solvent-por/verifier';
import { foldedColumn } from './folded-column';
import type { StoredBatch } from './witness-file';

/**
 * Adds up the folded columns of all batches and opens their sum at 0 (section 8, totals). Holds one column,
 * however many batches there are.
 */
export class TotalsProver {
  readonly #sum: Vector;

  /** @param gamma of the snapshot: everything that it depends on must be fixed */
  constructor(
    private readonly layout: Layout,
    private readonly gamma: bigint,
    private readonly kernels: FieldKernels,
    private readonly committer: KzgCommitter,
  ) {
    this.#sum = kernels.allocate(ROWS);
    kernels.fill(this.#sum, ROWS, 0n);
  }

  add(batch: StoredBatch): void {
    const { kernels } = this;
    const mark = kernels.mark();
    kernels.add(this.#sum, this.#sum, foldedColumn(kernels, this.layout, batch, this.gamma), ROWS);
    kernels.release(mark);
  }

  /** The totals opening: 48 bytes. It verifies only if `totals` are the sums of all rows. */
  prove(totals: readonly bigint[]): Uint8Array {
    const { kernels } = this;
    const mark = kernels.mark();
    const column = kernels.allocate(ROWS);
    // The value is taken off in every row: what is left is 0 at 0.
    kernels.fill(column, ROWS, mod(-totalsOpeningValue(this.gamma, totals)));
    kernels.add(column, column, this.#sum, ROWS);
    kernels.openingQuotientAtZero(column, column);
    const opening = this.committer.commit(kernels.blob(column));
    kernels.release(mark);
    return opening;
  }
}
