import { mod, ROWS, type FieldKernels, type Vector } from '@solvent-por/kzg';
import { ACCOUNT_ROWS, foldValues, type Layout } from '@solvent-por/verifier';
import { AMOUNT_WORDS, amountAt } from './witness';
import type { StoredBatch } from './witness-file';

/** Weight of each input amount in Σ γ^v·(v-th published value). */
export function inputWeights(layout: Layout, gamma: bigint): bigint[] {
  const weights = layout.inputs.map(() => 0n);
  let power = 1n;
  for (const { inputs } of layout.published) {
    for (const input of inputs) weights[input] = mod(weights[input]! + power);
    power = mod(power * gamma);
  }
  return weights;
}

/**
 * All rows of p_b = Σ γ^v·(v-th published value) of one batch (section 8); allocates them in the kernels'
 * memory.
 */
export function foldedColumn(
  kernels: FieldKernels,
  layout: Layout,
  stored: StoredBatch,
  gamma: bigint,
): Vector {
  const folded = kernels.allocate(ROWS);
  const mark = kernels.mark();
  const { count, amounts } = stored.accounts;
  const bytes = kernels.allocateBytes(amounts.byteLength);
  kernels
    .bytes(bytes, amounts.byteLength)
    .set(new Uint8Array(amounts.buffer, amounts.byteOffset, amounts.byteLength));
  const amountBytes = 4 * AMOUNT_WORDS;
  const input = kernels.allocate(ROWS);
  kernels.fill(folded, ROWS, 0n);
  inputWeights(layout, gamma).forEach((weight, v) => {
    kernels.loadWords(input, 0, bytes + amountBytes * v, count, amountBytes * layout.inputs.length);
    kernels.addScaled(folded, input, weight, count);
  });
  kernels.load(folded, ACCOUNT_ROWS, foldedReserved(stored, gamma));
  kernels.release(mark);
  return folded;
}

/** Single rows of the same column, without the others. */
export function rowFolder(layout: Layout, stored: StoredBatch, gamma: bigint): (row: number) => bigint {
  const weights = inputWeights(layout, gamma);
  const { count, amounts } = stored.accounts;
  const reserved = foldedReserved(stored, gamma);
  return (row) => {
    if (row >= ACCOUNT_ROWS) return reserved[row - ACCOUNT_ROWS]!;
    if (row >= count) return 0n;
    return mod(
      weights.reduce((sum, weight, v) => sum + weight * amountAt(amounts, row * weights.length + v), 0n),
    );
  };
}

function foldedReserved({ reservedSums }: StoredBatch, gamma: bigint): bigint[] {
  return reservedSums[0]!.map((_, row) =>
    foldValues(
      gamma,
      reservedSums.map((column) => column[row]!),
    ),
  );
}
