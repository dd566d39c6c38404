import { inverse, mod } from '@solvent-por/kzg';
import { ACCOUNT_ROWS, GROUP_SIZE, LIMB_BITS, TABLE_SIZE, type Layout } from '@solvent-por/verifier';

/** All 4,096 rows of the columns behind a proof. */
export interface ProofRows {
  readonly limbs: readonly (readonly bigint[])[];
  readonly multiplicity: readonly bigint[];
  readonly helpers: readonly (readonly bigint[])[];
  readonly table: readonly bigint[];
}

/**
 * Every place where a term of F (section 7, round 3) is not 0 on the domain, term by term and row by row in
 * plain arithmetic: shows that a cheat breaks what it is meant to break and nothing else.
 */
export function violations(
  layout: Layout,
  alpha: bigint,
  { limbs, multiplicity, helpers, table }: ProofRows,
): string[] {
  const found: string[] = [];
  const alphaInverse = inverse(alpha);
  helpers.forEach((helper, G) => {
    const members = limbs.slice(GROUP_SIZE * G, GROUP_SIZE * (G + 1));
    for (let row = 0; row < ACCOUNT_ROWS; row++) {
      const values = members.map((limb) => limb[row]!);
      if (helper[row] === 0n && values.every((l) => l === 0n)) continue;
      const expected = values.reduce((sum, l) => sum + inverse(alpha + l) - alphaInverse, 0n);
      if (mod(expected - helper[row]!) !== 0n) found.push(`group ${G} in row ${row}`);
    }
  });
  for (let row = 0; row < ACCOUNT_ROWS; row++) {
    const t = row < TABLE_SIZE ? BigInt(row) : 0n;
    const m = multiplicity[row]!;
    if (mod((alpha + t) * mod(table[row]! + m * alphaInverse) - m) !== 0n) found.push(`table in row ${row}`);
  }
  const batches = limbs.length / layout.limbs;
  for (let row = ACCOUNT_ROWS; row < table.length; row += 2) {
    const cancels = (at: (row: number) => bigint) => mod(at(row) + at(row + 1)) === 0n;
    for (let batch = 0; batch < batches; batch++)
      layout.paired.forEach((base) => {
        const { name, firstLimb, limbs: count } = layout.bases[base]!;
        const columns = limbs.slice(
          batch * layout.limbs + firstLimb,
          batch * layout.limbs + firstLimb + count,
        );
        if (!cancels((i) => columns.reduce((sum, l, j) => sum + (l[i]! << BigInt(LIMB_BITS * j)), 0n)))
          found.push(`${name} of batch ${batch} in pair ${row}`);
      });
    if (!cancels((i) => helpers.reduce((sum, h) => sum + h[i]!, -table[i]!)))
      found.push(`lookup sum in pair ${row}`);
  }
  return found;
}
