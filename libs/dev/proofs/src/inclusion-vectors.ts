import { encodePoints, R, toHex } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import {
  accountId,
  accountLeaf,
  foldValues,
  inclusionToJson,
  manifestDigest,
  type Header,
  type Inclusion,
  type Manifest,
} from '@solvent-por/verifier';
import { BatchProver, foldedColumn, plainOpening } from '@solvent-por/prover';
import { testKey, toBatches } from './snapshots';
import { documentOf, inclusionFile, signAnything } from './snapshot-builder';
import { leavesOf, treeOf } from './stored-batches';
import { vectorSnapshots, type VectorSnapshot } from './vector-snapshots';
import type { Vector } from './vectors';
import { BAD_POINTS, replaced } from './verify-file';

/**
 * Input of an `inclusion` vector: the file's text, the manifest it is verified against, and the user's key
 * where they gave one.
 */
export interface InclusionVectorInput {
  readonly document: string;
  /** The document of the manifest that the user trusts. */
  readonly manifest: string;
  /** The account key that the user gave. */
  readonly key?: string;
}

type Json = Record<string, unknown>;
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const INFINITY = Uint8Array.from({ length: 48 }, (_, i) => (i === 0 ? 0xc0 : 0));
const flipped = (bytes: Uint8Array) => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte));
const double = (point: Uint8Array) =>
  encodePoints(
    nativeVerifier()
      .decodePoints([point])
      .map((p) => p.double()),
  )[0]!;

const included = ({ builder, snapshot, lines }: VectorSnapshot, line: number, row: number): Inclusion =>
  builder.include(snapshot, lines[line]!.stored[0]!, row);

export async function inclusionVectors(): Promise<Vector[]> {
  const all = await vectorSnapshots();
  const { aggregate } = all;
  const honest = included(aggregate, 0, 1);
  const known = { key: toHex(aggregate.accounts[1]!.key), manifest: text(aggregate.snapshot.document) };
  return [
    ...(['spot', 'aggregate', 'margin', 'haircuts'] as const).flatMap((mode) => correct(mode, all[mode])),
    ...plain(aggregate, honest, known),
    ...incorrect(all, honest, known),
    ...fakeLeaf(all.spot),
    ...malformed(honest, known),
  ];
}

type Known = Omit<InclusionVectorInput, 'document'>;

function correct(mode: string, given: VectorSnapshot): Vector[] {
  const inclusion = included(given, given.lines.length - 1, 0);
  const account = given.accounts[2 * (given.lines.length - 1)]!;
  const input = { document: text(inclusionFile(inclusion)), manifest: text(given.snapshot.document) };
  const make = (name: string, more: Partial<InclusionVectorInput>): Vector => ({
    kind: 'correct',
    name: `${mode}-${name}`,
    input: { ...input, ...more },
    expected: {
      valid: true,
      keyChecked: more.key !== undefined,
      values: inclusion.values.map(String),
    },
  });
  return [make('with-key', { key: toHex(account.key) }), make('without-key', {})];
}

/** Openings are not unique, and infinity is accepted where it is right. */
function plain({ builder, snapshot, lines }: VectorSnapshot, honest: Inclusion, known: Known): Vector[] {
  const { kernels, committer, layout } = builder;
  const mark = kernels.mark();
  const column = foldedColumn(kernels, layout, lines[0]!.stored[0]!, snapshot.gamma);
  const value = foldValues(snapshot.gamma, honest.values);
  const opening = plainOpening(kernels, committer, column, honest.row, value);
  kernels.release(mark);
  const file = { ...honest, openings: [INFINITY, INFINITY, opening] as const };
  return [
    {
      kind: 'correct',
      name: 'plain-opening-beside-infinity',
      input: { document: text(inclusionFile(file)), ...known },
      expected: { valid: true, keyChecked: true, values: honest.values.map(String) },
    },
  ];
}

