import { OMEGA, ROWS, rowPoint } from '../domain';
import { inverse, mod, pow } from '../field';
import type { FieldKernels, Vector } from '../kernels';
import { CELL_ROWS, CELLS, SUBCELL_ROWS, SUBCELLS } from './cell-polynomials';

/**
 * Coefficients of what π8 and π1 commit to, all rows of a batch at once; vectors in the kernels' memory, to
 * be released by the caller.
 */
export interface BatchQuotients {
  /**
   * [j][m][cell], j = 0…56, m = 0…7 with j + 8m ≤ 56: coefficient j of what `SUBCELL_ROOT`'s transform over m
   * makes q' − u of, of each of a cell's subcells.
   */
  readonly subcells: Vector;
  /** [j][row], j = 0…6: (σ' − value)/(X − z) less its top coefficient u. */
  readonly rows: Vector;
}

/** Coefficients of q'. */
export const SUBCELL_COEFFICIENTS = CELL_ROWS - SUBCELL_ROWS + 1;
/** Subcells of a cell: numbers c, c + 64, c + 128, … of cell c. */
export const CELL_SUBCELLS = SUBCELLS / CELLS;
/** What z^8 of a cell's subcells differ by: a root of unity of order 8. */
export const SUBCELL_ROOT = rowPoint(SUBCELL_ROWS * CELLS);
/** Coefficients of an account's quotient below the top one. */
export const ROW_COEFFICIENTS = SUBCELL_ROWS - 1;
const LEVELS = 6;

/** How many m there are of `subcells` for coefficient j. */
export function subcellShifts(j: number): number {
  return Math.floor((CELL_ROWS - j) / SUBCELL_ROWS);
}

/**
 * cell-polynomials.ts for a whole batch, by vectors: matrices [coefficient][cell, subcell or row], so that a
 * step of a division is one product and one sum of vectors. Its tables (1.2 MB) are allocated when it is
 * made: make it before any mark that will be released.
 */
export class OpeningPolynomials {
  private readonly twiddles: readonly Vector[];
  private readonly weights: Vector;
  /** z^64 of each cell. */
  private readonly cellConstants: Vector;
  /** z^8 of each subcell, eight times over. */
  private readonly subcellConstants: Vector;
  private readonly points: Vector;
  /** [m][cell]: z^8 of the cell's first subcell to the m-th power. */
  private readonly shifts: Vector;

  constructor(private readonly kernels: FieldKernels) {
    const vector = (length: number, value: (i: number) => bigint): Vector => {
      const address = kernels.allocate(length);
      kernels.load(
        address,
        0,
        Array.from({ length }, (_, i) => value(i)),
      );
      return address;
    };
    const back = inverse(OMEGA);
    this.twiddles = Array.from({ length: LEVELS }, (_, level) => {
      const half = 2 ** level;
      const powers = Array.from({ length: half }, (__, t) => pow(back, BigInt((ROWS / 2 / half) * t)));
      return vector(ROWS, (i) => {
        const k = Math.floor(i / CELLS) % (2 * half);
        return k < half ? 1n : powers[k - half]!;
      });
    });
    const scale = inverse(BigInt(CELL_ROWS));
    this.weights = vector(ROWS, (i) => mod(rowPoint(-(i % CELLS) * Math.floor(i / CELLS)) * scale));
    this.cellConstants = vector(CELLS, (c) => rowPoint(CELL_ROWS * c));
    this.subcellConstants = vector(ROWS, (i) => rowPoint(SUBCELL_ROWS * (i % SUBCELLS)));
    this.points = vector(ROWS, rowPoint);
    this.shifts = vector(SUBCELLS, (i) => rowPoint(SUBCELL_ROWS * (i % CELLS) * Math.floor(i / CELLS)));
  }

  /**
   * @param column p on its rows, natural order; left as it is
   * @param s blinding of the 64 cells, @param u of the 512 subcells; 0…r−1
   */
  quotients(column: Vector, s: readonly bigint[], u: readonly bigint[]): BatchQuotients {
    const { kernels } = this;
    const remainders = this.blindedRemainders(column, s);
    const blinds = kernels.allocate(SUBCELLS);
    kernels.load(blinds, 0, u);

    // ρ' modulo X^8 − z^8, eight coefficients at a time from the top: σ_0 … σ_7.
    const block = SUBCELL_ROWS * SUBCELLS;
    const [sigma, coefficients, product] = [block, block, block].map((size) => kernels.allocate(size));
    const spread = (target: Vector, first: number): void => {
      kernels.fill(target, block, 0n);
      for (let j = 0; j < SUBCELL_ROWS && first + j <= CELL_ROWS; j++)
        this.repeat(
          kernels.at(target, j * SUBCELLS),
          kernels.at(remainders, (first + j) * CELLS),
          CELLS,
          CELL_SUBCELLS,
        );
    };
    spread(sigma!, CELL_ROWS);
    for (let first = CELL_ROWS - SUBCELL_ROWS; first >= 0; first -= SUBCELL_ROWS) {
      spread(coefficients!, first);
      kernels.multiply(product!, sigma!, this.subcellConstants, block);
      kernels.add(sigma!, coefficients!, product!, block);
    }
    kernels.multiply(product!, blinds, this.subcellConstants, SUBCELLS);
    kernels.subtract(sigma!, sigma!, product!, SUBCELLS);
    return { subcells: this.subcellParts(remainders, blinds), rows: this.rowQuotients(sigma!, blinds) };
  }

