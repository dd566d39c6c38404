import { inverse, inverses, mod, pow, R } from './field';

/** Rows of a column: the size of Ethereum's KZG set-up (EIP-4844 FIELD_ELEMENTS_PER_BLOB). */
export const ROWS = 4096;

/** A generator of the field's multiplicative group (EIP-4844 PRIMITIVE_ROOT_OF_UNITY). */
export const GENERATOR = 7n;

/** ω: a primitive root of unity of order 4096; row i of a column is its value at ω^i. */
export const OMEGA = pow(GENERATOR, (R - 1n) / BigInt(ROWS));

/** ω^i; i is taken mod 4096. */
export function rowPoint(i: number): bigint {
  return ROW_POINTS[((i % ROWS) + ROWS) % ROWS]!;
}

/** The twelve bits of a row number in reverse: where EIP-4844 puts row i in a blob. */
export function bitReverse12(i: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 12; bit++) reversed |= ((i >> bit) & 1) << (11 - bit);
  return reversed;
}

const ROW_POINTS: readonly bigint[] = (() => {
  const points = [1n];
  for (let i = 1; i < ROWS; i++) points.push((points[i - 1]! * OMEGA) % R);
  return points;
})();

/**
 * Values of Lagrange polynomials at a point off the domain (barycentric formula):
 * L_i(z) = ω^i (z^n − 1) / (n (z − ω^i)) for each requested row, in that order.
 * @throws SolventError FIELD_DIVISION_BY_ZERO when z is on the domain
 */
export function lagrangeAt(z: bigint, rows: readonly number[]): bigint[] {
  const numerator = mod((pow(z, BigInt(ROWS)) - 1n) * inverse(BigInt(ROWS)));
  const denominators = inverses(rows.map((row) => mod(z - rowPoint(row))));
  return rows.map((row, i) => mod(mod(rowPoint(row) * numerator) * denominators[i]!));
}
