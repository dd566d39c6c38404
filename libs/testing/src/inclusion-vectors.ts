import { encodePoints, R, toHex } from '@solvent/algebra';
import { nativeVerifier } from '@solvent/algebra/native';
import { inclusionToJson, leafNode, climb, treeRoot, type Inclusion } from '@solvent/proof/verify';
import { testKey, toBatches } from './snapshots';
import { documentOf, inclusionFile } from './snapshot-builder';
import { vectorSnapshots } from './vector-snapshots';
import type { Vector } from './vectors';
import { BAD_POINTS } from './verify-file';

/** Input of an `inclusion` vector: the file's text, and what the user knows. */
export interface InclusionVectorInput {
  readonly document: string;
  /** The id that the user gave. */
  readonly id?: string;
  /** A manifest that the user trusts, as its document. */
  readonly manifest?: string;
}

type Json = Record<string, unknown>;
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

export async function inclusionVectors(): Promise<Vector[]> {
  const all = await vectorSnapshots();
  const included = (mode: 'spot' | 'aggregate' | 'margin', line: number, row: number) => {
    const { builder, snapshot, lines } = all[mode];
    return builder.include(snapshot, lines[line]!.stored[0]!, row);
  };
  const honest = included('aggregate', 0, 1);
  const stored = all.aggregate.lines[0]!.stored[0]!;
  const manifest = text(all.aggregate.snapshot.document);
  const id = toHex(honest.id);

  const correct = (['spot', 'aggregate', 'margin'] as const).flatMap((mode): Vector[] => {
    const last = all[mode].lines.length - 1;
    const inclusion = included(mode, last, 0);
    const document = text(inclusionFile(inclusion));
    const trusted = { id: toHex(inclusion.id), manifest: text(all[mode].snapshot.document) };
    const make = (name: string, more: Partial<InclusionVectorInput>): Vector => ({
      kind: 'correct',
      name: `${mode}-${name}`,
      input: { document, ...more },
      expected: {
        valid: true,
        idChecked: more.id !== undefined,
        manifestChecked: more.manifest !== undefined,
        values: inclusion.values.map(String),
      },
    });
    return [make('id-and-manifest', trusted), make('id-alone', { id: trusted.id }), make('file-alone', {})];
  });

  const wrong = (
    name: string,
    code: string,
    change: Partial<Inclusion>,
    more: Partial<InclusionVectorInput> = {},
  ): Vector => ({
    kind: 'incorrect',
    name,
    input: { document: text(inclusionFile({ ...honest, ...change })), id, manifest, ...more },
    expected: { valid: false, code },
  });
  const [tag, sums] = [honest.commitments.tag, honest.commitments.sums];
  const path = honest.path[0]!;
  const neighbour = all.aggregate.builder.include(all.aggregate.snapshot, stored, 0);
  const double = (point: Uint8Array) =>
    encodePoints(
      nativeVerifier()
        .decodePoints([point])
        .map((p) => p.double()),
    )[0]!;
  const flipped = (bytes: Uint8Array) => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte));
  const value = [honest.values[0]! + 1n, honest.values[1]!];
  const incorrect = [
    wrong('id-of-another-user', 'INCLUSION_ID', {}, { id: toHex(neighbour.id) }),
    wrong('id-rewritten', 'INCLUSION_OPENING', { id: neighbour.id }, { id: toHex(neighbour.id) }),
    wrong('salt-altered', 'INCLUSION_OPENING', { salt: flipped(honest.salt) }),
    wrong('value-altered', 'INCLUSION_OPENING', { values: value }),
    wrong(
      'value-altered-and-reopened',
      'INCLUSION_OPENING',
      all.aggregate.builder.reopen({ ...honest, values: value }, stored),
    ),
    wrong('row-of-a-neighbour', 'INCLUSION_OPENING', { row: 0, opening: neighbour.opening }),
    wrong('row-4080', 'INCLUSION_ROW', { row: 4080 }),
    wrong('row-4095', 'INCLUSION_ROW', { row: 4095 }),
    wrong('batch-at-the-number-of-batches', 'INCLUSION_BATCH', { batch: 2 }),
    wrong('other-number-of-batches', 'INCLUSION_PATH', { batchCount: 3 }),
    wrong('other-batch', 'INCLUSION_MANIFEST', { batch: 1 }),
    wrong('path-shortened', 'INCLUSION_PATH', { path: [] }),
    wrong('path-lengthened', 'INCLUSION_PATH', { path: [path, path] }),
    wrong('sibling-sum-altered', 'INCLUSION_MANIFEST', { path: [{ ...path, sums: path.sums.map(double) }] }),
    wrong('sibling-hash-altered', 'INCLUSION_MANIFEST', { path: [{ ...path, hash: flipped(path.hash) }] }),
    wrong('leaf-sum-altered', 'INCLUSION_MANIFEST', { commitments: { tag, sums: sums.map(double) } }),
    wrong('total-altered', 'INCLUSION_MANIFEST', { totals: [honest.totals[0]! + 1n, honest.totals[1]!] }),
    wrong('totals-opening-altered', 'INCLUSION_MANIFEST', { totalsOpening: double(honest.totalsOpening) }),
    wrong('manifest-digest-altered', 'INCLUSION_MANIFEST', { manifest: flipped(honest.manifest) }),
    wrong(
      'manifest-of-another-snapshot',
      'INCLUSION_MANIFEST',
      {},
      { manifest: text(all.spot.snapshot.document) },
    ),
    ...fakeLeaf(),
  ];

  /** Section 9: a leaf that is in no tree, and `top − leaf` for its sibling; one published value. */
  function fakeLeaf(): Vector[] {
    const { builder, lines } = all.spot;
    const two = builder.close(lines.slice(0, 2));
    const apart = builder.prove(0, toBatches([{ id: testKey('victim'), amounts: [1n] }]));
    const leaf = builder.leavesOf(apart.proof)[0]!;
    const sibling = two.tree.top.sums.map((sum, v) => sum.subtract(leaf.sums[v]!));
    const place = {
      tag: leaf.tag,
      sums: encodePoints(leaf.sums),
      path: [{ hash: testKey('hash'), sums: encodePoints(sibling) }],
    };
    const fake = builder.include(two, apart.stored[0]!, 0, place);
    const document = text(inclusionFile(fake));
    const top = climb(
      leafNode(builder.digest, 0, leaf.tag, leaf.sums),
      [{ hash: place.path[0]!.hash, sums: sibling }],
      0,
      2,
    );
    if (toHex(treeRoot(builder.digest, 2, top)) === two.manifest.root)
      throw new Error('the fake leaf is no fake');
    const given = { id: toHex(fake.id) };
    return [
      {
        kind: 'incorrect',
        name: 'fake-leaf-beside-top-minus-leaf',
        input: { document, ...given, manifest: text(two.document) },
        expected: { valid: false, code: 'INCLUSION_MANIFEST' },
      },
      {
        kind: 'correct',
        name: 'fake-leaf-beside-top-minus-leaf-without-a-manifest',
        input: { document, ...given },
        expected: { valid: true, idChecked: true, manifestChecked: false, values: ['1'] },
      },
    ];
  }

  const json = inclusionToJson(honest) as Json;
  const bad = (name: string, code: string, document: string, member?: string): Vector => ({
    kind: 'malformed',
    name,
    input: { document, id, manifest },
    expected: { code, ...(member === undefined ? {} : { details: { member } }) },
  });
  const member = (name: string, at: string, change: Json) =>
    bad(name, 'INCLUSION_MALFORMED', text(documentOf({ ...json, ...change })), at);
  const document = text(documentOf(json));
  const malformed = [
    member('unknown-member', 'inclusion', { note: 'x' }),
    member('row-4096', 'row', { row: 4096 }),
    member('batch-count-zero', 'batchCount', { batchCount: 0 }),
    ...(
      [
        ['negative', '-5'],
        ['empty', ''],
        ['hexadecimal', '0x10'],
        ['with-space', ' 12'],
        ['exponent', '1e3'],
        ['leading-zero', '01'],
        ['2-to-the-67', String(1n << 67n)],
        ['plus-r', String(honest.values[1]! + R)],
      ] as const
    ).map(([name, given]) => member(`value-${name}`, 'values[1]', { values: ['0', given] })),
    member('total-2-to-the-96', 'totals[0]', { totals: [String(1n << 96n), '0'] }),
    member('values-too-few', 'values', { values: ['0'] }),
    member('id-upper-case', 'id', { id: id.toUpperCase().replace('0X', '0x') }),
    member('salt-of-32-bytes', 'salt', { salt: `${toHex(honest.salt)}00` }),
    member('path-of-17-levels', 'path', { path: Array.from({ length: 17 }, () => (json.path as Json[])[0]) }),
    bad('final-line-break', 'DOCUMENT_NOT_CANONICAL', `${document}\n`),
    bad('doubled-member', 'DOCUMENT_NOT_CANONICAL', document.replace('"row":1', '"row":1,"row":1')),
    bad('cut-off', 'DOCUMENT_MALFORMED', document.slice(0, -3)),
    bad('empty', 'DOCUMENT_MALFORMED', ''),
    ...Object.entries(BAD_POINTS).flatMap(([name, point]) => {
      const words = name.replaceAll(' ', '-');
      const put = (where: string, change: Partial<Inclusion>) =>
        bad(`${where}-${words}`, 'POINT_MALFORMED', text(inclusionFile({ ...honest, ...change })));
      return [
        put('tag', { commitments: { tag: point, sums } }),
        put('sum', { commitments: { tag, sums: [sums[0]!, point] } }),
        put('opening', { opening: point }),
        put('path', { path: [{ ...path, sums: [point, path.sums[1]!] }] }),
        put('totals-opening', { totalsOpening: point }),
      ];
    }),
  ];
  return [...correct, ...incorrect, ...malformed];
}
