import { encodePoints, mod, rowPoint, type G1Point, type LowDegreeCommitter } from '@solvent/algebra';
import { cellBlinding, subcellBlinding } from './blinding';
import { addBinomial, CELL_ROWS, CELLS, divideByBinomial, interpolateCell, SUBCELLS } from './polynomials';

/** π64, π8, π1 of one row: 48 bytes each. */
export type RowOpenings = readonly [Uint8Array, Uint8Array, Uint8Array];

/** One column whose rows are to be opened. */
export interface OpenedColumn {
  /** The values in the rows c, c + 64, …, c + 63·64. */
  readonly cell: (c: number) => readonly bigint[];
  /** C(q) of cell c, decoded. */
  readonly quotient: (c: number) => G1Point;
  readonly openingSeed: Uint8Array;
  readonly gamma: bigint;
}

/**
 * Opens rows of one cell in three steps (section 9): the cell's commitment is at hand, an account takes its subcell's and its own.
 *
 * @param c the cell; every row is equal to it modulo 64
 * @returns the openings of the rows, in their order
 */
export function openRows(
  column: OpenedColumn,
  c: number,
  rows: readonly number[],
  low: LowDegreeCommitter,
): RowOpenings[] {
  const { openingSeed, gamma } = column;
  const values = column.cell(c);
  const s = cellBlinding(openingSeed, gamma, c);
  const blinded = addBinomial(interpolateCell(c, values), s, CELL_ROWS, rowPoint(CELL_ROWS * c));

  const subcells = [...new Set(rows.map((row) => row % SUBCELLS))];
  const remainders = new Map<number, readonly bigint[]>();
  const subcellQuotients = subcells.map((d) => {
    const b = rowPoint(8 * d);
    const { quotient, remainder } = divideByBinomial(blinded, 8, b);
    const u = subcellBlinding(openingSeed, gamma, d);
    remainders.set(d, addBinomial(remainder, u, 8, b));
    return [mod(quotient[0]! - u), ...quotient.slice(1)];
  });
  const lastQuotients = rows.map((row) => {
    const value = values[(row - c) / CELLS]!;
    const [first, ...rest] = remainders.get(row % SUBCELLS)!;
    return divideByBinomial([mod(first! - value), ...rest], 1, rowPoint(row)).quotient;
  });

  const points = low.commitLow([[s], ...subcellQuotients, ...lastQuotients]);
  const cell = column.quotient(c).subtract(points[0]!);
  const [encodedCell, ...encoded] = encodePoints([cell, ...points.slice(1)]);
  return rows.map((row, i) => [
    encodedCell!,
    encoded[subcells.indexOf(row % SUBCELLS)]!,
    encoded[subcells.length + i]!,
  ]);
}