function incorrect(
  all: Awaited<ReturnType<typeof vectorSnapshots>>,
  honest: Inclusion,
  known: Known,
): Vector[] {
  const { aggregate } = all;
  const { builder, snapshot, lines, accounts } = aggregate;
  const stored = lines[0]!.stored[0]!;
  const wrong = (
    name: string,
    code: string,
    change: Partial<Inclusion>,
    more: Partial<InclusionVectorInput> = {},
  ): Vector => ({
    kind: 'incorrect',
    name,
    input: { document: text(inclusionFile({ ...honest, ...change })), ...known, ...more },
    expected: { valid: false, code },
  });
  const path = honest.path[0]!;
  const neighbour = builder.include(snapshot, stored, 0);
  const [a, b, c] = honest.openings;
  const values = [honest.values[0]! + 1n, honest.values[1]!];
  const other = accounts[0]!;
  const before = accountId(new Uint8Array(32), accounts[1]!.key);

  /** The same batch under an account tree with other leaves, and a file of row 1 that fits it. */
  const lying = (leaf: Uint8Array, change: Partial<Inclusion>): [Partial<Inclusion>, Known] => {
    const tree = treeOf(replaced(leavesOf(builder.layout, stored), 1, leaf));
    class LyingProver extends BatchProver {
      protected override accountsRoot(): Uint8Array {
        return tree.root;
      }
    }
    const line = builder.prove(0, [stored.accounts], builder.prover(LyingProver));
    const cheat = builder.finalise([line, lines[1]!]);
    const file = { ...builder.include(cheat, line.stored[0]!, 1), accountPath: tree.path(1), ...change };
    return [file, { key: known.key!, manifest: text(cheat.document) }];
  };
  /** Another manifest, signed, and the file rewritten to it. */
  const under = (change: Partial<Manifest>): [Partial<Inclusion>, Partial<Known>] => {
    const { signature: _, ...unsigned } = { ...snapshot.manifest, ...change };
    const manifest = signAnything(unsigned);
    return [{ manifest: manifestDigest(manifest) }, { manifest: text(documentOf(manifest)) }];
  };
  const falseTotals = builder.finalise(lines, { totals: ([x, y]) => [x! - 1n, y!] });
  return [
    wrong('key-of-another-user', 'INCLUSION_ID', {}, { key: toHex(other.key) }),
    wrong('id-where-the-key-is-expected', 'INCLUSION_ID', {}, { key: toHex(honest.id) }),
    wrong('key-where-the-id-is-expected', 'INCLUSION_ID', { id: accounts[1]!.key }),
    wrong('id-of-another-snapshot', 'INCLUSION_ID', { id: before }),
    {
      ...wrong('id-of-another-snapshot-no-key', 'INCLUSION_ROOT', { id: before }),
      input: {
        document: text(inclusionFile({ ...honest, id: before })),
        manifest: known.manifest,
      } satisfies InclusionVectorInput,
    },
    wrong('id-rewritten', 'INCLUSION_ROOT', { id: neighbour.id }, { key: toHex(other.key) }),
    wrong('salt-altered', 'INCLUSION_ROOT', { salt: flipped(honest.salt) }),
    wrong('value-altered', 'INCLUSION_ROOT', { values }),
    wrong('values-swapped', 'INCLUSION_ROOT', { values: [...honest.values].reverse() }),
    wrong(
      'value-altered-in-the-account-tree-too',
      'INCLUSION_OPENING',
      ...lying(accountLeaf(honest.id, honest.salt, values), { values }),
    ),
    wrong('row-of-a-neighbour', 'INCLUSION_ROOT', { row: 0, openings: neighbour.openings }),
    wrong('row-and-path-of-a-neighbour', 'INCLUSION_ROOT', {
      row: 0,
      openings: neighbour.openings,
      accountPath: neighbour.accountPath,
    }),
    wrong('openings-of-a-neighbour', 'INCLUSION_OPENING', { openings: neighbour.openings }),
    wrong('sides-by-another-row', 'INCLUSION_ROOT', { row: 3 }),
    wrong('row-4080', 'INCLUSION_ROW', { row: 4080 }),
    wrong('row-4095', 'INCLUSION_ROW', { row: 4095 }),
    wrong('batch-at-the-number-of-batches', 'INCLUSION_BATCH', { batch: 2 }),
    wrong('other-batch', 'INCLUSION_ROOT', { batch: 1 }),
    wrong('account-path-sibling-altered', 'INCLUSION_ROOT', {
      accountPath: replaced(honest.accountPath, 0, flipped(honest.accountPath[0]!)),
    }),
    wrong('account-path-top-sibling-altered', 'INCLUSION_ROOT', {
      accountPath: replaced(honest.accountPath, 11, flipped(honest.accountPath[11]!)),
    }),
    wrong('account-path-siblings-swapped', 'INCLUSION_ROOT', {
      accountPath: [honest.accountPath[1]!, honest.accountPath[0]!, ...honest.accountPath.slice(2)],
    }),
    wrong('path-shortened', 'INCLUSION_PATH', { path: [] }),
    wrong('path-lengthened', 'INCLUSION_PATH', { path: [path, path] }),
    wrong('sibling-sum-altered', 'INCLUSION_ROOT', { path: [{ ...path, sum: double(path.sum) }] }),
    wrong('sibling-hash-altered', 'INCLUSION_ROOT', { path: [{ ...path, hash: flipped(path.hash) }] }),
    wrong('sum-altered', 'INCLUSION_ROOT', { sum: double(honest.sum) }),
    wrong('sum-of-the-sibling', 'INCLUSION_ROOT', { sum: path.sum }),
    wrong('openings-64-and-8-swapped', 'INCLUSION_OPENING', { openings: [b, a, c] }),
    wrong('openings-8-and-1-swapped', 'INCLUSION_OPENING', { openings: [a, c, b] }),
    wrong('openings-64-and-1-swapped', 'INCLUSION_OPENING', { openings: [c, b, a] }),
    wrong('opening-64-of-another-cell', 'INCLUSION_OPENING', { openings: [neighbour.openings[0], b, c] }),
    wrong('opening-8-of-another-subcell', 'INCLUSION_OPENING', { openings: [a, neighbour.openings[1], c] }),
    wrong('opening-1-of-another-row', 'INCLUSION_OPENING', { openings: [a, b, neighbour.openings[2]] }),
    ...[0, 1, 2].map((i) =>
      wrong(`opening-${[64, 8, 1][i]}-infinity`, 'INCLUSION_OPENING', {
        openings: replaced(honest.openings, i, INFINITY) as unknown as Inclusion['openings'],
      }),
    ),
    wrong('openings-all-infinity', 'INCLUSION_OPENING', { openings: [INFINITY, INFINITY, INFINITY] }),
    wrong('manifest-digest-altered', 'INCLUSION_MANIFEST', { manifest: flipped(honest.manifest) }),
    wrong(
      'manifest-of-another-snapshot',
      'INCLUSION_MANIFEST',
      {},
      { manifest: text(all.spot.snapshot.document) },
    ),
    wrong('manifest-with-another-number-of-batches', 'INCLUSION_PATH', ...under({ batchCount: 3 })),
    wrong('manifest-with-other-columns', 'INCLUSION_ROOT', ...under({ columns: toHex(testKey('columns')) })),
    wrong('manifest-with-another-root', 'INCLUSION_ROOT', ...under({ root: toHex(testKey('root')) })),
    wrong(
      'manifest-with-another-header',
      'INCLUSION_ID',
      ...under({ header: { ...(snapshot.manifest.header as Header), snapshot: 'another' } }),
    ),
    wrong('manifest-with-another-totals-opening', 'INCLUSION_OPENING', ...under({ totalsOpening: toHex(a) })),
    wrong('manifest-with-false-totals', 'INCLUSION_OPENING', builder.include(falseTotals, stored, 1), {
      manifest: text(falseTotals.document),
    }),
  ];
}

