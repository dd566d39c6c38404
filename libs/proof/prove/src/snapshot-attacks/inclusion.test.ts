import { encodePoints, fromBytes, mod, type G1Point, type SolventError } from '@solvent/algebra';
import { nativeVerifier } from '@solvent/algebra/native';
import {
  ACCOUNT_ROWS,
  accountTag,
  parseInclusion,
  verifyInclusion,
  type Inclusion,
  type Manifest,
} from '@solvent/proof/verify';
import {
  BAD_POINTS,
  inclusionFile,
  placeOf,
  SnapshotBuilder,
  testAccounts,
  testHeader,
  testKey,
  toBatches,
  verifyFile,
  type ProvedLine,
  type SmallSnapshot,
} from '@solvent/testing';
import { BatchProver, type BatchSecrets, type WitnessColumns } from '../batch-prover';
import type { BlindingStream } from '../blinding';

/** Inclusion files that say what is not so. The cheater is the operator: all columns, keys and signatures are theirs. */
const kzg = nativeVerifier();
const header = testHeader('spot', 1, 2);
const accounts = testAccounts(header, 6);
const batches = toBatches(accounts, 2);
let builder: SnapshotBuilder;
let lines: ProvedLine[];
let snapshot: SmallSnapshot;
/** Row 1 of batch 1. */
let honest: Inclusion;

beforeAll(async () => {
  builder = await SnapshotBuilder.load(header);
  lines = builder.proveAll(batches);
  snapshot = builder.close(lines);
  honest = builder.include(snapshot, lines[1]!.stored[0]!, 1);
});

/** As a user does: the file's bytes, their own id, a manifest they trust. */
function verify(inclusion: Inclusion, id = honest.id, manifest: Manifest = snapshot.manifest) {
  return verifyInclusion(parseInclusion(inclusionFile(inclusion)), { id, manifest }, kzg);
}

/** Without a manifest, as far as a file alone goes. */
function verifyAlone(inclusion: Inclusion) {
  return verifyInclusion(parseInclusion(inclusionFile(inclusion)), { id: inclusion.id }, kzg);
}

const INVALID = (code: string) => ({ valid: false, code });
const OPENING = INVALID('INCLUSION_OPENING');
const manifestDiffers = (what: string) => ({
  ...INVALID('INCLUSION_MANIFEST'),
  reason: expect.stringContaining(`${what} differs`) as string,
});

describe('the honest file', () => {
  test('is valid, and says what was checked', () => {
    expect(verify(honest)).toEqual({ valid: true, notes: [], idChecked: true, manifestChecked: true });
    const file = parseInclusion(inclusionFile(honest));
    expect(verifyInclusion(file, {}, kzg)).toMatchObject({
      valid: true,
      idChecked: false,
      manifestChecked: false,
    });
    expect(verifyInclusion(file, { id: honest.id }, kzg)).toMatchObject({
      idChecked: true,
      manifestChecked: false,
    });
  });

  test('opening a row another way gives the same proof', () => {
    expect(builder.reopen(honest, lines[1]!.stored[0]!).opening).toEqual(honest.opening);
  });
});

describe('another account', () => {
  const other = accounts[2]!.id;

  test('one row shown to two users: the id given by the user decides', () => {
    expect(verify(honest, other)).toMatchObject(INVALID('INCLUSION_ID'));
    expect(verify(honest, honest.id)).toMatchObject({ valid: true });
    // Without the user's id it is only somebody's.
    const alone = verifyInclusion(honest, { manifest: snapshot.manifest }, kzg);
    expect(alone).toMatchObject({ valid: true, idChecked: false });
  });

  test("the file rewritten to the other user's id, with the best opening", () => {
    const stored = lines[1]!.stored[0]!;
    expect(verify({ ...honest, id: other }, other)).toMatchObject(OPENING);
    expect(verify(builder.reopen({ ...honest, id: other }, stored), other)).toMatchObject(OPENING);
    const salt = lines[1]!.stored[0]!.salts.slice(0, 31);
    expect(verify(builder.reopen({ ...honest, id: other, salt }, stored), other)).toMatchObject(OPENING);
  });

  test('another salt', () => {
    const salt = honest.salt.slice();
    salt[30]! ^= 1;
    expect(verify({ ...honest, salt })).toMatchObject(OPENING);
    expect(verify(builder.reopen({ ...honest, salt }, lines[1]!.stored[0]!))).toMatchObject(OPENING);
  });

  test.each([1n, -1n])('another value (%d)', (change) => {
    const values = honest.values.map((value) => value + change);
    expect(verify({ ...honest, values })).toMatchObject(OPENING);
    expect(verify(builder.reopen({ ...honest, values }, lines[1]!.stored[0]!))).toMatchObject(OPENING);
  });
});

