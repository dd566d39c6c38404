import { concat, encodePoints, R, toBytes, toHex, u32be } from '@solvent-por/kzg';
import { encodedSum, shownNode, siblingSides, treeRoot } from '@solvent-por/verifier';
import { createHash } from 'node:crypto';
import type { Leaf } from './small-snapshot';
import { vectorSnapshots } from './vector-snapshots';
import type { Vector, VectorKind } from './vectors';
import { BAD_POINTS, unhex } from './verify-file';

interface JsonLeaf {
  /** Root of the batch's account tree. */
  readonly accounts: string;
  readonly sum: string;
}

/** Input of a `tree` vector: is `root` that of the tree over these leaves, batch 0 first? */
export interface TreeVectorInput {
  readonly headerDigest: string;
  readonly leaves: readonly JsonLeaf[];
  readonly batchCount: number;
  readonly columns: string;
  readonly root: string;
}

/**
 * Input of a `totals` vector: does the opening prove these totals of a tree with this sum at its top, under
 * the γ of all this?
 */
export interface TotalsVectorInput {
  readonly headerDigest: string;
  readonly batchCount: number;
  readonly columns: string;
  readonly sum: string;
  readonly totals: readonly unknown[];
  readonly opening: string;
}

const json = ({ accounts, sum }: Leaf): JsonLeaf => ({
  accounts: toHex(accounts),
  sum: toHex(encodePoints([sum])[0]!),
});

const sha256 = (...parts: readonly Uint8Array[]): string =>
  `0x${createHash('sha256')
    .update(concat(...parts))
    .digest('hex')}`;

export async function treeVectors(): Promise<Vector[]> {
  const { spot, aggregate } = await vectorSnapshots();
  const { builder } = spot;
  const digest = toHex(builder.digest);
  const some = spot.snapshot.leaves;
  const { columns } = builder.finalise(spot.lines.slice(0, 1));
  /** Leaves of any number from the three proved ones: sums and account trees need no proof here. */
  const leaves = (count: number) => Array.from({ length: count }, (_, i) => some[(i * i + i) % 3]!);
  const of = (kind: VectorKind, name: string, input: TreeVectorInput, expected: unknown): Vector => ({
    kind,
    name,
    input,
    expected,
  });
  const honest = (count: number): TreeVectorInput => ({
    headerDigest: digest,
    leaves: leaves(count).map(json),
    batchCount: count,
    columns: toHex(columns),
    root: toHex(
      builder.finalise(spot.lines.slice(0, 1), { leaves: () => leaves(count), batchCount: () => count }).root,
    ),
  });
  const correct = [1, 2, 3, 4, 5, 6, 7, 8, 13].map((count) => {
    const { tree } = builder.finalise(spot.lines.slice(0, 1), { leaves: () => leaves(count) });
    return of('correct', `${count}-leaves`, honest(count), {
      top: { hash: toHex(tree.top.hash), sum: toHex(encodedSum(tree.top)) },
      paths: leaves(count).map((_, batch) =>
        tree.path(batch).map((node, i) => ({
          side: siblingSides(batch, count)[i],
          hash: toHex(node.hash),
          sum: toHex(encodedSum(node)),
        })),
      ),
    });
  });
  const [a, b, c] = honest(3).leaves as [JsonLeaf, JsonLeaf, JsonLeaf];
  const distinct = {
    ...honest(3),
    leaves: some.map(json),
    columns: toHex(spot.snapshot.columns),
    root: toHex(spot.snapshot.root),
  };
  const [x, y, z] = distinct.leaves as [JsonLeaf, JsonLeaf, JsonLeaf];
  const wrong = (name: string, more: Partial<TreeVectorInput>) =>
    of('incorrect', name, { ...distinct, ...more }, { valid: false });
  /** The root where the first two leaves are joined under another first byte. */
  const rootOver = (byte: number): string => {
    const [p, q, last] = spot.snapshot.nodes.map(encodedSum) as [Uint8Array, Uint8Array, Uint8Array];
    const [l, m, n] = spot.snapshot.nodes.map(({ hash }) => hash) as [Uint8Array, Uint8Array, Uint8Array];
    const [left, right] = spot.snapshot.nodes as [
      (typeof spot.snapshot.nodes)[0],
      (typeof spot.snapshot.nodes)[0],
    ];
    const sum = left.sum.add(right.sum);
    const encoded = encodePoints([sum])[0]!;
    // Byte 0 for the node above two leaves, or byte 1 for the last leaf, whose two parts are then too few.
    const joined = unhex(sha256(Uint8Array.of(byte === 0 ? 0 : 1), l, p, m, q));
    const third =
      byte === 1
        ? unhex(sha256(Uint8Array.of(1), builder.digest, u32be(2), spot.snapshot.leaves[2]!.accounts, last))
        : n;
    const top = unhex(sha256(Uint8Array.of(1), joined, encoded, third, last));
    const node = shownNode(top, spot.snapshot.tree.top.sum, encodedSum(spot.snapshot.tree.top));
    return toHex(treeRoot(builder.digest, 3, spot.snapshot.columns, node));
  };
  const incorrect = [
    wrong('leaves-swapped', { leaves: [y, x, z] }),
    wrong('leaf-doubled', { leaves: [x, x, z] }),
    wrong('leaf-dropped', { leaves: [x, y] }),
    wrong('leaf-added', { leaves: [x, y, z, z] }),
    wrong('accounts-of-a-neighbour', { leaves: [{ ...x, accounts: y.accounts }, y, z] }),
    wrong('accounts-exchanged-between-leaves', {
      leaves: [{ ...x, accounts: y.accounts }, { ...y, accounts: x.accounts }, z],
    }),
    wrong('accounts-left-out-of-a-leaf', { leaves: [{ ...x, accounts: '0x' }, y, z] }),
    wrong('sum-of-a-neighbour', { leaves: [{ ...x, sum: y.sum }, y, z] }),
    wrong('sums-exchanged-between-leaves', { leaves: [{ ...x, sum: y.sum }, { ...y, sum: x.sum }, z] }),
    wrong('other-columns', { columns: toHex(aggregate.snapshot.columns) }),
    wrong('columns-left-out', {
      root: sha256(
        Uint8Array.of(2),
        builder.digest,
        u32be(3),
        spot.snapshot.tree.top.hash,
        encodedSum(spot.snapshot.tree.top),
      ),
    }),
    wrong('leaf-hashed-as-a-node', { root: rootOver(1) }),
    wrong('node-hashed-as-a-leaf', { root: rootOver(0) }),
    wrong('other-header', { headerDigest: toHex(aggregate.builder.digest) }),
    wrong('other-number-of-batches', { batchCount: 4 }),
    wrong('root-is-the-hash-of-the-top', { root: toHex(spot.snapshot.tree.top.hash) }),
    wrong('root-of-another-header', {
      root: toHex(treeRoot(aggregate.builder.digest, 3, spot.snapshot.columns, spot.snapshot.tree.top)),
    }),
    wrong('padded-to-a-power-of-two', {
      root: toHex(
        builder.finalise(spot.lines, { leaves: () => [...some, some[2]!], batchCount: () => 3 }).root,
      ),
    }),
  ];
  const malformed = Object.entries(BAD_POINTS).map(([name, point]) =>
    of(
      'malformed',
      `sum-${name.replaceAll(' ', '-')}`,
      { ...distinct, leaves: [a, { ...b, sum: toHex(point) }, c] },
      { code: 'POINT_MALFORMED' },
    ),
  );
  return [...correct, ...incorrect, ...malformed];
}

