import { mod } from '@solvent-por/kzg';
import { AMOUNT_WORDS, publishedValues, type BatchPlace, type StoredBatch } from '@solvent-por/prover';
import {
  ACCOUNT_ROWS,
  accountLeaf,
  AccountTree,
  encodedSum,
  foldValues,
  HASH_BYTES,
  ID_BYTES,
  SALT_BYTES,
  type Layout,
  type SumTree,
} from '@solvent-por/verifier';
import type { SumNode } from '@solvent-por/verifier';

/** Sums of the published values over all accounts, counted from the accounts themselves. */
export function totalsOf({ inputs, published }: Layout, batches: readonly StoredBatch[]): bigint[] {
  const sums = inputs.map(() => 0n);
  for (const { accounts } of batches)
    for (let at = 0; at < accounts.count * inputs.length; at++)
      for (let word = 0; word < AMOUNT_WORDS; word++)
        sums[at % inputs.length]! += BigInt(accounts.amounts[AMOUNT_WORDS * at + word]!) << BigInt(32 * word);
  return published.map((value) => value.inputs.reduce((sum, input) => sum + sums[input]!, 0n));
}

/** What inclusion proofs of a batch show of the sum tree. */
export function placeOf(
  { nodes, tree }: { readonly nodes: readonly SumNode[]; readonly tree: SumTree },
  batch: number,
): BatchPlace {
  return {
    sum: encodedSum(nodes[batch]!),
    path: tree.path(batch).map((node) => ({ hash: node.hash, sum: encodedSum(node) })),
  };
}

/** Leaves of all 4,096 rows of a batch's account tree, from what its operator keeps. */
export function leavesOf(layout: Layout, { accounts, salts, unusedLeaves }: StoredBatch): Uint8Array[] {
  const slice = (bytes: Uint8Array, length: number, i: number) => bytes.slice(length * i, length * (i + 1));
  return [
    ...Array.from({ length: accounts.count }, (_, row) =>
      accountLeaf(
        slice(accounts.ids, ID_BYTES, row),
        slice(salts, SALT_BYTES, row),
        publishedValues(layout, accounts, row),
      ),
    ),
    ...Array.from({ length: ACCOUNT_ROWS - accounts.count }, (_, i) => slice(unusedLeaves, HASH_BYTES, i)),
    ...Array.from({ length: 16 }, () => new Uint8Array(HASH_BYTES)),
  ];
}

/** The account tree over 4,096 leaves. */
export function treeOf(leaves: readonly Uint8Array[]): AccountTree {
  const bytes = new Uint8Array(HASH_BYTES * leaves.length);
  leaves.forEach((leaf, row) => bytes.set(leaf, HASH_BYTES * row));
  return new AccountTree(bytes);
}

/** All 4,096 rows of each published value's column. */
export function sumRowsOf(layout: Layout, { accounts, reservedSums }: StoredBatch): bigint[][] {
  const rows = Array.from({ length: accounts.count }, (_, row) => publishedValues(layout, accounts, row));
  const unused = new Array<bigint>(ACCOUNT_ROWS - accounts.count).fill(0n);
  return layout.published.map((_, v) => [...rows.map((row) => row[v]!), ...unused, ...reservedSums[v]!]);
}

/** All 4,096 rows of p_b = Σ γ^v·(v-th published value). */
export function foldedRowsOf(layout: Layout, stored: StoredBatch, gamma: bigint): bigint[] {
  const columns = sumRowsOf(layout, stored);
  return columns[0]!.map((_, row) =>
    mod(
      foldValues(
        gamma,
        columns.map((column) => column[row]!),
      ),
    ),
  );
}
