import { BN254_R, FULL_ROUNDS, invert, modulo, poseidonParameters } from '@solvent-por/claims';

type Matrix = readonly (readonly bigint[])[];

/**
 * Poseidon with partial rounds that cost 2t − 1 products instead of t² (eprint 2019/458, appendix B), in the
 * order in which the kernel reads its constants (assembly/index.ts).
 *
 * The constants of all elements but the first pass a partial round's S-box as they are, so they are pushed
 * forward into the next round. M = [m, v; w, M̂] is M''·M' with M' = [1, 0; 0, M̂], which passes that S-box too,
 * and M'' = [m, v·M̂⁻¹; w, 1]: from the last partial round to the first, M' is pushed into the matrix before.
 */
export function sparseConstants(inputs: number): {
  readonly t: number;
  readonly partialRounds: number;
  readonly constants: readonly bigint[];
} {
  const { t, partialRounds, constants, matrix } = poseidonParameters(inputs);
  const rounds = Array.from({ length: FULL_ROUNDS + partialRounds }, (_, r) =>
    constants.slice(t * r, t * (r + 1)),
  );
  const half = FULL_ROUNDS / 2;
  for (let r = half; r < half + partialRounds; r++) {
    const pushed = apply(matrix, [0n, ...rounds[r]!.slice(1)]);
    rounds[r + 1] = rounds[r + 1]!.map((x, i) => modulo(x + pushed[i]!));
  }
  const sparse: bigint[][] = [];
  let rest: Matrix = matrix;
  for (let r = partialRounds - 1; r >= 0; r--) {
    const inner = rest.slice(1).map((row) => row.slice(1));
    const row = solve(inner, rest[0]!.slice(1));
    sparse.unshift([rest[0]![0]!, ...row, ...rest.slice(1).map(([first]) => first!)]);
    const moved = [[1n, ...row.map(() => 0n)], ...inner.map((line) => [0n, ...line])];
    rest = multiply(moved, matrix);
  }
  const full = (r: number, mix: Matrix) => [...rounds[r]!, ...mix.flat()];
  return {
    t,
    partialRounds,
    constants: [
      ...[0, 1, 2].flatMap((r) => full(r, matrix)),
      ...full(half - 1, rest),
      ...sparse.flatMap((entries, i) => [rounds[half + i]![0]!, ...entries]),
      ...[0, 1, 2, 3].flatMap((i) => full(half + partialRounds + i, matrix)),
    ],
  };
}

function apply(matrix: Matrix, vector: readonly bigint[]): bigint[] {
  return matrix.map((row) => row.reduce((sum, m, j) => sum + m * vector[j]!, 0n) % BN254_R);
}

function multiply(a: Matrix, b: Matrix): bigint[][] {
  return a.map((row) =>
    b[0]!.map((_, j) => row.reduce((sum, x, k) => (x === 0n ? sum : sum + x * b[k]![j]!), 0n) % BN254_R),
  );
}

/** x with x·A = v, by elimination on the transposed. */
function solve(a: Matrix, v: readonly bigint[]): bigint[] {
  const n = v.length;
  const lines = v.map((right, j) => [...a.map((row) => row[j]!), right]);
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
  return lines.map((line) => line[n]!);
}