export async function totalsVectors(): Promise<Vector[]> {
  const all = await vectorSnapshots();
  const input = (mode: keyof typeof all): TotalsVectorInput => {
    const { manifest, tree, totals } = all[mode].snapshot;
    return {
      headerDigest: toHex(all[mode].builder.digest),
      batchCount: manifest.batchCount,
      columns: manifest.columns,
      sum: toHex(encodedSum(tree.top)),
      totals: totals.map(String),
      opening: manifest.totalsOpening,
    };
  };
  const correct = (['spot', 'aggregate', 'margin', 'haircuts'] as const).map((mode): Vector => ({
    kind: 'correct',
    name: mode,
    input: input(mode),
    expected: { gamma: toHex(toBytes(all[mode].snapshot.gamma)) },
  }));
  const base = input('aggregate');
  const [equity, debt] = all.aggregate.snapshot.totals as [bigint, bigint];
  const { builder, lines, snapshot } = all.aggregate;
  const stored = lines.flatMap((line) => line.stored);
  const best = (totals: readonly bigint[]) => ({
    totals: totals.map(String),
    opening: toHex(
      builder.openTotals(
        stored,
        builder.finalise(lines, { totals: () => totals }).gamma,
        totals,
        snapshot.totals,
      ),
    ),
  });
  const wrong = (name: string, more: Partial<TotalsVectorInput>): Vector => ({
    kind: 'incorrect',
    name,
    input: { ...base, ...more },
    expected: { valid: false },
  });
  const total = (name: string, value: unknown): Vector => ({
    kind: 'malformed',
    name: `total-${name}`,
    input: { ...base, totals: [String(equity), value] },
    expected: { code: 'TOTAL_MALFORMED' },
  });
  const incorrect = [
    wrong('one-more', best([equity + 1n, debt])),
    wrong('one-less', best([equity, debt - 1n])),
    wrong('gross-understated-together', best([equity - 9n, debt - 9n])),
    wrong('moved-from-one-to-the-other', best([equity - 1n, debt + 1n])),
    wrong('totals-swapped', best([debt, equity])),
    wrong('totals-changed-alone', { totals: [String(equity + 1n), String(debt)] }),
    wrong('other-columns', { columns: sha256(u32be(1)) }),
    wrong('other-header', { headerDigest: toHex(all.spot.builder.digest) }),
    wrong('other-number-of-batches', { batchCount: 3 }),
    wrong('sum-of-a-batch', { sum: toHex(encodedSum(snapshot.nodes[0]!)) }),
    wrong('opening-of-other-totals', { opening: input('spot').opening }),
    wrong('opening-infinity', { opening: `0xc0${'00'.repeat(47)}` }),
  ];
  const malformed = [
    total('negative', '-5'),
    total('empty', ''),
    total('hexadecimal', '0x10'),
    total('with-space', ' 12'),
    total('exponent', '1e3'),
    total('leading-zero', `0${debt}`),
    total('2-to-the-96', String(1n << 96n)),
    total('plus-r', String(debt + R)),
    total('minus-r', String(debt - R)),
    total('as-number', 12),
    ...Object.entries(BAD_POINTS).map(([name, point]): Vector => ({
      kind: 'malformed',
      name: `opening-${name.replaceAll(' ', '-')}`,
      input: { ...base, opening: toHex(point) },
      expected: { code: 'POINT_MALFORMED' },
    })),
  ];
  return [...correct, ...incorrect, ...malformed];
}
