import { encodePoints, toHex, type G1Point, type SolventError } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import {
  accountId,
  accountLeaf,
  headerDigest,
  manifestDigest,
  parseInclusion,
  verifyInclusion,
  type Inclusion,
  type Manifest,
} from '@solvent-por/verifier';
import {
  inclusionFile,
  leavesOf,
  placeOf,
  replaced,
  SnapshotBuilder,
  testAccounts,
  testHeader,
  testKey,
  toBatches,
  treeOf,
  verifyFile,
  type ProvedLine,
  type SmallSnapshot,
} from '@solvent-por/dev/proofs';
import { BatchProver } from '../batch-prover';

/**
 * Inclusion files that say what is not so. The cheater is the operator: all columns, account trees, keys and
 * signatures are theirs.
 */
const kzg = nativeVerifier();
const header = testHeader('spot', 1, 2);
const accounts = testAccounts(header, 6);
const batches = toBatches(accounts, 2);
const mine = accounts[3]!;
let builder: SnapshotBuilder;
let lines: ProvedLine[];
let snapshot: SmallSnapshot;
/** Row 1 of batch 1. */
let honest: Inclusion;

beforeAll(async () => {
  builder = await SnapshotBuilder.load(header);
  lines = builder.proveAll(batches);
  snapshot = builder.finalise(lines);
  honest = builder.include(snapshot, lines[1]!.stored[0]!, 1);
});

/** As a user does: the file's bytes, their own key, a manifest they trust. */
function verify(inclusion: Inclusion, key = mine.key, manifest: Manifest = snapshot.manifest) {
  return verifyInclusion(parseInclusion(inclusionFile(inclusion)), { key, manifest }, kzg);
}

const INVALID = (code: string) => ({ valid: false, code });
const OPENING = INVALID('INCLUSION_OPENING');
const ROOT = INVALID('INCLUSION_ROOT');
const OTHER_MANIFEST = INVALID('INCLUSION_MANIFEST');

/** Proves batch 1 again, with leaves of its account tree that are not those of its columns. */
function withLeaves(change: (leaves: Uint8Array[]) => Uint8Array[]): {
  cheat: SmallSnapshot;
  include: (row: number, more: Partial<Inclusion>) => Inclusion;
} {
  const leaves = change(leavesOf(builder.layout, lines[1]!.stored[0]!));
  const tree = treeOf(leaves);
  class LyingProver extends BatchProver {
    protected override accountsRoot(): Uint8Array {
      return tree.root;
    }
  }
  const line = builder.prove(1, [batches[1]!], builder.prover(LyingProver));
  const cheat = builder.finalise([lines[0]!, line, lines[2]!]);
  return {
    cheat,
    include: (row, more) => ({
      ...builder.include(cheat, line.stored[0]!, row),
      accountPath: tree.path(row),
      ...more,
    }),
  };
}

describe('the honest file', () => {
  test('is valid, and says what was checked', () => {
    expect(verify(honest)).toEqual({
      valid: true,
      checked: [
        expect.objectContaining({ code: 'ACCOUNT_INCLUDED' }),
        expect.objectContaining({ code: 'ACCOUNT_KEY', compared: { id: toHex(honest.id) } }),
      ],
      notChecked: [],
      keyChecked: true,
    });
    const file = parseInclusion(inclusionFile(honest));
    const { manifest } = snapshot;
    expect(verifyInclusion(file, { manifest }, kzg)).toMatchObject({ valid: true, keyChecked: false });
  });
});

describe('another account', () => {
  const other = accounts[2]!;

  test('one row shown to two users: the key given by the user decides', () => {
    expect(verify(honest, other.key)).toMatchObject(INVALID('INCLUSION_ID'));
    // Without the user's key it is only somebody's.
    const alone = verifyInclusion(honest, { manifest: snapshot.manifest }, kzg);
    expect(alone).toMatchObject({ valid: true, keyChecked: false });
  });

  test('an id where the key is expected, and the reverse: said so', () => {
    expect(verify(honest, honest.id)).toMatchObject({
      ...INVALID('INCLUSION_ID'),
      reason: expect.stringContaining('account id: give the key') as string,
    });
    expect(verify({ ...honest, id: mine.key }, mine.key)).toMatchObject(INVALID('INCLUSION_ID'));
    expect(verify({ ...honest, id: mine.key }, testKey('any'))).toMatchObject(INVALID('INCLUSION_ID'));
  });

  test('the id of another snapshot', () => {
    const before = accountId(headerDigest({ ...header, snapshot: 'test-before' }), mine.key);
    expect(before).not.toEqual(honest.id);
    expect(verify({ ...honest, id: before })).toMatchObject(INVALID('INCLUSION_ID'));
    const { manifest } = snapshot;
    expect(verifyInclusion({ ...honest, id: before }, { manifest }, kzg)).toMatchObject(ROOT);
  });

  test("the file rewritten to the other user's id", () => {
    const salt = lines[1]!.stored[0]!.salts.slice(0, 32);
    for (const change of [{ id: other.id }, { id: other.id, salt }])
      expect(verify({ ...honest, ...change }, other.key)).toMatchObject(ROOT);
  });

  test('the leaf of the other user in the row of mine: two users cannot share one', () => {
    const leaf = accountLeaf(other.id, honest.salt, honest.values);
    const { cheat, include } = withLeaves((leaves) => replaced(leaves, 1, leaf));
    const theirs = include(1, { id: other.id });
    // The other user is included, with their row's and so with my values; I am not.
    expect(verify(theirs, other.key, cheat.manifest)).toMatchObject({ valid: true });
    expect(verify(include(1, {}), mine.key, cheat.manifest)).toMatchObject(ROOT);
  });

  test('another salt', () => {
    const salt = honest.salt.map((byte, i) => (i === 31 ? byte ^ 1 : byte));
    expect(verify({ ...honest, salt })).toMatchObject(ROOT);
  });

  test.each([1n, -1n])('another value (%d)', (change) => {
    const values = honest.values.map((value) => value + change);
    expect(verify({ ...honest, values })).toMatchObject(ROOT);
    // In the account tree as well: its γ is another, and the row is opened to what is in the column.
    const leaf = accountLeaf(honest.id, honest.salt, values);
    const { cheat, include } = withLeaves((leaves) => replaced(leaves, 1, leaf));
    expect(verify(include(1, { values }), mine.key, cheat.manifest)).toMatchObject(OPENING);
  });
});