/** A leaf that is in no tree, and `top − leaf` for its sibling. */
function fakeLeaf({ builder, lines }: VectorSnapshot): Vector[] {
  const two = builder.finalise(lines.slice(0, 2));
  const key = testKey('victim');
  const apart = builder.prove(0, toBatches([{ id: accountId(builder.digest, key), amounts: [1n] }]));
  const [leaf] = builder.leavesOf(apart.proof, two.gamma);
  const [sum, sibling] = encodePoints([leaf!.sum, two.tree.top.sum.subtract(leaf!.sum)]);
  const fake = builder.include(two, apart.stored[0]!, 0, {
    sum: sum!,
    path: [{ hash: testKey('hash'), sum: sibling! }],
  });
  return [
    {
      kind: 'incorrect',
      name: 'fake-leaf-beside-top-minus-leaf',
      input: { document: text(inclusionFile(fake)), key: toHex(key), manifest: text(two.document) },
      expected: { valid: false, code: 'INCLUSION_ROOT' },
    },
  ];
}

function malformed(honest: Inclusion, known: Known): Vector[] {
  const json = inclusionToJson(honest) as Json;
  const bad = (name: string, code: string, document: string, member?: string): Vector => ({
    kind: 'malformed',
    name,
    input: { document, ...known },
    expected: { code, ...(member === undefined ? {} : { details: { member } }) },
  });
  const member = (name: string, at: string, change: Json) =>
    bad(name, 'INCLUSION_MALFORMED', text(documentOf({ ...json, ...change })), at);
  const document = text(documentOf(json));
  const { path, accountPath, openings, id, salt } = json as {
    path: Json[];
    accountPath: string[];
    openings: string[];
    id: string;
    salt: string;
  };
  return [
    member('unknown-member', 'inclusion', { note: 'x' }),
    ...['header', 'batchCount', 'commitments', 'opening', 'totals', 'totalsOpening'].map((name) =>
      member(`member-of-the-old-form-${name.toLowerCase()}`, 'inclusion', { [name]: json.sum }),
    ),
    member('other-protocol', 'protocol', { protocol: 'solvent/v2' }),
    member('row-4096', 'row', { row: 4096 }),
    member('batch-65536', 'batch', { batch: 65_536 }),
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
    member('values-too-few', 'values', { values: ['0'] }),
    member('values-too-many', 'values', { values: ['0', '0', '0'] }),
    member('values-1025', 'values', { values: new Array<string>(1025).fill('0') }),
    member('id-upper-case', 'id', { id: id.toUpperCase().replace('0X', '0x') }),
    member('salt-of-31-bytes', 'salt', { salt: salt.slice(0, -2) }),
    member('account-path-of-11', 'accountPath', { accountPath: accountPath.slice(1) }),
    member('account-path-of-13', 'accountPath', { accountPath: [...accountPath, accountPath[0]] }),
    member('two-openings', 'openings', { openings: openings.slice(1) }),
    member('four-openings', 'openings', { openings: [...openings, openings[0]] }),
    member('path-of-17-levels', 'path', { path: Array.from({ length: 17 }, () => path[0]) }),
    bad('final-line-break', 'DOCUMENT_NOT_CANONICAL', `${document}\n`),
    bad('doubled-member', 'DOCUMENT_NOT_CANONICAL', document.replace('"row":1', '"row":1,"row":1')),
    bad('longer-than-65536-bytes', 'DOCUMENT_TOO_LARGE', JSON.stringify('a'.repeat(65_536))),
    bad('cut-off', 'DOCUMENT_MALFORMED', document.slice(0, -3)),
    bad('empty', 'DOCUMENT_MALFORMED', ''),
    ...Object.entries(BAD_POINTS).flatMap(([name, point]) => {
      const words = name.replaceAll(' ', '-');
      const put = (where: string, change: Partial<Inclusion>) =>
        bad(`${where}-${words}`, 'POINT_MALFORMED', text(inclusionFile({ ...honest, ...change })));
      const opening = (i: number) => ({
        openings: replaced(honest.openings, i, point) as unknown as Inclusion['openings'],
      });
      return [
        put('sum', { sum: point }),
        put('opening-64', opening(0)),
        put('opening-8', opening(1)),
        put('opening-1', opening(2)),
        put('path', { path: [{ ...honest.path[0]!, sum: point }] }),
      ];
    }),
  ];
}
