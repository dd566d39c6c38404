import { randomBytes } from 'node:crypto';
import {
  ROWS,
  SCALAR_BYTES,
  bitReverse12,
  fromBytes,
  inverse,
  inverses,
  lagrangeAt,
  mod,
  rowPoint,
  toBytes,
} from '@solvent-por/kzg';

/** A column of random values below 2^bits (bits ≤ 254, so below r). */
export function randomColumn(bits: number): bigint[] {
  return Array.from({ length: ROWS }, () =>
    bits === 0 ? 0n : fromBytes(randomBytes(32)) >> BigInt(256 - bits),
  );
}

/** A column in EIP-4844's order. */
export function blobOf(column: readonly bigint[]): Uint8Array {
  const blob = new Uint8Array(ROWS * SCALAR_BYTES);
  column.forEach((value, i) => blob.set(toBytes(value), bitReverse12(i) * SCALAR_BYTES));
  return blob;
}

/**
 * Opens a column at any z, on or off the domain, by committing to the quotient (f − y)/(X −
 * z) in BigInt arithmetic.
 * On the domain, at z = ω^k, row k of the quotient is −Σ_{i≠k} ω^(i−k)·q_i, because the quotient's degree is
 * below n − 1: its coefficient at X^(n−1), which is Σ ω^i·q_i / n, is 0.
 */
export function open(
  column: readonly bigint[],
  z: bigint,
  commit: (column: readonly bigint[]) => Uint8Array,
): { y: bigint; proof: Uint8Array } {
  const row = column.findIndex((_, i) => rowPoint(i) === z);
  const rows = column.map((_, i) => i);
  const y =
    row >= 0
      ? column[row]!
      : lagrangeAt(z, rows).reduce((sum, lagrange, i) => mod(sum + lagrange * column[i]!), 0n);
  const denominators = inverses(rows.map((i) => (i === row ? 1n : mod(rowPoint(i) - z))));
  const quotient = column.map((value, i) => mod((value - y) * denominators[i]!));
  if (row >= 0)
    quotient[row] = mod(
      -inverse(z) * quotient.reduce((sum, q, i) => (i === row ? sum : mod(sum + q * rowPoint(i))), 0n),
    );
  return { y, proof: commit(quotient) };
}