describe('another place', () => {
  test("the row of a neighbour, with the neighbour's path and openings", () => {
    const neighbour = builder.include(snapshot, lines[1]!.stored[0]!, 0);
    expect(verify({ ...honest, row: 0 })).toMatchObject(ROOT);
    const { openings, accountPath } = neighbour;
    expect(verify({ ...honest, openings })).toMatchObject(OPENING);
    expect(verify({ ...honest, row: 0, openings, accountPath })).toMatchObject(ROOT);
    expect(verify({ ...honest, accountPath })).toMatchObject(ROOT);
  });

  test('my leaf in a second row, which owes nothing', () => {
    const { cheat, include } = withLeaves((leaves) => replaced(leaves, 0, leaves[1]!));
    const doubled = include(0, { id: honest.id, salt: honest.salt, values: honest.values });
    expect(verify(doubled, mine.key, cheat.manifest)).toMatchObject(OPENING);
    expect(verify(include(1, {}), mine.key, cheat.manifest)).toMatchObject({ valid: true });
  });

  test('sides by another row', () => {
    for (let level = 0; level < 11; level++)
      expect(verify({ ...honest, row: honest.row ^ (1 << level) })).toMatchObject(ROOT);
    expect(verify({ ...honest, row: honest.row ^ (1 << 11) })).toMatchObject(ROOT);
  });

  test('another batch: its leaf is not there', () => {
    expect(verify({ ...honest, batch: 0 })).toMatchObject(ROOT);
    const { sum, path } = placeOf(snapshot, 0);
    expect(verify({ ...honest, sum, path, batch: 0 })).toMatchObject(ROOT);
    expect(verify({ ...honest, sum, path })).toMatchObject(ROOT);
  });

  test('batch ≥ batchCount', () => {
    expect(verify({ ...honest, batch: 3 })).toMatchObject(INVALID('INCLUSION_BATCH'));
    expect(verify({ ...honest, batch: 65_535 })).toMatchObject(INVALID('INCLUSION_BATCH'));
  });
});

describe('the paths', () => {
  test('shortened, lengthened', () => {
    const [first, second] = honest.path;
    for (const path of [[], [first!], [second!], [first!, second!, second!]])
      expect(verify({ ...honest, path })).toMatchObject(INVALID('INCLUSION_PATH'));
    expect(verify({ ...honest, path: [second!, first!] })).toMatchObject(ROOT);
  });

  test("a sibling's sum altered", () => {
    for (const level of [0, 1])
      expect(verify(changePath(level, (node) => ({ ...node, sum: doubled(node.sum) })))).toMatchObject(ROOT);
  });

  test("a sibling's hash altered", () => {
    for (const level of [0, 1])
      expect(
        verify(changePath(level, (node) => ({ ...node, hash: node.hash.map((byte) => byte ^ 1) }))),
      ).toMatchObject(ROOT);
  });

  test("the batch's sum altered, and that of a sibling for it", () => {
    expect(verify({ ...honest, sum: doubled(honest.sum) })).toMatchObject(ROOT);
    expect(verify({ ...honest, sum: honest.path[0]!.sum })).toMatchObject(ROOT);
  });

  test('a sibling of the account path altered, at every level, and two swapped', () => {
    honest.accountPath.forEach((hash, level) => {
      const altered = replaced(
        honest.accountPath,
        level,
        hash.map((byte, i) => (i === 0 ? byte ^ 1 : byte)),
      );
      expect(verify({ ...honest, accountPath: altered })).toMatchObject(ROOT);
    });
    const [first, second, ...rest] = honest.accountPath;
    expect(verify({ ...honest, accountPath: [second!, first!, ...rest] })).toMatchObject(ROOT);
  });

  test.each([11, 13])('an account path of %d hashes', (length) => {
    const accountPath = Array.from({ length }, (_, i) => honest.accountPath[i % 12]!);
    expect(() => verify({ ...honest, accountPath })).toThrow(
      expect.objectContaining({ code: 'INCLUSION_MALFORMED', details: { member: 'accountPath' } }),
    );
  });

  test('an inner node given as a leaf, and a leaf as an inner node', () => {
    // A leaf is hashed with another first byte than a node: neither stands for the other.
    const { include, cheat } = withLeaves((leaves) => {
      const tree = treeOf(leaves);
      return replaced(leaves, 1, tree.path(1)[1]!);
    });
    expect(verify(include(1, {}), mine.key, cheat.manifest)).toMatchObject(ROOT);
    const [, ...shorter] = honest.accountPath;
    expect(verify({ ...honest, row: 0, accountPath: [...shorter, shorter[0]!] })).toMatchObject(ROOT);
  });

  type Node = Inclusion['path'][number];
  const changePath = (level: number, change: (node: Node) => Node): Inclusion => ({
    ...honest,
    path: honest.path.map((node, i) => (i === level ? change(node) : node)),
  });
});

