import { encodePoints, R, toHex, u32be } from '@solvent/algebra';
import { siblingSides, totalsChallenge, treeRoot } from '@solvent/proof/verify';
import { createHash } from 'node:crypto';
import type { Leaf } from './snapshot-builder';
import { vectorSnapshots } from './vector-snapshots';
import type { Vector, VectorKind } from './vectors';
import { BAD_POINTS } from './verify-file';

interface JsonLeaf {
  readonly tag: string;
  readonly sums: readonly string[];
}

/** Input of a `tree` vector: is `root` that of the tree over these leaves, batch 0 first? */
export interface TreeVectorInput {
  readonly headerDigest: string;
  readonly leaves: readonly JsonLeaf[];
  readonly batchCount: number;
  readonly root: string;
}

/** Input of a `totals` vector: does the opening prove these totals of a tree with this root and these sums at its top? */
export interface TotalsVectorInput {
  readonly root: string;
  readonly sums: readonly string[];
  readonly totals: readonly unknown[];
  readonly opening: string;
}

const json = ({ tag, sums }: Leaf): JsonLeaf => ({ tag: toHex(tag), sums: encodePoints(sums).map(toHex) });

export async function treeVectors(): Promise<Vector[]> {
  const { spot, aggregate } = await vectorSnapshots();
  const { builder } = spot;
  const digest = toHex(builder.digest);
  const some = spot.lines.map(({ proof }) => builder.leavesOf(proof)[0]!);
  /** Leaves of any number from the three proved ones: sums and tags need no proof here. */
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
    root: toHex(builder.close(spot.lines.slice(0, 1), { leaves: () => leaves(count) }).root),
  });
  const correct = [1, 2, 3, 4, 5, 6, 7, 8, 13].map((count) => {
    const { tree } = builder.close(spot.lines.slice(0, 1), { leaves: () => leaves(count) });
    return of('correct', `${count}-leaves`, honest(count), {
      top: { hash: toHex(tree.top.hash), sums: encodePoints(tree.top.sums).map(toHex) },
      paths: leaves(count).map((_, batch) =>
        tree.path(batch).map((node, i) => ({
          side: siblingSides(batch, count)[i],
          hash: toHex(node.hash),
          sums: encodePoints(node.sums).map(toHex),
        })),
      ),
    });
  });
  const [a, b, c] = honest(3).leaves as [JsonLeaf, JsonLeaf, JsonLeaf];
  const distinct = { ...honest(3), leaves: some.map(json), root: toHex(spot.snapshot.root) };
  const [x, y, z] = distinct.leaves as [JsonLeaf, JsonLeaf, JsonLeaf];
  const wrong = (name: string, more: Partial<TreeVectorInput>) =>
    of('incorrect', name, { ...distinct, ...more }, { valid: false });
  const two = aggregate.snapshot;
  const incorrect = [
    wrong('leaves-swapped', { leaves: [y, x, z] }),
    wrong('leaf-doubled', { leaves: [x, x, z] }),
    wrong('leaf-dropped', { leaves: [x, y] }),
    wrong('leaf-added', { leaves: [x, y, z, z] }),
    wrong('tag-of-a-neighbour', { leaves: [{ ...x, tag: y.tag }, y, z] }),
    wrong('sum-of-a-neighbour', { leaves: [{ ...x, sums: y.sums }, y, z] }),
    wrong('sums-exchanged-between-leaves', { leaves: [{ ...x, sums: y.sums }, { ...y, sums: x.sums }, z] }),
    wrong('other-header', { headerDigest: toHex(aggregate.builder.digest) }),
    wrong('other-number-of-batches', { batchCount: 4 }),
    wrong('root-is-the-hash-of-the-top', { root: toHex(spot.snapshot.tree.top.hash) }),
    wrong('root-of-another-header', {
      root: toHex(treeRoot(aggregate.builder.digest, 3, spot.snapshot.tree.top)),
    }),
    wrong('padded-to-a-power-of-two', {
      root: toHex(
        builder.close(spot.lines.slice(0, 1), { leaves: () => [...some, some[2]!], batchCount: () => 3 })
          .root,
      ),
    }),
    of(
      'incorrect',
      'sums-within-a-leaf-swapped',
      {
        headerDigest: toHex(aggregate.builder.digest),
        leaves: two.leaves.map(json).map((leaf) => ({ ...leaf, sums: [...leaf.sums].reverse() })),
        batchCount: 2,
        root: toHex(two.root),
      },
      { valid: false },
    ),
  ];
  const malformed = Object.entries(BAD_POINTS).map(([name, point]) =>
    of(
      'malformed',
      `sum-${name.replaceAll(' ', '-')}`,
      { ...distinct, leaves: [a, { ...b, sums: [toHex(point)] }, c] },
      { code: 'POINT_MALFORMED' },
    ),
  );
  return [...correct, ...incorrect, ...malformed];
}

export async function totalsVectors(): Promise<Vector[]> {
  const all = await vectorSnapshots();
  const input = (mode: 'spot' | 'aggregate' | 'margin'): TotalsVectorInput => {
    const { root, tree, totals, manifest } = all[mode].snapshot;
    return {
      root: toHex(root),
      sums: encodePoints(tree.top.sums).map(toHex),
      totals: totals.map(String),
      opening: manifest.totalsOpening,
    };
  };
  const correct = (['spot', 'aggregate', 'margin'] as const).map((mode): Vector => {
    const { root, totals } = all[mode].snapshot;
    const beta = totalsChallenge(root, totals).toString(16).padStart(64, '0');
    return { kind: 'correct', name: mode, input: input(mode), expected: { beta: `0x${beta}` } };
  });
  const base = input('aggregate');
  const [equity, debt] = all.aggregate.snapshot.totals as [bigint, bigint];
  const { builder, lines, snapshot } = all.aggregate;
  const stored = lines.flatMap((line) => line.stored);
  const best = (totals: readonly bigint[]) => ({
    totals: totals.map(String),
    opening: toHex(builder.openTotals(stored, snapshot.root, totals, snapshot.totals)),
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
    wrong('other-root', { root: toHex(createHash('sha256').update(u32be(1)).digest()) }),
    wrong('sums-swapped', { sums: [...base.sums].reverse() }),
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
