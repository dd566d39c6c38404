import { mod, OMEGA, pow, ROWS, type FieldKernels, type Vector } from '@solvent-por/kzg';
import type { BatchProof } from '@solvent-por/verifier';
import type { ColumnReaders } from './lookup';

/** Every column's value at ζ, and W(ωζ). */
export function evaluate(
  kernels: FieldKernels,
  { witness, lookup, limb, helper }: ColumnReaders,
  w: Vector,
  zeta: bigint,
): BatchProof['evaluations'] {
  const [weights, differences] = [kernels.allocate(ROWS), kernels.allocate(ROWS)];
  const scratch = kernels.allocate(ROWS);
  const at = (column: Vector) => kernels.dot(weights, column, ROWS);
  kernels.lagrangeWeights(weights, differences, mod(OMEGA * zeta));
  const shifted = at(w);
  kernels.lagrangeWeights(weights, differences, zeta);
  return {
    limbs: witness.limbs.map((_, index) => at(limb(index, scratch))),
    multiplicity: at(witness.multiplicity),
    helpers: lookup.helpers.map((_, G) => at(helper(G, scratch))),
    table: at(lookup.table),
    shifted,
  };
}

/** Σ γ^j·(j-th of the limbs, m, helpers, h_T, Q_ζ). */
export function foldColumns(
  kernels: FieldKernels,
  { witness, lookup, limb, helper }: ColumnReaders,
  chunks: readonly Vector[],
  zeta: bigint,
  gamma: bigint,
): Vector {
  const folded = kernels.allocate(ROWS);
  const scratch = kernels.allocate(ROWS);
  kernels.fill(folded, ROWS, 0n);
  let weight = 1n;
  const fold = (column: Vector) => {
    kernels.addScaled(folded, column, weight, ROWS);
    weight = mod(weight * gamma);
  };
  witness.limbs.forEach((_, index) => fold(limb(index, scratch)));
  fold(witness.multiplicity);
  lookup.helpers.forEach((_, G) => fold(helper(G, scratch)));
  fold(lookup.table);
  const step = pow(zeta, BigInt(ROWS - 1));
  for (const chunk of chunks) {
    kernels.addScaled(folded, chunk, weight, ROWS);
    weight = mod(weight * step);
  }
  return folded;
}

/** (column − column(z)) / (X − z), z off the domain. */
export function openingQuotient(kernels: FieldKernels, column: Vector, z: bigint): Vector {
  const [weights, differences] = [kernels.allocate(ROWS), kernels.allocate(ROWS)];
  kernels.lagrangeWeights(weights, differences, z);
  kernels.openingQuotient(weights, column, kernels.dot(weights, column, ROWS), differences);
  return weights;
}

/** column / X for a column that is 0 at 0. */
export function openingQuotientAtZero(kernels: FieldKernels, column: Vector): Vector {
  const quotient = kernels.allocate(ROWS);
  kernels.openingQuotientAtZero(quotient, column);
  return quotient;
}
