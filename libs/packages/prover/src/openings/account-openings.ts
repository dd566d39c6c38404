import {
  CELL_ROWS,
  CELLS,
  concat,
  SUBCELL_ROWS,
  SUBCELLS,
  type AccountOpener,
  type FieldKernels,
  type KzgCommitter,
  type OpeningBlinding,
  type Vector,
} from '@solvent-por/kzg';
import type { Layout } from '@solvent-por/verifier';
import { foldedColumn, rowFolder } from '../folded-column';
import type { StoredBatch } from '../witness-file';
import { allCells, batchCells } from './batch-cells';
import { cellBlinding, subcellBlinding } from './blinding';
import { cellQuotients } from './cell-quotients';

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

const POINT_BYTES = 48;
/** From so many rows on, opening the whole batch is cheaper than opening them one by one. */
const WHOLE_FROM = 400;

/**
 * Opens given rows of a batch, the cells' quotients included: all rows of the batch at once, where that is
 * cheaper.
 */
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
  const folded = rowFolder(layout, stored, gamma);
  return (row) => {
    const c = row % CELLS;
    const values = Array.from({ length: CELL_ROWS }, (_, m) => folded(c + CELLS * m));
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
  batch: OpenedBatch,
  quotients: Uint8Array,
): OpenRow {
  const { cells, subcells, rows } = withColumn(kernels, batch, (column, blinding) =>
    opener.openBatch(column, quotients, blinding),
  );
  return (row) => [point(cells, row % CELLS), point(subcells, row % SUBCELLS), point(rows, row)];
}

/** Bytes of what `sharedOpenings` makes. */
export const SHARED_OPENINGS_BYTES = POINT_BYTES * (CELLS + SUBCELLS);

/**
 * π64 of all cells and π8 of all subcells of a batch, to be kept: 27,648 bytes, made in the time of about 12
 * commitments; a row then costs its π1 alone. They are blinded, as the inclusions show them.
 */
export function sharedOpenings(tools: OpeningTools, batch: OpenedBatch): Uint8Array {
  const { kernels, committer, opener } = tools;
  const { cells, subcells } = withColumn(kernels, batch, (column, blinding) =>
    opener.openShared(column, cellQuotients(kernels, committer, column), blinding),
  );
  return concat(cells, subcells);
}

/**
 * Opens rows one by one, a quarter of a millisecond each.
 * @param shared as `sharedOpenings` gave them
 */
export function keptOpenings(
  opener: AccountOpener,
  { layout, stored, gamma }: OpenedBatch,
  shared: Uint8Array,
): OpenRow {
  const { openingSeed } = stored;
  const folded = rowFolder(layout, stored, gamma);
  return (row) => {
    const d = row % SUBCELLS;
    const values = Array.from({ length: SUBCELL_ROWS }, (_, k) => folded(d + SUBCELLS * k));
    const own = opener.openOwn(values, row, subcellBlinding(openingSeed, gamma, d));
    return [point(shared, row % CELLS), point(shared, CELLS + d), own];
  };
}

function withColumn<R>(
  kernels: FieldKernels,
  { layout, stored, gamma }: OpenedBatch,
  open: (column: Vector, blinding: OpeningBlinding) => R,
): R {
  const { openingSeed } = stored;
  const mark = kernels.mark();
  try {
    return open(foldedColumn(kernels, layout, stored, gamma), {
      cells: Array.from({ length: CELLS }, (_, c) => cellBlinding(openingSeed, gamma, c)),
      subcells: Array.from({ length: SUBCELLS }, (_, d) => subcellBlinding(openingSeed, gamma, d)),
    });
  } finally {
    kernels.release(mark);
  }
}

function point(points: Uint8Array, i: number): Uint8Array {
  return points.subarray(POINT_BYTES * i, POINT_BYTES * (i + 1));
}
