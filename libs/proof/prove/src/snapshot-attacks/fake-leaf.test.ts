import {
  encodePoints,
  fromBytes,
  hexBytes,
  G1_BASE,
  inverse,
  mod,
  OpeningChecks,
  R,
  rowPoint,
  toHex,
  type RandomBytes,
} from '@solvent/algebra';
import { nativeVerifier } from '@solvent/algebra/native';
import {
  accountTag,
  addTotalsCheck,
  climb,
  inclusionChallenge,
  leafNode,
  parseInclusion,
  treeRoot,
  verifyInclusion,
  verifyManifestTrust,
  type Inclusion,
  type Manifest,
} from '@solvent/proof/verify';
import {
  inclusionFile,
  joinLines,
  SnapshotBuilder,
  sumRowsOf,
  testAccounts,
  testHeader,
  testKey,
  toBatches,
  verifyFile,
  type Leaf,
  type ProvedLine,
  type SmallSnapshot,
} from '@solvent/testing';
import { BatchProver, RESERVED_ROWS } from '../batch-prover';
import type { BlindingStream } from '../blinding';
import type { StoredBatch } from '../witness-file';

/** Leaves of the sum tree that no batch stands behind. */
const kzg = nativeVerifier();

function verify(inclusion: Inclusion, manifest?: Manifest) {
  const trusted = { id: inclusion.id, ...(manifest && { manifest }) };
  return verifyInclusion(parseInclusion(inclusionFile(inclusion)), trusted, kzg);
}

const OTHER_ROOT = {
  valid: false,
  code: 'INCLUSION_MANIFEST',
  reason: expect.stringContaining('the root that the path leads to differs') as string,
};

describe.each([
  ['spot', 1],
  ['aggregate', 2],
] as const)('a fake leaf and its sibling top − leaf: %s, %d published value(s)', (mode, width) => {
  const header = testHeader(mode, 1, 2);
  const victim = { id: testKey('victim'), amounts: Array.from({ length: width }, () => 1n) };
  let builder: SnapshotBuilder;
  let lines: ProvedLine[];
  let snapshot: SmallSnapshot;
  /** The victim alone in a batch that is in no tree, shown as batch 0 of two. */
  let fake: Inclusion;

  beforeAll(async () => {
    builder = await SnapshotBuilder.load(header);
    lines = builder.proveAll(toBatches(testAccounts(header, 4), 2));
    snapshot = builder.close(lines);
    const apart = builder.prove(0, toBatches([victim]));
    const leaf = builder.leavesOf(apart.proof)[0]!;
    const sibling = snapshot.tree.top.sums.map((sum, v) => sum.subtract(leaf.sums[v]!));
    fake = builder.include(snapshot, apart.stored[0]!, 0, {
      tag: leaf.tag,
      sums: encodePoints(leaf.sums),
      path: [{ hash: testKey('any hash at all'), sums: encodePoints(sibling) }],
    });
  });

  /** The root that the fake path leads to. */
  function fakeRoot(): Uint8Array {
    const { commitments, path } = fake;
    const leaf = leafNode(builder.digest, 0, commitments.tag, kzg.decodePoints(commitments.sums));
    const siblings = path.map(({ hash, sums }) => ({ hash, sums: kzg.decodePoints(sums) }));
    return treeRoot(builder.digest, 2, climb(leaf, siblings, 0, 2));
  }

  test('alone, the genuine totals opening passes exactly where there is one published value', () => {
    expect(fake.totals).toEqual(snapshot.totals);
    const alone = verify(fake);
    if (width === 1) expect(alone).toMatchObject({ valid: true, manifestChecked: false });
    else expect(alone).toMatchObject({ valid: false, code: 'INCLUSION_OPENING' });
  });

  test('alone, an opening made for its root always passes: a file by itself says nothing about the others', () => {
    const stored = lines.flatMap((line) => line.stored);
    const opened = { ...fake, totalsOpening: builder.openTotals(stored, fakeRoot(), snapshot.totals) };
    expect(verify(opened)).toMatchObject({ valid: true, manifestChecked: false });
    expect(verify(opened, snapshot.manifest)).toMatchObject(OTHER_ROOT);
  });

  test("is refused beside the operator's manifest", () => {
    expect(verify(fake, snapshot.manifest)).toMatchObject(OTHER_ROOT);
  });

  test('under a second manifest signed for its root: only the global proof refuses', async () => {
    const second = builder.close(lines, { root: fakeRoot });
    expect(verifyManifestTrust(second.manifest, {})).toMatchObject({ valid: true });
    const { batch, row, id, salt, values, commitments, opening, path } = fake;
    const shown = {
      ...builder.include(second, lines[0]!.stored[0]!, 0),
      ...{ batch, row, id, salt, values, commitments, opening, path },
    };
    expect(verify(shown, second.manifest)).toMatchObject({ valid: true, manifestChecked: true });
    expect(await verifyFile(second.file)).toMatchObject({ valid: false, code: 'GLOBAL_ROOT' });
  });
});

