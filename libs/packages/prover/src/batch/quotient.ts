import { mod, pow, ROWS, type BlindColumn, type FieldKernels, type Vector } from '@solvent-por/kzg';
import { ACCOUNT_ROWS, GROUP_SIZE, pairedWeights, QUOTIENT_CHUNKS, type Layout } from '@solvent-por/verifier';
import type { BlindingStream } from '../blinding';
import type { LimbColumn } from './columns';
import type { ColumnReaders } from './lookup';

/** F has degree below 4·n. */
const COSETS = [0, 1, 2, 3] as const;

/** The powers of y in F. */
export interface ConstraintWeights {
  /** Of each group. */
  readonly groups: readonly bigint[];
  readonly table: bigint;
  readonly pairs: bigint;
}

/** y^G for group G, y^NG for the table, y^(NG+1) for the pairs. */
export function constraintWeights(groups: number, y: bigint): ConstraintWeights {
  const powers = [1n];
  while (powers.length < groups + 2) powers.push(mod(powers.at(-1)! * y));
  return { groups: powers.slice(0, groups), table: powers[groups]!, pairs: powers[groups + 1]! };
}

/** W = Σ y^v·V_v + y^(kP)·U over the paired base values. */
export function pairedColumn(
  kernels: FieldKernels,
  layout: Layout,
  { witness, limb }: Pick<ColumnReaders, 'witness' | 'limb'>,
  u: Vector,
  y: bigint,
): Vector {
  const k = witness.accounts.length;
  const [w, column] = [kernels.allocate(ROWS), kernels.allocate(ROWS)];
  kernels.scale(w, u, pow(y, BigInt(k * layout.paired.length)), ROWS);
  pairedWeights(layout, k, y).forEach((weight, index) => {
    if (weight !== 0n) kernels.addScaled(w, limb(index, column), weight, ROWS);
  });
  return w;
}

/**
 * Σ_G weight_G·(the bracket of group G) on the four cosets, one after another. The brackets of an honest
 * witness are 0 in the account rows, which spares a quarter of the transforms; and those of groups whose
 * columns have one value there, an asset that nobody holds, say, take none.
 */
export function groupSums(
  kernels: FieldKernels,
  { witness, lookup, limb, helper }: ColumnReaders,
  alpha: bigint,
  weights: readonly bigint[],
): Vector {
  const columns = Array.from({ length: GROUP_SIZE + 1 }, () => kernels.allocate(ROWS));
  const values = Array.from({ length: GROUP_SIZE + 1 }, () => kernels.allocate(ROWS));
  const sums = kernels.groupQuotient();
  sums.start(alpha);
  lookup.helpers.forEach((helperReserved, G) => {
    const members = witness.limbs.slice(GROUP_SIZE * G, GROUP_SIZE * (G + 1));
    const blind = members.map((member) => blindColumn(kernels, member));
    if (blind.every((column) => column !== undefined))
      return sums.addBlind(blind, helperReserved, weights[G]!);
    helper(G, columns[0]!);
    members.forEach((_, i) => limb(GROUP_SIZE * G + i, columns[i + 1]!));
    sums.add(columns.slice(0, members.length + 1), values.slice(0, members.length + 1), weights[G]!);
  });
  return sums.finish();
}

/** A limb column that has one value in all account rows. */
function blindColumn(kernels: FieldKernels, { rows, reserved }: LimbColumn): BlindColumn | undefined {
  const bytes = kernels.bytes(rows, 2 * ACCOUNT_ROWS);
  const limbs = new Uint16Array(bytes.buffer, bytes.byteOffset, ACCOUNT_ROWS);
  const value = limbs[0]!;
  return limbs.every((limb) => limb === value) ? { value: BigInt(value), reserved } : undefined;
}

/**
 * The chunks of Q = F / (X^n − 1), blinded, as columns (section 7, round 3).
 * @param sums of the groups on the four cosets; changed
 */
export function quotientChunks(
  kernels: FieldKernels,
  sums: Vector,
  columns: { readonly table: Vector; readonly multiplicity: Vector; readonly w: Vector },
  { alpha, table, pairs }: { readonly alpha: bigint; readonly table: bigint; readonly pairs: bigint },
  blinding: BlindingStream,
): Vector[] {
  const coefficients = Array.from({ length: 3 }, () => kernels.allocate(ROWS));
  const values = Array.from({ length: 3 }, () => kernels.allocate(ROWS)) as [Vector, Vector, Vector];
  [columns.table, columns.multiplicity, columns.w].forEach((column, i) =>
    kernels.interpolate(coefficients[i]!, column),
  );
  for (const j of COSETS) {
    for (let i = 0; i < 3; i++) kernels.coset(values[i]!, coefficients[i]!, j);
    const onCoset = { table: values[0], multiplicity: values[1], w: values[2] };
    kernels.finishQuotient(kernels.at(sums, j * ROWS), j, onCoset, alpha, table, pairs);
  }
  const quotient = kernels.allocate(COSETS.length * ROWS);
  kernels.interpolateCosets(quotient, sums);

  const blinds = blinding.elements(QUOTIENT_CHUNKS - 1);
  return COSETS.map((i) => {
    const chunk = kernels.allocate(ROWS);
    kernels.copy(chunk, kernels.at(quotient, i * (ROWS - 1)), ROWS - 1);
    kernels.load(chunk, ROWS - 1, [blinds[i] ?? 0n]);
    if (i > 0) kernels.load(chunk, 0, [mod(kernels.read(chunk, 0, 1)[0]! - blinds[i - 1]!)]);
    kernels.evaluate(chunk, chunk);
    return chunk;
  });
}