describe('another place', () => {
  test("the row of a neighbour, with the neighbour's opening", () => {
    const stored = lines[1]!.stored[0]!;
    const neighbour = builder.include(snapshot, stored, 0);
    expect(verify({ ...honest, row: 0 })).toMatchObject(OPENING);
    expect(verify({ ...honest, row: 0, opening: neighbour.opening })).toMatchObject(OPENING);
    expect(verify(builder.reopen({ ...honest, row: 0 }, stored))).toMatchObject(OPENING);
  });

  test('another batch: its leaf is not there', () => {
    expect(verify({ ...honest, batch: 0 })).toMatchObject(manifestDiffers('the root that the path leads to'));
    const there = { ...honest, ...placed(0), batch: 0 };
    expect(verify(there)).toMatchObject(OPENING);
    expect(verify(builder.reopen(there, lines[0]!.stored[0]!))).toMatchObject(OPENING);
  });

  test('batch ≥ batchCount', () => {
    expect(verify({ ...honest, batch: 3 })).toMatchObject(INVALID('INCLUSION_BATCH'));
    expect(verify({ ...honest, batch: 65_535 })).toMatchObject(INVALID('INCLUSION_BATCH'));
    expect(verifyAlone({ ...honest, batch: 3 })).toMatchObject(INVALID('INCLUSION_BATCH'));
  });

  test('another number of batches', () => {
    expect(verify({ ...honest, batchCount: 4 })).toMatchObject(manifestDiffers('the number of batches'));
    expect(verify({ ...honest, batchCount: 2 })).toMatchObject(INVALID('INCLUSION_PATH'));
    // With one published value nothing but the manifest holds the root: β has nothing to fold (section 9).
    expect(verifyAlone({ ...honest, batchCount: 4 })).toMatchObject({ valid: true, manifestChecked: false });
  });

  /** Commitments and path of another batch. */
  const placed = (batch: number) => {
    const { tag, sums, path } = placeOf(snapshot, batch);
    return { commitments: { tag, sums }, path };
  };
});

describe('the path', () => {
  test('shortened, lengthened', () => {
    const [first, second] = honest.path;
    for (const path of [[], [first!], [second!], [first!, second!, second!]])
      expect(verify({ ...honest, path })).toMatchObject(INVALID('INCLUSION_PATH'));
    expect(verify({ ...honest, path: [second!, first!] })).toMatchObject(
      manifestDiffers('the root that the path leads to'),
    );
  });

  test("a sibling's sum altered", () => {
    for (const level of [0, 1]) {
      const altered = changePath(level, (node) => ({ ...node, sums: node.sums.map(doubled) }));
      expect(verify(altered)).toMatchObject(manifestDiffers('the root that the path leads to'));
      expect(verifyAlone(altered)).toMatchObject(OPENING);
    }
  });

  test("a sibling's hash altered", () => {
    for (const level of [0, 1]) {
      const altered = changePath(level, (node) => ({ ...node, hash: node.hash.map((byte) => byte ^ 1) }));
      expect(verify(altered)).toMatchObject(manifestDiffers('the root that the path leads to'));
    }
  });

  test("the leaf's tag or sums altered", () => {
    const { tag, sums } = honest.commitments;
    const swap = { ...honest, commitments: { tag: sums[0]!, sums: [tag] } };
    expect(verify(swap)).toMatchObject(manifestDiffers('the root that the path leads to'));
    expect(verify({ ...honest, commitments: { tag: doubled(tag), sums } })).toMatchObject(
      manifestDiffers('the root that the path leads to'),
    );
    expect(verify({ ...honest, commitments: { tag, sums: sums.map(doubled) } })).toMatchObject(
      manifestDiffers('the root that the path leads to'),
    );
  });

  type Node = Inclusion['path'][number];
  const changePath = (level: number, change: (node: Node) => Node): Inclusion => ({
    ...honest,
    path: honest.path.map((node, i) => (i === level ? change(node) : node)),
  });
});

