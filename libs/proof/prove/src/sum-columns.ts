import { ROWS, type FieldKernels, type Vector } from '@solvent/algebra';
import { ACCOUNT_ROWS, type Layout } from '@solvent/proof/verify';
import { AMOUNT_WORDS } from './witness';
import type { StoredBatch } from './witness-file';

/** All rows of each published value's column of one batch; allocates them in the kernels' memory. */
export function sumColumns(kernels: FieldKernels, layout: Layout, stored: StoredBatch): Vector[] {
  const { count, amounts } = stored.accounts;
  const bytes = kernels.allocateBytes(amounts.byteLength);
  kernels
    .bytes(bytes, amounts.byteLength)
    .set(new Uint8Array(amounts.buffer, amounts.byteOffset, amounts.byteLength));
  const amountBytes = 4 * AMOUNT_WORDS;
  const input = kernels.allocate(ROWS);
  return layout.published.map(({ form }, v) => {
    const column = kernels.allocate(ROWS);
    kernels.fill(column, ROWS, 0n);
    for (const { base, coefficient } of form.terms) {
      kernels.loadWords(input, 0, bytes + amountBytes * base, count, amountBytes * layout.inputs);
      kernels.addScaled(column, input, coefficient, count);
    }
    kernels.load(column, ACCOUNT_ROWS, stored.reservedSums[v]!);
    return column;
  });
}