  /**
   * q'_j = Σ_m w^m·ρ'_(j+8(m+1)), w = z^8, which among a cell's subcells runs through w_0·root^k: a transform
   * over m, that points can go through as well as coefficients. So the eight subcells of a cell share 232
   * coefficients, where they have 57 each. The blinds, which are one coefficient of each, go the way back.
   */
  private subcellParts(remainders: Vector, blinds: Vector): Vector {
    const { kernels } = this;
    let length = 0;
    for (let j = 0; j < SUBCELL_COEFFICIENTS; j++) length += subcellShifts(j) * CELLS;
    const parts = kernels.allocate(length);
    let at = 0;
    for (let j = 0; j < SUBCELL_COEFFICIENTS; j++)
      for (let m = 0; m < subcellShifts(j); m++) {
        const source = kernels.at(remainders, (j + SUBCELL_ROWS * (m + 1)) * CELLS);
        kernels.multiply(kernels.at(parts, at), source, kernels.at(this.shifts, m * CELLS), CELLS);
        at += CELLS;
      }
    const scale = inverse(BigInt(CELL_SUBCELLS));
    for (let m = 0; m < CELL_SUBCELLS; m++)
      for (let k = 0; k < CELL_SUBCELLS; k++) {
        const weight = mod(-scale * rowPoint(-SUBCELL_ROWS * CELLS * m * k));
        kernels.addScaled(kernels.at(parts, m * CELLS), kernels.at(blinds, k * CELLS), weight, CELLS);
      }
    return parts;
  }

  /** ρ' of all cells: [j][cell], j = 0…64. */
  private blindedRemainders(column: Vector, s: readonly bigint[]): Vector {
    const { kernels } = this;
    const work = kernels.allocate((CELL_ROWS + 1) * CELLS);
    const block = kernels.allocate(ROWS / 2);
    for (let k = 0; k < CELL_ROWS; k++)
      kernels.copy(kernels.at(work, reverse6(k) * CELLS), kernels.at(column, k * CELLS), CELLS);
    this.twiddles.forEach((twiddles, level) => {
      kernels.multiply(work, work, twiddles, ROWS);
      const half = 2 ** level * CELLS;
      for (let start = 0; start < ROWS; start += 2 * half) {
        const [a, b] = [kernels.at(work, start), kernels.at(work, start + half)];
        kernels.add(block, a, b, half);
        kernels.subtract(b, a, b, half);
        kernels.copy(a, block, half);
      }
    });
    kernels.multiply(work, work, this.weights, ROWS);
    const top = kernels.at(work, ROWS);
    kernels.load(top, 0, s);
    kernels.multiply(block, top, this.cellConstants, CELLS);
    kernels.subtract(work, work, block, CELLS);
    return work;
  }

  /** [j][row] for j = 0…6 from σ' below its top coefficient. */
  private rowQuotients(sigma: Vector, blinds: Vector): Vector {
    const { kernels } = this;
    const rows = kernels.allocate((ROW_COEFFICIENTS + 1) * ROWS);
    const at = (coefficient: number): Vector => kernels.at(rows, coefficient * ROWS);
    const product = kernels.allocate(ROWS);
    this.repeat(at(ROW_COEFFICIENTS), blinds, SUBCELLS, SUBCELL_ROWS);
    for (let j = ROW_COEFFICIENTS - 1; j >= 0; j--) {
      kernels.multiply(product, at(j + 1), this.points, ROWS);
      this.repeat(at(j), kernels.at(sigma, (j + 1) * SUBCELLS), SUBCELLS, SUBCELL_ROWS);
      kernels.add(at(j), at(j), product, ROWS);
    }
    return rows;
  }

  private repeat(target: Vector, source: Vector, length: number, times: number): void {
    for (let i = 0; i < times; i++) this.kernels.copy(this.kernels.at(target, i * length), source, length);
  }
}

function reverse6(k: number): number {
  let reverse = 0;
  for (let bit = 0; bit < LEVELS; bit++) reverse |= ((k >> bit) & 1) << (LEVELS - 1 - bit);
  return reverse;
}
