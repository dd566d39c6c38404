import { BN254_R, invert, modulo } from '@solvent-por/claims';

export type Vector = readonly bigint[];
export type Matrix = readonly Vector[];

/** Σ a_j·b_j mod r. */
export function inner(a: Vector, b: Vector): bigint {
  return modulo(a.reduce((sum, x, j) => (x === 0n ? sum : sum + x * b[j]!), 0n));
}

/** matrix · vector. */
export function apply(matrix: Matrix, vector: Vector): bigint[] {
  return matrix.map((row) => inner(row, vector));
}

/** vector · matrix. */
export function applyFromLeft(vector: Vector, matrix: Matrix): bigint[] {
  return matrix[0]!.map((_, j) => modulo(vector.reduce((sum, x, i) => sum + x * matrix[i]![j]!, 0n)));
}

export function multiply(a: Matrix, b: Matrix): bigint[][] {
  return a.map((row) => applyFromLeft(row, b));
}

/** X with a·X = b, by elimination; a is regular. */
export function solve(a: Matrix, b: Matrix): bigint[][] {
  const n = a.length;
  const lines = a.map((row, i) => [...row, ...b[i]!]);
  for (let column = 0; column < n; column++) {
    const pivot = lines.findIndex((line, i) => i >= column && line[column] !== 0n);
    [lines[column], lines[pivot]] = [lines[pivot]!, lines[column]!];
    const scale = invert(lines[column]![column]!);
    const own = (lines[column] = lines[column]!.map((x) => (x * scale) % BN254_R));
    for (let i = 0; i < n; i++) {
      const factor = lines[i]![column]!;
      if (i === column || factor === 0n) continue;
      lines[i] = lines[i]!.map((x, j) => (j < column ? x : modulo(x - factor * own[j]!)));
    }
  }
  return lines.map((line) => line.slice(n));
}
