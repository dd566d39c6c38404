import { OMEGA, ROWS, rowPoint } from '../domain';
import { inverse, mod, pow } from '../field';
import type { FieldKernels, Vector } from '../kernels';
import { CELL_ROWS, CELLS, SUBCELL_ROWS, SUBCELLS } from './cell-polynomials';

/** Coefficients of what π8 and π1 commit to, all rows of a batch at once; vectors in the kernels' memory, to be released by the caller. */
export interface BatchQuotients {
  /** [j][subcell], j = 0…56: q' − u. */
  readonly subcells: Vector;
  /** [j][row], j = 0…6: (σ' − value)/(X − z) less its top coefficient u. */
  readonly rows: Vector;
}

/** Coefficients of q'. */
export const SUBCELL_COEFFICIENTS = CELL_ROWS - SUBCELL_ROWS + 1;
/** Coefficients of an account's quotient below the top one. */
export const ROW_COEFFICIENTS = SUBCELL_ROWS - 1;
const LEVELS = 6;

/**
 * cell-polynomials.ts for a whole batch, by vectors: matrices [coefficient][cell, subcell or row], so that a step of a division is one
 * product and one sum of vectors. Its tables (1.2 MB) are allocated when it is made: make it before any mark that will be released.
 */
export class OpeningPolynomials {
  private readonly twiddles: readonly Vector[];
  private readonly weights: Vector;
  /** z^64 of each cell. */
  private readonly cellConstants: Vector;
  /** z^8 of each subcell, eight times over. */
  private readonly subcellConstants: Vector;
  private readonly points: Vector;

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

    // q'_j = ρ'_(j+8) + z^8·q'_(j+8), eight coefficients at a time from the top; the last step gives σ_0 … σ_7.
    const block = SUBCELL_ROWS * SUBCELLS;
    const all = kernels.allocate((CELL_ROWS + SUBCELL_ROWS) * SUBCELLS);
    const at = (coefficient: number): Vector => kernels.at(all, coefficient * SUBCELLS);
    // Coefficient j of ρ' stands at j, and those above 64 are 0.
    kernels.fill(at(CELL_ROWS), block, 0n);
    for (let j = 0; j <= CELL_ROWS; j++)
      this.repeat(at(j), kernels.at(remainders, j * CELLS), CELLS, SUBCELL_ROWS);
    const product = kernels.allocate(block);
    for (let j = CELL_ROWS - SUBCELL_ROWS; j >= 0; j -= SUBCELL_ROWS) {
      kernels.multiply(product, at(j + SUBCELL_ROWS), this.subcellConstants, block);
      kernels.add(at(j), at(j), product, block);
    }
    const subcells = at(SUBCELL_ROWS);
    kernels.subtract(subcells, subcells, blinds, SUBCELLS);
    kernels.multiply(product, blinds, this.subcellConstants, SUBCELLS);
    kernels.subtract(all, all, product, SUBCELLS);
    return { subcells, rows: this.rowQuotients(all, blinds) };
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
