import { concat, encodePoints, equalBytes, G1_BASE, nobleVerifier, toHex, u32be } from '@solvent-por/kzg';
import { sha256 } from '@noble/hashes/sha2.js';
import {
  climb,
  encodedSum,
  leafNode,
  parentNode,
  siblingRanges,
  siblingSides,
  SumTree,
  SumTreeBuilder,
  treeRoot,
  type SumNode,
} from './sum-tree';

const header = sha256(Uint8Array.of(1));

function leaves(count: number): SumNode[] {
  let point = G1_BASE;
  return Array.from({ length: count }, (_, batch) => {
    point = point.add(G1_BASE);
    return leafNode(header, batch, sha256(u32be(batch)), point);
  });
}

describe('the sum tree (section 8)', () => {
  test('hashes are those of the page', () => {
    const [leaf] = leaves(1);
    const [sum, other, both] = encodePoints(
      [2n, 3n, 5n].map((x) => nobleVerifier().multiScalar([G1_BASE], [x])),
    );
    const accounts = sha256(u32be(0));
    const expected = sha256(concat(Uint8Array.of(0), header, u32be(0), accounts, sum!));
    expect(toHex(leaf!.hash)).toBe(toHex(expected));
    const columns = sha256(Uint8Array.of(7));
    expect(toHex(treeRoot(header, 1, columns, leaf!))).toBe(
      toHex(sha256(concat(Uint8Array.of(2), header, u32be(1), columns, expected, sum!))),
    );
    const [left, right] = leaves(2) as [SumNode, SumNode];
    const node = parentNode(left, right);
    expect(toHex(node.hash)).toBe(
      toHex(sha256(concat(Uint8Array.of(1), left.hash, sum!, right.hash, other!))),
    );
    expect(encodedSum(node)).toEqual(both);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 17])(
    '%d leaves: builder, tree and every path agree',
    (count) => {
      const all = leaves(count);
      const builder = new SumTreeBuilder();
      all.forEach((leaf) => builder.push(leaf));
      const tree = new SumTree(all);
      const top = builder.top();
      expect(equalBytes(top.hash, tree.top.hash)).toBe(true);
      all.forEach((leaf, batch) => {
        const path = tree.path(batch);
        const reached = climb(leaf, path, batch, count);
        expect(equalBytes(reached.hash, top.hash)).toBe(true);
        expect(reached.sum.equals(top.sum)).toBe(true);
      });
      const total = all.map(({ sum }) => sum).reduce((a, b) => a.add(b));
      expect(top.sum.equals(total)).toBe(true);
    },
  );

  test('nodes that the builder reports, found by siblingRanges, are the path, for all sizes to 70', () => {
    const all = leaves(70);
    for (let count = 1; count <= all.length; count++) {
      const nodes = new Map<string, SumNode>();
      const builder = new SumTreeBuilder((node, { start, size }) => {
        expect(nodes.has(`${start}+${size}`)).toBe(false);
        nodes.set(`${start}+${size}`, node);
      });
      all.slice(0, count).forEach((leaf) => builder.push(leaf));
      const top = builder.top();
      expect(nodes.size).toBe(2 * count - 1);
      expect(nodes.get(`0+${count}`)).toBe(top);
      const tree = new SumTree(all.slice(0, count));
      for (let batch = 0; batch < count; batch++) {
        const found = siblingRanges(batch, count).map(({ start, size }) => nodes.get(`${start}+${size}`)!);
        const path = tree.path(batch);
        expect(found.map(({ hash }) => toHex(hash))).toEqual(path.map(({ hash }) => toHex(hash)));
        if (batch === count >> 1)
          expect(found.map(encodedSum)).toEqual(encodePoints(path.map(({ sum }) => sum)));
      }
    }
  });

  test('a tree finds each of its nodes by the leaves below it, and no other', () => {
    for (const count of [1, 2, 3, 5, 8, 13]) {
      const all = leaves(count);
      const nodes = new Map<string, SumNode>();
      const builder = new SumTreeBuilder((node, { start, size }) => nodes.set(`${start}+${size}`, node));
      all.forEach((leaf) => builder.push(leaf));
      builder.top();
      const tree = new SumTree(all);
      for (let start = 0; start < count; start++)
        for (let size = 1; start + size <= count; size++) {
          const node = nodes.get(`${start}+${size}`);
          if (node) expect(toHex(tree.node({ start, size }).hash)).toBe(toHex(node.hash));
          else expect(() => tree.node({ start, size })).toThrow(RangeError);
        }
    }
  });

  test("the shape is RFC 6962's", () => {
    const [a, b, c, d, e] = leaves(5) as [SumNode, SumNode, SumNode, SumNode, SumNode];
    const expected = parentNode(parentNode(parentNode(a, b), parentNode(c, d)), e);
    expect(toHex(new SumTree([a, b, c, d, e]).top.hash)).toBe(toHex(expected.hash));
    expect(siblingSides(4, 5)).toEqual(['left']);
    expect(siblingSides(2, 5)).toEqual(['right', 'left', 'right']);
  });

  test('a path of another length is refused', () => {
    const all = leaves(5);
    const path = new SumTree(all).path(2);
    expect(() => climb(all[2]!, path.slice(1), 2, 5)).toThrow(RangeError);
    expect(() => climb(all[2]!, [...path, all[0]!], 2, 5)).toThrow(RangeError);
  });

  test('a batch in another place, or a doubled one, changes the root', () => {
    const all = leaves(4);
    const top = new SumTree(all).top.hash;
    const swapped = new SumTree([all[1]!, all[0]!, all[2]!, all[3]!]).top.hash;
    expect(equalBytes(top, swapped)).toBe(false);
    expect(() => new SumTreeBuilder().top()).toThrow(RangeError);
  });
});
