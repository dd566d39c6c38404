import {
  CELL_ROWS,
  CELLS,
  SUBCELLS,
  type AccountOpener,
  type FieldKernels,
  type KzgCommitter,
} from '@solvent/algebra';
import type { Layout } from '@solvent/proof/verify';
import { foldedColumn, foldedRows } from '../folded-column';
import type { StoredBatch } from '../witness-file';
import { allCells, batchCells } from './batch-cells';
import { cellBlinding, subcellBlinding } from './blinding';

/** π64, π8, π1 of one row: 48 bytes each. */
export type RowOpenings = readonly [Uint8Array, Uint8Array, Uint8Array];

/** The openings of a row. */
export type OpenRow = (row: number) => RowOpenings;

/** A batch whose rows are opened under a snapshot's γ (section 9). */
export interface OpenedBatch {
  readonly layout: Layout;
  readonly stored: StoredBatch;
  readonly gamma: bigint;
}

/** What opens rows: one of each a thread, the opener made with these kernels. */
export interface OpeningTools {
  readonly kernels: FieldKernels;
  readonly committer: KzgCommitter;
  readonly opener: AccountOpener;
}

/** From so many rows on, opening the whole batch is cheaper than opening them one by one. */
const WHOLE_FROM = 400;

/** Opens given rows of a batch, the cells' quotients included: all rows of the batch at once, where that is cheaper. */
export function openingsOf(tools: OpeningTools, batch: OpenedBatch, rows: readonly number[]): OpenRow {
  const { kernels, committer, opener } = tools;
  const { layout, stored, gamma } = batch;
  return rows.length >= WHOLE_FROM
    ? batchOpenings(tools, batch, allCells(kernels, committer, layout, stored, gamma))
    : rowOpenings(opener, batch, batchCells(kernels, committer, layout, stored, gamma, rows));
}

/**
 * Opens rows one by one, about 1.5 ms each.
 * @param quotient C(q) of cell c, 48 bytes
 */
export function rowOpenings(
  opener: AccountOpener,
  { layout, stored, gamma }: OpenedBatch,
  quotient: (c: number) => Uint8Array,
): OpenRow {
  const { openingSeed } = stored;
  return (row) => {
    const c = row % CELLS;
    const values = foldedRows(
      layout,
      stored,
      gamma,
      Array.from({ length: CELL_ROWS }, (_, m) => c + CELLS * m),
    );
    const s = cellBlinding(openingSeed, gamma, c);
    return opener.openRow(values, row, quotient(c), s, subcellBlinding(openingSeed, gamma, row % SUBCELLS));
  };
}

/**
 * Opens all rows of a batch at once, about 0.2 ms each, and keeps their openings.
 * @param quotients of all cells, as `allCells` gives them
 */
export function batchOpenings(
  { kernels, opener }: Omit<OpeningTools, 'committer'>,
  { layout, stored, gamma }: OpenedBatch,
  quotients: Uint8Array,
): OpenRow {
  const { openingSeed } = stored;
  const mark = kernels.mark();
  try {
    const { cells, subcells, rows } = opener.openBatch(
      foldedColumn(kernels, layout, stored, gamma),
      quotients,
      {
        cells: Array.from({ length: CELLS }, (_, c) => cellBlinding(openingSeed, gamma, c)),
        subcells: Array.from({ length: SUBCELLS }, (_, d) => subcellBlinding(openingSeed, gamma, d)),
      },
    );
    const point = (points: Uint8Array, i: number) => points.subarray(48 * i, 48 * (i + 1));
    return (row) => [point(cells, row % CELLS), point(subcells, row % SUBCELLS), point(rows, row)];
  } finally {
    kernels.release(mark);
  }
}
