import { claimLeaf, claimNode, climbClaims, elementBytes, modulo } from '@solvent-por/claims';
import { concat, fromBytes } from '@solvent-por/kzg';
import { sha256 } from '@noble/hashes/sha2.js';
import { ClaimHasher, type ClaimRows } from './claim-hasher';
import { ClaimRoots } from './claim-roots';

const hasher = new ClaimHasher();

/** Accounts that are made from their row's number. */
function accounts(count: number, width: number): ClaimRows & { readonly values: readonly bigint[][] } {
  const bytes = (row: number, label: number) => sha256(Uint8Array.of(label, row & 255, row >> 8));
  const list = Array.from({ length: count }, (_, row) => row);
  const values = list.map((row) =>
    Array.from({ length: width }, (_, v) => ((1n << 67n) - 1n) / BigInt(1 + row * (v + 1))),
  );
  return {
    ...{ count, width, values },
    ids: concat(...list.map((row) => bytes(row, 1))),
    claimKeys: concat(...list.map((row) => bytes(row, 2).slice(0, 31))),
    value: (row, v) => values[row]![v]!,
  };
}

const leafOf = (rows: ReturnType<typeof accounts>, row: number) =>
  claimLeaf(
    rows.ids.subarray(32 * row, 32 * (row + 1)),
    rows.claimKeys.subarray(31 * row, 31 * (row + 1)),
    rows.values[row]!,
  );

test.each([
  // At the edges of a leaf, of a run, of runs of runs.
  ...[1, 2, 12, 13, 16, 17, 192, 193, 1024].map((width) => [5, width] as const),
  [257, 2],
  [0, 3],
] as const)('leaves of %i accounts of %i values are those of section 13', (count, width) => {
  const rows = accounts(count, width);
  const unused = Array.from({ length: 3 }, (_, i) => BigInt(i) + (1n << 200n));
  const tree = hasher.batchTree(rows, concat(...unused.map(elementBytes)));
  for (const row of new Set([0, 1, 4, 255, 256].filter((row) => row < count)))
    expect(tree.leaf(row)).toBe(leafOf(rows, row));
  unused.forEach((leaf, i) => expect(tree.leaf(count + i)).toBe(leaf));
  for (const row of [count + 3, 4080, 4095]) expect(tree.leaf(row)).toBe(0n);
});

test('every account leads to the root of its snapshot, and missing batches are all-zero subtrees', () => {
  const batches = [accounts(6, 2), accounts(3, 2), accounts(1, 2)];
  const trees = batches.map((rows) => hasher.batchTree(rows, new Uint8Array(0)));
  const roots = new ClaimRoots(trees.map(({ root }) => root));
  batches.forEach((rows, batch) => {
    for (const row of [0, rows.count - 1]) {
      const path = [...trees[batch]!.path(row), ...roots.path(batch)];
      expect(climbClaims(leafOf(rows, row), path, 4096 * batch + row)).toBe(roots.root);
      expect(climbClaims(leafOf(rows, row), path, 4096 * batch + (row ^ 1))).not.toBe(roots.root);
    }
  });
  // The last place of all: its leaf is 0, and so is everything beside it that isn't there.
  let zero = 0n;
  const siblings = Array.from({ length: 28 }, () => {
    const sibling = zero;
    zero = claimNode(zero, zero);
    return sibling;
  });
  expect(roots.path(65_535).slice(0, 14)).toEqual(siblings.slice(12, 26));
  expect(climbClaims(0n, [...siblings.slice(0, 12), ...roots.path(65_535)], 2 ** 28 - 1)).toBe(roots.root);
});

test('accounts that hold little have the leaves of section 13, whichever of their values are zero', () => {
  // Runs of zeros at the beginning, in between, at the end, and everywhere.
  const held = [[], [0], [17, 39], [199], [0, 16, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192]];
  const rows = accounts(held.length, 200);
  const values = rows.values.map((row, i) => row.map((value, v) => (held[i]!.includes(v) ? value + 1n : 0n)));
  const sparse = { ...rows, values, value: (row: number, v: number) => values[row]![v]! };
  const tree = hasher.batchTree(sparse, new Uint8Array(0));
  held.forEach((_, row) => expect(tree.leaf(row)).toBe(leafOf(sparse, row)));
});

test('the tree above given leaves is the one that gave them', () => {
  const tree = hasher.batchTree(accounts(5, 2), new Uint8Array(0));
  const again = hasher.treeOf(tree.nodes.slice(0, 32 * 4080));
  expect(again.nodes).toEqual(tree.nodes);
  expect(() => hasher.treeOf(new Uint8Array(32 * 4097))).toThrow('4,096');
});

test.each([64, 65, 97, 131])('%i batches: each leads to the same root as few do', (count) => {
  const given = Array.from({ length: count }, (_, i) => modulo(fromBytes(sha256(Uint8Array.of(i)))));
  const roots = new ClaimRoots(given);
  for (const batch of [0, 1, 31, count - 2, count - 1])
    expect(climb(given[batch]!, roots.path(batch), batch)).toBe(roots.root);
});

function climb(node: bigint, path: readonly bigint[], place: number): bigint {
  return path.reduce(
    (below, sibling, j) => ((place >> j) & 1 ? claimNode(sibling, below) : claimNode(below, sibling)),
    node,
  );
}

test('no more rows than a batch has, no more batches than a tree has', () => {
  expect(() => hasher.batchTree(accounts(1, 1), new Uint8Array(32 * 4096))).toThrow('4,096');
  expect(() => new ClaimRoots([])).toThrow('65,536');
  expect(() => new ClaimRoots(Array<bigint>(65_537).fill(0n))).toThrow('65,536');
});
