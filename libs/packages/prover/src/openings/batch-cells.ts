import { CELLS, type FieldKernels, type KzgCommitter } from '@solvent-por/kzg';
import type { Layout } from '@solvent-por/verifier';
import { foldedColumn } from '../folded-column';
import type { StoredBatch } from '../witness-file';
import { cellQuotient, cellQuotients } from './cell-quotients';

/** From so many cells on, all 64 together are cheaper than one by one. */
const ALL_FROM = 6;

/**
 * The cell quotients of a batch's folded column that given rows need (section 9): all 64, where that is
 * cheaper, or only theirs.
 *
 * @param rows to be opened
 * @returns quotient of cell c, 48 bytes
 */
export function batchCells(
  kernels: FieldKernels,
  committer: KzgCommitter,
  layout: Layout,
  stored: StoredBatch,
  gamma: bigint,
  rows: readonly number[],
): (c: number) => Uint8Array {
  const mark = kernels.mark();
  try {
    const column = foldedColumn(kernels, layout, stored, gamma);
    const cells = [...new Set(rows.map((row) => row % CELLS))];
    if (cells.length >= ALL_FROM) return cellsOf(cellQuotients(kernels, committer, column));
    const few = new Map(cells.map((c) => [c, cellQuotient(kernels, committer, column, c)]));
    return (c) => few.get(c)!;
  } finally {
    kernels.release(mark);
  }
}

/** All 64 cell quotients of a batch, to be kept: 3,072 bytes. */
export function allCells(
  kernels: FieldKernels,
  committer: KzgCommitter,
  layout: Layout,
  stored: StoredBatch,
  gamma: bigint,
): Uint8Array {
  const mark = kernels.mark();
  try {
    return cellQuotients(kernels, committer, foldedColumn(kernels, layout, stored, gamma));
  } finally {
    kernels.release(mark);
  }
}

/** Quotient c of what `allCells` gave. */
export function cellsOf(quotients: Uint8Array): (c: number) => Uint8Array {
  return (c) => quotients.subarray(48 * c, 48 * (c + 1));
}
