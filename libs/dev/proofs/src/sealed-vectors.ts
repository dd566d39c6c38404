import { concat, toHex } from '@solvent-por/kzg';
import {
  canonicalJson,
  entryKey,
  entryTag,
  inclusionToJson,
  shardShapes,
  VALUE_BOUND,
  type SealedAccount,
} from '@solvent-por/verifier';
import type { SealedSteps } from './sealed-bundle';
import { damagedVectors } from './sealed-damage-vectors';
import { malformedIndexVectors, refusedIndexVectors } from './sealed-index-vectors';
import { flip, SealedCase, type SealedVectorInput } from './sealed-vector-parts';
import { testKey } from './snapshots';
import { vectorSnapshots } from './vector-snapshots';
import type { Vector } from './vectors';
import { BAD_POINTS, replaced } from './verify-file';

export async function sealedVectors(): Promise<Vector[]> {
  const { spot, aggregate, margin, haircuts } = await vectorSnapshots();
  const base = new SealedCase(spot, 3);
  return [
    ...[
      correct('spot-of-three-batches', base),
      correct('aggregate-of-two-batches', new SealedCase(aggregate, 2)),
      correct('margin-of-one-batch', new SealedCase(margin, 0)),
      correct('tiers-and-pools', new SealedCase(haircuts, 1)),
      correct('last-account', new SealedCase(spot, 5)),
      correct('with-one-bit-less', base, { shape: shardShapes(3)[1] }),
    ],
    ...damagedVectors(base),
    ...absent(base),
    ...refusedIndexVectors(base, new SealedCase(aggregate, 0)),
    ...invalidEntries(base),
    ...malformedIndexVectors(base),
  ];
}

function correct(name: string, given: SealedCase, steps: Omit<SealedSteps, 'account'> = {}): Vector {
  const bundle = given.build(steps);
  const inclusion = given.sealed.inclusion(given.account);
  return {
    kind: 'correct',
    name,
    input: given.input(bundle),
    expected: {
      outcome: 'included',
      asked: ['index.json', 'tree.bin', given.file(bundle.shape)],
      document: canonicalJson(inclusionToJson(inclusion)),
    },
  };
}

/** Nothing is wrong, and the account isn't there. */
function absent(base: SealedCase): Vector[] {
  const honest = base.build();
  const inclusion = base.sealed.inclusion(base.account);
  const wrong = (name: string, input: SealedVectorInput, key = base.key): Vector => ({
    kind: 'incorrect',
    name: `absent-${name}`,
    input,
    expected: {
      outcome: 'absent',
      code: 'SEALED_ABSENT',
      asked: ['index.json', 'tree.bin', base.file(honest.shape, key)],
    },
  });
  const tagged = (tag: Uint8Array) => base.input(base.build({ entry: (_, seal) => seal({ tag }) }));
  const nobody = testKey('nobody');
  return [
    wrong('nobody', base.input(honest, { key: toHex(nobody) }), nobody),
    wrong('id-given-as-key', base.input(honest, { key: toHex(inclusion.id) }), inclusion.id),
    wrong('left-out-by-the-operator', base.input(base.build({ entry: () => undefined }))),
    wrong('under-a-tag-of-the-account-key', tagged(entryTag(inclusion.manifest, base.key))),
    wrong('under-a-tag-of-another-manifest', tagged(entryTag(testKey('manifest'), inclusion.id))),
    wrong(
      'under-a-tag-that-differs-in-its-last-bit',
      tagged(flip(entryTag(inclusion.manifest, inclusion.id), 15)),
    ),
    wrong(
      'under-the-first-bytes-of-its-key',
      tagged(entryKey(inclusion.manifest, inclusion.id).slice(0, 16)),
    ),
  ];
}

/** Entries that open, under a signed index, and whose document fails section 9. */
function invalidEntries(base: SealedCase): Vector[] {
  const wrong = (name: string, code: string, steps: Omit<SealedSteps, 'account'>): Vector => ({
    kind: 'incorrect',
    name: `invalid-${name}`,
    input: base.input(base.build(steps)),
    expected: { outcome: 'invalid', code, asked: ['index.json', 'tree.bin', base.file()] },
  });
  const plain = (name: string, code: string, change: (honest: SealedAccount) => Partial<SealedAccount>) =>
    wrong(name, code, { plain: (honest) => ({ ...honest, ...change(honest) }) });
  const neighbour = base.sealed.inclusion(base.account ^ 1);
  const point = (i: number, encoding: Uint8Array) =>
    plain(`opening-${i}-not-a-point`, 'POINT_MALFORMED', ({ openings }) => ({
      openings: replaced(openings, i, encoding) as unknown as SealedAccount['openings'],
    }));
  const { batch } = base.sealed.inclusion(base.account);
  return [
    plain('value-one-more', 'INCLUSION_ROOT', ({ values }) => ({
      values: replaced(values, 0, values[0]! + 1n),
    })),
    plain('value-below-its-bound', 'INCLUSION_ROOT', () => ({ values: [VALUE_BOUND - 1n] })),
    plain('value-at-its-bound', 'INCLUSION_MALFORMED', () => ({ values: [VALUE_BOUND] })),
    plain('largest-value-of-nine-bytes', 'INCLUSION_MALFORMED', () => ({ values: [(1n << 72n) - 1n] })),
    plain('another-batch', 'INCLUSION_ROOT', ({ batch: b }) => ({ batch: b ^ 1 })),
    plain('batch-at-the-number-of-batches', 'INCLUSION_BATCH', () => ({ batch: base.manifest.batchCount })),
    plain('largest-batch', 'INCLUSION_BATCH', () => ({ batch: 0xffffffff })),
    plain('another-row', 'INCLUSION_ROOT', ({ row }) => ({ row: row ^ 1 })),
    plain('reserved-row', 'INCLUSION_ROW', () => ({ row: 4080 })),
    plain('row-beyond-the-batch', 'INCLUSION_MALFORMED', () => ({ row: 4096 })),
    plain('largest-row', 'INCLUSION_MALFORMED', () => ({ row: 65535 })),
    plain('another-salt', 'INCLUSION_ROOT', ({ salt }) => ({ salt: flip(salt, 31) })),
    plain('account-path-swapped', 'INCLUSION_ROOT', ({ accountPath: [a, b, ...rest] }) => ({
      accountPath: [b!, a!, ...rest],
    })),
    plain('openings-swapped', 'INCLUSION_OPENING', ({ openings: [a, b, c] }) => ({ openings: [b, a, c] })),
    plain('openings-of-the-neighbour', 'INCLUSION_OPENING', () => ({ openings: neighbour.openings })),
    plain('somebody-elses-account', 'INCLUSION_ROOT', () => neighbour),
    point(0, BAD_POINTS['not on the curve']!),
    point(1, BAD_POINTS['not in the subgroup']!),
    point(2, BAD_POINTS['not canonical']!),
    // Signed by the operator; only the root of the manifest shows it.
    wrong('tree-with-another-leaf-hash-for-the-sibling', 'INCLUSION_ROOT', {
      tree: (tree) => flip(tree, 80 * (batch ^ 1) + 3),
    }),
    wrong('tree-with-two-leaves-swapped', 'INCLUSION_ROOT', {
      tree: (tree) => concat(tree.slice(80, 160), tree.slice(0, 80), tree.slice(160)),
    }),
    wrong('tree-with-a-sum-that-is-no-point', 'POINT_MALFORMED', {
      tree: (tree) =>
        concat(tree.slice(0, 80 * batch + 32), BAD_POINTS['not on the curve']!, tree.slice(80 * (batch + 1))),
    }),
  ];
}
