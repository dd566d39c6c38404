import { concat, G1_BASE } from '@solvent-por/kzg';
import { encodedSum, leafNode, SumTree } from '../sum-tree';
import { placeInTree, treeFileBytes, treeFileRanges } from './tree-file';

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 16, 17, 23])(
  'the file of %i batches leads every batch to the top',
  (batchCount) => {
    let sum = G1_BASE;
    const leaves = Array.from({ length: batchCount }, (_, batch) =>
      leafNode(new Uint8Array(32), batch, new Uint8Array(32).fill(batch), (sum = sum.add(G1_BASE))),
    );
    const tree = new SumTree(leaves);
    const nodes = [...treeFileRanges(batchCount)].map((range) => tree.node(range));
    const file = concat(...nodes.flatMap((node) => [node.hash, encodedSum(node)]));
    expect(file).toHaveLength(treeFileBytes(batchCount));
    for (let batch = 0; batch < batchCount; batch++)
      expect(placeInTree(file, batch, batchCount)).toEqual({
        sum: encodedSum(leaves[batch]!),
        path: tree.path(batch).map((node) => ({ hash: node.hash, sum: encodedSum(node) })),
      });
  },
);

test('a level of odd size hands its last node up unchanged', () => {
  expect([...treeFileRanges(3)]).toEqual([
    { start: 0, size: 1 },
    { start: 1, size: 1 },
    { start: 2, size: 1 },
    { start: 0, size: 2 },
    { start: 2, size: 1 },
  ]);
  expect([...treeFileRanges(1)]).toEqual([{ start: 0, size: 1 }]);
});

test('a tree has no nodes but its own', () => {
  const leaf = leafNode(new Uint8Array(32), 0, new Uint8Array(32), G1_BASE);
  const tree = new SumTree([leaf, leaf, leaf]);
  for (const range of [
    { start: 1, size: 2 },
    { start: 3, size: 1 },
    { start: 0, size: 4 },
    { start: 0, size: 0 },
  ])
    expect(() => tree.node(range)).toThrow(RangeError);
});