describe('another manifest', () => {
  /** The same batches, closed otherwise; the file made for that manifest is shown with this one, and the other way round. */
  const later = () => builder.close(lines, { previous: snapshot.manifest });

  test('that differs in nothing but its predecessor', () => {
    const other = later();
    expect(verify(honest, honest.id, other.manifest)).toMatchObject(
      manifestDiffers('the digest of the manifest'),
    );
    const there = builder.include(other, lines[1]!.stored[0]!, 1);
    expect(verify(there, honest.id, other.manifest)).toMatchObject({ valid: true });
    expect(verify(there)).toMatchObject(manifestDiffers('the digest of the manifest'));
  });

  test('of another header', () => {
    const manifest = { ...snapshot.manifest, header: { ...header, snapshot: 'another' } };
    expect(verify(honest, honest.id, manifest)).toMatchObject({
      valid: false,
      code: 'INCLUSION_MANIFEST',
      reason: expect.stringMatching(/test-spot \(.*the manifest of another \(/) as string,
    });
  });

  test.each([
    ['batchCount', 4, 'the number of batches'],
    ['root', `0x${'11'.repeat(32)}`, 'the root that the path leads to'],
    ['totals', ['1'], 'a total'],
    ['totalsOpening', `0xc0${'00'.repeat(47)}`, 'the totals opening'],
    ['previous', `0x${'11'.repeat(32)}`, 'the digest of the manifest'],
  ])('with another %s', (member, value, what) => {
    const manifest = { ...snapshot.manifest, [member]: value } as Manifest;
    expect(verify(honest, honest.id, manifest)).toMatchObject(manifestDiffers(what));
  });

  test('that no parser would have let through', () => {
    const manifest = { ...snapshot.manifest, totals: [] };
    expect(() => verify(honest, honest.id, manifest)).toThrow(
      expect.objectContaining({ code: 'TRUSTED_MALFORMED' }) as SolventError,
    );
  });

  test('the file has other totals, another opening of them, another digest', () => {
    const totals = honest.totals.map((total) => total + 1n);
    expect(verify({ ...honest, totals })).toMatchObject(manifestDiffers('a total'));
    expect(verifyAlone({ ...honest, totals })).toMatchObject(OPENING);
    const totalsOpening = doubled(honest.totalsOpening);
    expect(verify({ ...honest, totalsOpening })).toMatchObject(manifestDiffers('the totals opening'));
    expect(verifyAlone({ ...honest, totalsOpening })).toMatchObject(OPENING);
    const manifest = honest.manifest.map((byte) => byte ^ 1);
    expect(verify({ ...honest, manifest })).toMatchObject(manifestDiffers('the digest of the manifest'));
  });

  test('whose totals are false: the inclusion refuses them by itself', () => {
    const cheat = builder.close(lines, { totals: ([total]) => [total! - 1n] });
    const file = builder.include(cheat, lines[1]!.stored[0]!, 1);
    expect(verify(file, honest.id, cheat.manifest)).toMatchObject(OPENING);
  });

  test('that dropped the last batch: its users find out', async () => {
    const shorter = builder.close(lines.slice(0, 2));
    expect(await verifyFile(shorter.file)).toMatchObject({ valid: true }); // nothing is wrong with it for those who are in it
    const lost = builder.include(snapshot, lines[2]!.stored[0]!, 0);
    expect(verify(lost, lost.id, shorter.manifest)).toMatchObject(manifestDiffers('the number of batches'));
    const retold = { ...lost, batchCount: 2, totals: shorter.totals };
    expect(verify(retold, lost.id, shorter.manifest)).toMatchObject(INVALID('INCLUSION_BATCH'));
    const moved = { ...retold, batch: 1, path: placeOf(shorter, 1).path };
    expect(verify(moved, lost.id, shorter.manifest)).toMatchObject(
      manifestDiffers('the root that the path leads to'),
    );
  });
});

describe('a row above the account rows', () => {
  /** The account that is to look included and owed nothing. */
  const victim = testKey('victim');
  const owed = 1000n;
  const salt = testKey('salt of the victim').slice(0, 31);
  const tag = fromBytes(accountTag(victim, salt));

  /** Puts the victim's tag and balance in row 4080 and the negative balance in row 4081: a proof that holds, since reserved rows cancel. */
  class ReservedRowProver extends BatchProver {
    protected override reservedLimbs(blinding: BlindingStream): bigint[][] {
      const columns = super.reservedLimbs(blinding);
      [owed, -owed].forEach((value, row) => {
        columns[0]![row] = mod(value - (columns[1]![row]! << 11n));
      });
      return columns;
    }

    protected override witnessColumns(...given: Parameters<BatchProver['witnessColumns']>): WitnessColumns {
      const columns = super.witnessColumns(...given);
      const secrets = columns.secrets.map((secret): BatchSecrets => {
        const [, ...rest] = secret.reservedTags;
        return { ...secret, reservedTags: [tag, ...rest] };
      });
      this.kernels.load(columns.tags[0]!, ACCOUNT_ROWS, [tag]);
      return { ...columns, secrets };
    }
  }

  test('holds an account that no total counts: only the row gives it away', async () => {
    const line = builder.prove(0, [batches[0]!], builder.prover(ReservedRowProver));
    const cheat = builder.close([line]);
    expect(await verifyFile(cheat.file)).toMatchObject({ valid: true });
    const place = placeOf(cheat, 0);
    const inclusion: Inclusion = {
      ...builder.include(cheat, line.stored[0]!, 0),
      row: ACCOUNT_ROWS,
      id: victim,
      salt,
      values: [owed],
      commitments: place,
    };
    const file = builder.reopen(inclusion, line.stored[0]!);
    expect(verify(file, victim, cheat.manifest)).toMatchObject(INVALID('INCLUSION_ROW'));
    // The opening is true: a neighbouring row of the account rows fails on the equation instead.
    expect(verify({ ...file, row: ACCOUNT_ROWS - 1 }, victim, cheat.manifest)).toMatchObject(OPENING);
  });

  test.each([4080, 4095])('row %d is read and refused', (row) => {
    expect(verify({ ...honest, row })).toMatchObject(INVALID('INCLUSION_ROW'));
  });

  test('row 4096 is not read', () => {
    expect(() => verify({ ...honest, row: 4096 })).toThrow(
      expect.objectContaining({ code: 'INCLUSION_MALFORMED' }),
    );
  });
});

describe.each(Object.entries(BAD_POINTS))('a point %s', (_name, point) => {
  const places: [string, (inclusion: Inclusion) => Inclusion][] = [
    ['commitments.tag', (i) => ({ ...i, commitments: { ...i.commitments, tag: point } })],
    ['commitments.sums', (i) => ({ ...i, commitments: { ...i.commitments, sums: [point] } })],
    ['opening', (i) => ({ ...i, opening: point })],
    ['totalsOpening', (i) => ({ ...i, totalsOpening: point })],
    [
      'path[0]',
      (i) => ({ ...i, path: i.path.map((node, l) => (l === 0 ? { ...node, sums: [point] } : node)) }),
    ],
    [
      'path[1]',
      (i) => ({ ...i, path: i.path.map((node, l) => (l === 1 ? { ...node, sums: [point] } : node)) }),
    ],
  ];
  test.each(places)('in %s', (_place, put) => {
    const malformed = expect.objectContaining({ code: 'POINT_MALFORMED', kind: 'malformed' }) as Error;
    expect(() => verify(put(honest))).toThrow(malformed);
    expect(() => verifyAlone(put(honest))).toThrow(malformed);
  });
});

function doubled(point: Uint8Array): Uint8Array {
  return encodePoints(kzg.decodePoints([point]).map((p: G1Point) => p.double()))[0]!;
}