describe('a leaf with negative sums beside an honest batch', () => {
  const header = testHeader('aggregate', 1, 2);
  const hidden = 1000n;
  let builder: SnapshotBuilder;
  let line: ProvedLine, negative: ProvedLine, empty: ProvedLine;
  let cheat: SmallSnapshot;

  /** Proves a batch that owes −1000: in a reserved pair that does not cancel. */
  class NegativeProver extends BatchProver {
    protected override reservedLimbs(blinding: BlindingStream): bigint[][] {
      const columns = super.reservedLimbs(blinding);
      columns[0]![0] = mod(columns[0]![0]! - hidden);
      return columns;
    }
  }

  beforeAll(async () => {
    builder = await SnapshotBuilder.load(header);
    line = builder.prove(0, toBatches([{ id: testKey('rich'), amounts: [1500n, 1n] }]));
    negative = builder.prove(1, toBatches([]), builder.prover(NegativeProver));
    empty = builder.prove(1, toBatches([]));
    cheat = builder.close([line, negative], { totals: (totals) => totals.map((total) => total - hidden) });
  });

  test('lowers the totals, and the totals opening proves them', () => {
    expect(cheat.totals).toEqual([501n, 500n]);
    const checks = new OpeningChecks();
    const [opening] = kzg.decodePoints([hexBytes(cheat.manifest.totalsOpening, 48)]);
    addTotalsCheck(cheat.root, cheat.tree.top, cheat.totals, opening!, checks);
    expect(checks.holds(kzg)).toBe(true);
  });

  test('inclusions of the honest batch pass, also under this manifest as long as nobody verified its global proof', () => {
    const inclusion = builder.include(cheat, line.stored[0]!, 0);
    expect(verify(inclusion)).toMatchObject({ valid: true, manifestChecked: false });
    expect(verify(inclusion, cheat.manifest)).toMatchObject({ valid: true, manifestChecked: true });
  });

  test('the global proof refuses: there is no proof of such a batch', async () => {
    expect(await verifyFile(cheat.file)).toMatchObject({ valid: false, code: 'PROOF_INVALID' });
  });

  test('the global proof refuses: a proof of another batch has another leaf', async () => {
    const leaves = () => cheat.leaves;
    const covered = builder.close([line, empty], {
      leaves,
      totals: () => cheat.totals,
      totalsOpening: () => hexBytes(cheat.manifest.totalsOpening, 48),
    });
    expect(toHex(covered.root)).toBe(toHex(cheat.root));
    expect(await verifyFile(covered.file)).toMatchObject({ valid: false, code: 'GLOBAL_ROOT' });
  });

  test('the global proof refuses: no line at all', async () => {
    const file = joinLines(
      cheat.document,
      cheat.file.subarray(cheat.document.length + 1, cheat.file.lastIndexOf(10, -2)),
    );
    await expect(verifyFile(file)).rejects.toMatchObject({ code: 'FILE_CUT_OFF' });
  });

  test('a leaf made of nothing but r − 1000', async () => {
    const stored: StoredBatch = {
      ...empty.stored[0]!,
      reservedSums: builder.layout.published.map(() => [
        R - hidden,
        ...new Array<bigint>(RESERVED_ROWS - 1).fill(0n),
      ]),
    };
    const sums = sumRowsOf(builder.layout, stored).map((rows) => builder.commit(rows));
    const leaf: Leaf = { tag: empty.proof.commitments.tags[0]!, sums: kzg.decodePoints(sums) };
    const bare = builder.close([line, empty], {
      leaves: ([first]) => [first!, leaf],
      summed: ([first]) => [first!, stored],
      totals: (totals) => totals.map((total) => total - hidden),
    });
    expect(verify(builder.include(bare, line.stored[0]!, 0), bare.manifest)).toMatchObject({ valid: true });
    expect(await verifyFile(bare.file)).toMatchObject({ valid: false, code: 'GLOBAL_ROOT' });
  });
});

describe('errors of the opening of a row and of the totals that cancel under a shared factor', () => {
  const shared: RandomBytes = (length) => new Uint8Array(length).fill(7);

  test('pass a checker with one factor for all, and no other', async () => {
    const header = testHeader('spot', 1, 2);
    const builder = await SnapshotBuilder.load(header);
    const lines = builder.proveAll(toBatches(testAccounts(header, 4), 2));
    const snapshot = builder.close(lines);
    const truth = builder.include(snapshot, lines[1]!.stored[0]!, 1);

    // One too little. γ depends on it, so the row is opened to its true value under the γ of the false one.
    const values = truth.values.map((value) => value - 1n);
    const gamma = inclusionChallenge({ ...truth, values }, builder.digest, accountTag(truth.id, truth.salt));

    const claims = (random: RandomBytes | undefined, opening: Uint8Array, totalsOpening: Uint8Array) => {
      const checks = new OpeningChecks(random);
      const [tag, proof, totals, ...sums] = kzg.decodePoints([
        truth.commitments.tag,
        opening,
        totalsOpening,
        ...truth.commitments.sums,
      ]);
      const tagValue = fromBytes(accountTag(truth.id, truth.salt));
      checks.add({
        commitment: { points: [tag!, ...sums], scalars: [1n, gamma] },
        point: rowPoint(truth.row),
        value: mod(tagValue + gamma * values[0]!),
        proof: proof!,
      });
      addTotalsCheck(snapshot.root, snapshot.tree.top, truth.totals, totals!, checks);
      return checks.holds(kzg);
    };
    const shift = mod(-gamma * inverse(rowPoint(truth.row)));
    const totalsOpening = move(truth.totalsOpening, -shift);
    const opening = move(builder.openRow(lines[1]!.stored[0]!, truth.row, gamma), shift);
    expect(claims(shared, opening, totalsOpening)).toBe(true);
    expect(claims(undefined, opening, totalsOpening)).toBe(false);

    const forged = { ...truth, values, opening, totalsOpening };
    expect(verify(forged)).toMatchObject({ valid: false, code: 'INCLUSION_OPENING' });
    expect(verify(forged, snapshot.manifest)).toMatchObject({ valid: false, code: 'INCLUSION_MANIFEST' });
  });
});

function move(point: Uint8Array, by: bigint): Uint8Array {
  const shift = kzg.multiScalar([G1_BASE], [mod(by)]);
  return encodePoints([kzg.decodePoints([point])[0]!.add(shift)])[0]!;
}
