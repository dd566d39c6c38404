import { mod, ROWS } from '@solvent-por/kzg';
import { ACCOUNT_ROWS, LIMB_BITS, type Layout } from '@solvent-por/verifier';
import type { BlindingStream } from './blinding';

/** Reserved rows: random, so that what a proof reveals says nothing about the accounts. */
export const RESERVED_ROWS = ROWS - ACCOUNT_ROWS;

/**
 * Reserved rows of one batch's limb columns (section 7): random, but limb 0 is solved in the second row of
 * each pair so that the pair cancels in each paired base value, and in every row where the base value is the
 * last of a relation.
 */
export function reservedLimbs(layout: Layout, blinding: BlindingStream): bigint[][] {
  const relationOf = new Map(layout.relations.map((relation) => [relation.terms.at(-1)!.base, relation]));
  const columns: bigint[][] = [];
  const values: bigint[][] = [];
  layout.bases.forEach(({ limbs }, base) => {
    const relation = relationOf.get(base);
    // What no relation derives is paired.
    const solved = (row: number) => relation !== undefined || row % 2 === 1;
    const lowest = Array.from({ length: RESERVED_ROWS }, (_, row) => (solved(row) ? 0n : blinding.element()));
    const higher = Array.from({ length: limbs - 1 }, () => blinding.elements(RESERVED_ROWS));
    const value: bigint[] = [];
    for (let row = 0; row < RESERVED_ROWS; row++) {
      const rest = higher.reduce((sum, column, j) => sum + (column[row]! << BigInt(LIMB_BITS * (j + 1))), 0n);
      if (relation)
        value.push(
          mod(
            -relation.terms
              .slice(0, -1)
              .reduce((sum, t) => sum + t.coefficient * values[t.base]![row]!, relation.constant),
          ),
        );
      else value.push(mod(solved(row) ? -value[row - 1]! : rest + lowest[row]!));
      if (solved(row)) lowest[row] = mod(value[row]! - rest);
    }
    values.push(value);
    columns.push(lowest, ...higher);
  });
  return columns;
}

/** Reserved rows of each published value's column. @param limbs those of the batch's K limb columns */
export function reservedSums(
  { bases, published }: Layout,
  limbs: readonly (readonly bigint[])[],
): bigint[][] {
  return published.map(({ form }) =>
    Array.from({ length: RESERVED_ROWS }, (_, row) =>
      mod(
        form.terms.reduce((sum, { base, coefficient }) => {
          const { firstLimb, limbs: count } = bases[base]!;
          for (let j = 0; j < count; j++)
            sum += coefficient * (limbs[firstLimb + j]![row]! << BigInt(LIMB_BITS * j));
          return sum;
        }, 0n),
      ),
    ),
  );
}
