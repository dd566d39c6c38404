import { OMEGA, ROWS, rowPoint } from '../domain';
import { inverse, mod, pow } from '../field';

/** Rows of a cell: those equal modulo CELLS; their points are the roots of X^64 − z^64 (section 9). */
export const CELL_ROWS = 64;
export const CELLS = ROWS / CELL_ROWS;
/** Rows of a subcell: those equal modulo SUBCELLS; their points are the roots of X^8 − z^8. */
export const SUBCELL_ROWS = 8;
export const SUBCELLS = ROWS / SUBCELL_ROWS;

/** Section 9's openings of one row as polynomials: what π8 and π1 commit to, coefficients from X^0 up. */
export interface RowQuotients {
  /** q' − u: 57 coefficients. */
  readonly subcell: readonly bigint[];
  /** (σ' − value)/(X − z): 8 coefficients. */
  readonly row: readonly bigint[];
  /** p's value at the row. */
  readonly value: bigint;
}

/**
 * ρ of section 9: the polynomial of degree < 64 that takes p's values on a cell, by an inverse transform of
 * 64 values in BigInt arithmetic.
 * @param values p at the rows cell, cell + 64, cell + 128, …
 */
export function cellRemainder(values: readonly bigint[], cell: number): bigint[] {
  const order = reversed6.map((k) => values[k]!);
  for (let half = 1; half < CELL_ROWS; half *= 2) {
    const step = pow(inverse(OMEGA), BigInt(ROWS / (2 * half)));
    for (let start = 0; start < CELL_ROWS; start += 2 * half) {
      let twiddle = 1n;
      for (let i = start; i < start + half; i++) {
        const product = mod(order[i + half]! * twiddle);
        order[i + half] = order[i]! - product;
        order[i] = order[i]! + product;
        twiddle = mod(twiddle * step);
      }
    }
  }
  const back = inverse(rowPoint(cell));
  let weight = inverse(BigInt(CELL_ROWS));
  return order.map((coefficient) => {
    const result = mod(coefficient * weight);
    weight = mod(weight * back);
    return result;
  });
}

/** a = quotient·(X^step − constant) + remainder, deg remainder < step. */
export function divideByPower(
  a: readonly bigint[],
  step: number,
  constant: bigint,
): { quotient: bigint[]; remainder: bigint[] } {
  const rest = [...a];
  for (let j = rest.length - 1; j >= step; j--) rest[j - step] = mod(rest[j - step]! + constant * rest[j]!);
  return { quotient: rest.slice(step), remainder: rest.slice(0, step) };
}

/**
 * The polynomials behind π8 and π1 of one row (section 9: the prover).
 * @param values as cellRemainder, for the row's cell (row mod 64)
 * @param s blinding of the cell, @param u blinding of the row's subcell
 */
export function rowQuotients(values: readonly bigint[], row: number, s: bigint, u: bigint): RowQuotients {
  const z = rowPoint(row);
  const rho = [...cellRemainder(values, row % CELLS), s];
  rho[0] = mod(rho[0]! - s * pow(z, BigInt(CELL_ROWS)));
  const z8 = pow(z, BigInt(SUBCELL_ROWS));
  const { quotient: subcell, remainder } = divideByPower(rho, SUBCELL_ROWS, z8);
  const sigma = [...remainder, u];
  sigma[0] = mod(sigma[0]! - u * z8);
  subcell[0] = mod(subcell[0]! - u);
  const { quotient, remainder: value } = divideByPower(sigma, 1, z);
  return { subcell, row: quotient, value: value[0]! };
}

/** Powers of ω^(−512), over 8: what takes eight values of a subcell to coefficients. */
const back8 = Array.from({ length: SUBCELL_ROWS }, (_, k) => mod(rowPoint(-SUBCELLS * k) * inverse(8n)));

/**
 * The polynomial behind π1 of one row, which its subcell alone determines: σ takes p's values there, as ρ'
 * does.
 * @param values p at the rows row mod 512, + 512, + 1024, … (8 of them)
 * @param u blinding of the subcell
 * @returns (σ' − value)/(X − z): 8 coefficients, the last is u
 */
export function ownQuotient(values: readonly bigint[], row: number, u: bigint): bigint[] {
  const subcell = row % SUBCELLS;
  const sigma = values.map((_, j) => {
    const sum = values.reduce((total, value, k) => total + value * back8[(j * k) % SUBCELL_ROWS]!, 0n);
    return mod(mod(sum) * rowPoint(-subcell * j));
  });
  // σ' = σ + u·(X^8 − z^8), of which the constant alone is not needed.
  return divideByPower([...sigma, u], 1, rowPoint(row)).quotient;
}

const reversed6 = Array.from({ length: CELL_ROWS }, (_, k) => {
  let reverse = 0;
  for (let bit = 0; bit < 6; bit++) reverse |= ((k >> bit) & 1) << (5 - bit);
  return reverse;
});
