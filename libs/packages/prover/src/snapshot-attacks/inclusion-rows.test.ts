import { mod, OpeningChecks, rowPoint, type G1Point } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import {
  accountId,
  accountLeaf,
  ACCOUNT_ROWS,
  foldValues,
  headerDigest,
  manifestDigest,
  parseInclusion,
  verifyInclusion,
  type Inclusion,
  type Manifest,
} from '@solvent-por/verifier';
import {
  BAD_POINTS,
  inclusionFile,
  leavesOf,
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
import type { BlindingStream } from '../blinding';

/** Inclusion files of rows that are no account rows, and with points that are none. */
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
const ROOT = INVALID('INCLUSION_ROOT');

describe('a row above the account rows', () => {
  /** The account that is to look included and owed nothing. */
  const victim = { key: testKey('victim'), salt: testKey('salt of the victim') };
  const owed = 1000n;
  const id = accountId(headerDigest(header), victim.key);

  /**
   * Puts the victim's balance in row 4080 and the negative balance in row 4081: a proof that holds, since
   * reserved rows cancel.
   */
  class ReservedRowProver extends BatchProver {
    protected override reservedLimbs(blinding: BlindingStream): bigint[][] {
      const columns = super.reservedLimbs(blinding);
      [owed, -owed].forEach((value, row) => {
        columns[0]![row] = mod(value - (columns[1]![row]! << 11n));
      });
      return columns;
    }

    protected override accountsRoot(): Uint8Array {
      return this.tree().root;
    }

    tree() {
      const leaves = leavesOf(builder.layout, lines[0]!.stored[0]!);
      return treeOf(replaced(leaves, ACCOUNT_ROWS, accountLeaf(id, victim.salt, [owed])));
    }
  }

  test('holds an account that no total counts: only the row gives it away', async () => {
    const prover = builder.prover(ReservedRowProver) as ReservedRowProver;
    const line = builder.prove(0, [batches[0]!], prover);
    const cheat = builder.finalise([line]);
    expect(await verifyFile(cheat.file)).toMatchObject({ valid: true });

    const inclusion = builder.include(cheat, line.stored[0]!, 0);
    const file: Inclusion = {
      ...inclusion,
      row: ACCOUNT_ROWS,
      id,
      salt: victim.salt,
      values: [owed],
      accountPath: prover.tree().path(ACCOUNT_ROWS),
      openings: builder.openRow(line.stored[0]!, ACCOUNT_ROWS, cheat.gamma),
    };
    expect(verify(file, victim.key, cheat.manifest)).toMatchObject(INVALID('INCLUSION_ROW'));
    // The opening is true, and so is the path: a verifier that takes any row accepts both.
    const checks = new OpeningChecks();
    const [sum, ...proofs] = kzg.decodePoints([file.sum, ...file.openings]) as [G1Point, ...G1Point[]];
    checks.addRow({
      commitment: { points: [sum], scalars: [1n] },
      point: rowPoint(ACCOUNT_ROWS),
      value: foldValues(cheat.gamma, [owed]),
      proofs: proofs as [G1Point, G1Point, G1Point],
    });
    expect(checks.holds(kzg)).toBe(true);
    // In the account row before it the path already leads elsewhere.
    expect(verify({ ...file, row: ACCOUNT_ROWS - 1 }, victim.key, cheat.manifest)).toMatchObject(ROOT);
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
  const openings = (at: number) => (i: Inclusion) => ({
    ...i,
    openings: i.openings.map((p, j) => (j === at ? point : p)) as unknown as Inclusion['openings'],
  });
  const onPath = (at: number) => (i: Inclusion) => ({
    ...i,
    path: i.path.map((node, l) => (l === at ? { ...node, sum: point } : node)),
  });
  const places: [string, (inclusion: Inclusion) => Inclusion][] = [
    ['sum', (i) => ({ ...i, sum: point })],
    ['openings[0]', openings(0)],
    ['openings[1]', openings(1)],
    ['openings[2]', openings(2)],
    ['path[0]', onPath(0)],
    ['path[1]', onPath(1)],
  ];
  const malformed = expect.objectContaining({ code: 'POINT_MALFORMED', kind: 'malformed' }) as Error;
  test.each(places)('in %s', (_place, put) => {
    expect(() => verify(put(honest))).toThrow(malformed);
  });

  test('in the totals opening of the manifest', () => {
    const manifest = { ...snapshot.manifest, totalsOpening: `0x${Buffer.from(point).toString('hex')}` };
    expect(() => verify({ ...honest, manifest: manifestDigest(manifest) }, mine.key, manifest)).toThrow(
      malformed,
    );
  });
});
