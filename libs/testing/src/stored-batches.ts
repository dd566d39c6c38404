import { encodePoints, fromBytes } from '@solvent/algebra';
import { AMOUNT_WORDS, type BatchPlace, type StoredBatch } from '@solvent/proof/prove';
import {
  ACCOUNT_ROWS,
  accountTag,
  ID_BYTES,
  SALT_BYTES,
  TAG_BYTES,
  type Layout,
  type SumTree,
} from '@solvent/proof/verify';
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

/** All 4,096 rows of a batch's tag column, from what its operator keeps. */
export function tagRowsOf({ accounts, salts, unusedTags, reservedTags }: StoredBatch): bigint[] {
  const slice = (bytes: Uint8Array, length: number, i: number) => bytes.slice(length * i, length * (i + 1));
  return [
    ...Array.from({ length: accounts.count }, (_, i) =>
      fromBytes(accountTag(slice(accounts.ids, ID_BYTES, i), slice(salts, SALT_BYTES, i))),
    ),
    ...Array.from({ length: ACCOUNT_ROWS - accounts.count }, (_, i) =>
      fromBytes(slice(unusedTags, TAG_BYTES, i)),
    ),
    ...reservedTags,
  ];
}

/** All 4,096 rows of each published value's column. */
export function sumRowsOf(layout: Layout, { accounts, reservedSums, ...rest }: StoredBatch): bigint[][] {
  const { inputs } = layout;
  const perAccount = AMOUNT_WORDS * inputs;
  const rows = Array.from({ length: accounts.count }, (_, row) => {
    const amounts = accounts.amounts.slice(perAccount * row, perAccount * (row + 1));
    return totalsOf(layout, [{ ...rest, reservedSums, accounts: { count: 1, ids: accounts.ids, amounts } }]);
  });
  const unused = new Array<bigint>(ACCOUNT_ROWS - accounts.count).fill(0n);
  return layout.published.map((_, v) => [...rows.map((row) => row[v]!), ...unused, ...reservedSums[v]!]);
}