describe('another manifest', () => {
  test('that differs in nothing but its predecessor', () => {
    const other = builder.finalise(lines, { previous: snapshot.manifest });
    expect(verify(honest, mine.key, other.manifest)).toMatchObject(OTHER_MANIFEST);
    const there = builder.include(other, lines[1]!.stored[0]!, 1);
    expect(verify(there, mine.key, other.manifest)).toMatchObject({ valid: true });
    expect(verify(there)).toMatchObject(OTHER_MANIFEST);
  });

  test.each<[string, unknown, object]>([
    ['header', { ...header, snapshot: 'another' }, INVALID('INCLUSION_ID')],
    ['batchCount', 4, ROOT],
    ['batchCount', 2, INVALID('INCLUSION_PATH')],
    ['columns', `0x${'11'.repeat(32)}`, ROOT],
    ['root', `0x${'11'.repeat(32)}`, ROOT],
    ['totals', ['1'], OPENING],
    ['totalsOpening', `0xc0${'00'.repeat(47)}`, OPENING],
    ['previous', `0x${'11'.repeat(32)}`, { valid: true }],
  ])('with another %s (%j): and the file’s digest rewritten to it', (member, value, rewritten) => {
    const manifest = { ...snapshot.manifest, [member]: value } as Manifest;
    expect(verify(honest, mine.key, manifest)).toMatchObject(OTHER_MANIFEST);
    const file = { ...honest, manifest: manifestDigest(manifest) };
    expect(verify(file, mine.key, manifest)).toMatchObject(rewritten);
  });

  test('that no parser would have let through', () => {
    const manifest = { ...snapshot.manifest, totals: [] };
    expect(() => verify(honest, mine.key, manifest)).toThrow(
      expect.objectContaining({ code: 'TRUSTED_MALFORMED' }) as SolventError,
    );
  });

  test('the file has another digest', () => {
    const manifest = honest.manifest.map((byte) => byte ^ 1);
    expect(verify({ ...honest, manifest })).toMatchObject(OTHER_MANIFEST);
  });

  test('whose totals are false: the inclusion refuses them by itself', () => {
    const cheat = builder.finalise(lines, { totals: ([total]) => [total! - 1n] });
    const file = builder.include(cheat, lines[1]!.stored[0]!, 1);
    expect(verify(file, mine.key, cheat.manifest)).toMatchObject(OPENING);
  });

  test('of another layout: the number of values is not its own', () => {
    const wide = { ...snapshot.manifest, header: testHeader('spot', 2, 2), totals: ['1', '2'] };
    const file = { ...honest, manifest: manifestDigest(wide) };
    expect(() => verify(file, mine.key, wide)).toThrow(
      expect.objectContaining({ code: 'INCLUSION_MALFORMED', details: { member: 'values' } }),
    );
  });

  test('that dropped the last batch: its users find out', async () => {
    const shorter = builder.finalise(lines.slice(0, 2));
    expect(await verifyFile(shorter.file)).toMatchObject({ valid: true }); // nothing is wrong with it for those who are in it
    const lost = builder.include(snapshot, lines[2]!.stored[0]!, 0);
    const { key } = accounts[4]!;
    expect(verify(lost, key, shorter.manifest)).toMatchObject(OTHER_MANIFEST);
    const retold = { ...lost, manifest: manifestDigest(shorter.manifest) };
    expect(verify(retold, key, shorter.manifest)).toMatchObject(INVALID('INCLUSION_BATCH'));
    const moved = { ...retold, batch: 1, path: placeOf(shorter, 1).path };
    expect(verify(moved, key, shorter.manifest)).toMatchObject(ROOT);
  });
});

function doubled(point: Uint8Array): Uint8Array {
  return encodePoints(kzg.decodePoints([point]).map((p: G1Point) => p.double()))[0]!;
}
