import { inverse, mod, rowPoint } from '@solvent/algebra';

/** Rows of a cell: all that are equal modulo 64 (section 9). */
export const CELL_ROWS = 64;
/** Cells of a column, and of a cell's subcells: rows equal modulo 512. */
export const CELLS = 64;
export const SUBCELLS = 512;

const INVERSE_64 = inverse(BigInt(CELL_ROWS));

/**
 * ρ: the polynomial of degree below 64 that has these values in the rows c, c + 64, …, c + 63·64 of a column.
 * @returns 64 coefficients, the lowest first
 */
export function interpolateCell(c: number, values: readonly bigint[]): bigint[] {
  // Row c + 64·m is at ω^c·(ω^64)^m: a transform over the 64th roots of unity, and then X/ω^c for X.
  return transform(values, -64).map((x, i) => mod(mod(x * INVERSE_64) * rowPoint(-c * i)));
}

/** Σ_m values[m]·ω^(step·m·i) for i = 0 … 63, by halving; step is 64 or −64. */
function transform(values: readonly bigint[], step: number): bigint[] {
  const half = values.length / 2;
  if (half < 1) return [...values];
  const even = transform(
    values.filter((_, m) => m % 2 === 0),
    2 * step,
  );
  const odd = transform(
    values.filter((_, m) => m % 2 === 1),
    2 * step,
  ).map((x, i) => mod(x * rowPoint(step * i)));
  return [...even.map((x, i) => mod(x + odd[i]!)), ...even.map((x, i) => mod(x - odd[i]!))];
}

/** Division by X^power − a: f = quotient·(X^power − a) + remainder. Coefficients, the lowest first. */
export function divideByBinomial(
  f: readonly bigint[],
  power: number,
  a: bigint,
): { readonly quotient: bigint[]; readonly remainder: bigint[] } {
  const quotient = new Array<bigint>(Math.max(0, f.length - power)).fill(0n);
  for (let i = quotient.length - 1; i >= 0; i--)
    quotient[i] = mod(f[i + power]! + a * (quotient[i + power] ?? 0n));
  const remainder = f.slice(0, power).map((x, i) => mod(x + a * (quotient[i] ?? 0n)));
  return { quotient, remainder };
}

/** f + x·(X^power − a). */
export function addBinomial(f: readonly bigint[], x: bigint, power: number, a: bigint): bigint[] {
  const sum = [...f];
  while (sum.length <= power) sum.push(0n);
  sum[0] = mod(sum[0]! - x * a);
  sum[power] = mod(sum[power]! + x);
  return sum;
}
