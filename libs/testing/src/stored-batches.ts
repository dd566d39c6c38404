import { encodePoints } from '@solvent/algebra';
import { AMOUNT_WORDS, type BatchPlace, type StoredBatch } from '@solvent/proof/prove';
import type { Layout, SumTree } from '@solvent/proof/verify';
import type { Leaf } from './snapshot-builder';

/** Sums of the published values over all accounts, counted from the accounts themselves. */
export function totalsOf({ inputs, published }: Layout, batches: readonly StoredBatch[]): bigint[] {
  const sums = new Array<bigint>(inputs).fill(0n);
  for (const { accounts } of batches)
    for (let at = 0; at < accounts.count * inputs; at++)
      for (let word = 0; word < AMOUNT_WORDS; word++)
        sums[at % inputs]! += BigInt(accounts.amounts[AMOUNT_WORDS * at + word]!) << BigInt(32 * word);
  return published.map(({ form }) =>
    form.terms.reduce((sum, { base, coefficient }) => sum + coefficient * sums[base]!, 0n),
  );
}

/** What inclusion proofs of a batch show of the sum tree. */
export function placeOf(
  { leaves, tree }: { readonly leaves: readonly Leaf[]; readonly tree: SumTree },
  batch: number,
): BatchPlace {
  const { tag, sums } = leaves[batch]!;
  return {
    tag,
    sums: encodePoints(sums),
    path: tree.path(batch).map((node) => ({ hash: node.hash, sums: encodePoints(node.sums) })),
  };
}
