import {
  encodePoints,
  hexBytes,
  G1_BASE,
  mod,
  OpeningChecks,
  R,
  rowPoint,
  toHex,
  type RandomBytes,
} from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import {
  accountId,
  accountLeaf,
  addTotalsCheck,
  climb,
  foldValues,
  leafNode,
  manifestDigest,
  parseInclusion,
  shownNode,
  treeRoot,
  verifyInclusion,
  verifyManifestTrust,
  type Inclusion,
  type Manifest,
} from '@solvent-por/verifier';
import {
  foldedRowsOf,
  inclusionFile,
  joinLines,
  leavesOf,
  replaced,
  SnapshotBuilder,
  testAccounts,
  testHeader,
  testKey,
  toBatches,
  treeOf,
  verifyFile,
  type Leaf,
  type ProvedLine,
  type SmallSnapshot,
} from '@solvent-por/dev/proofs';
import { BatchProver } from '../batch-prover';
import { RESERVED_ROWS } from '../reserved-rows';
import type { BlindingStream } from '../blinding';
import type { StoredBatch } from '../witness-file';

/** Leaves of the sum tree that no batch stands behind. */
const kzg = nativeVerifier();

function verify(inclusion: Inclusion, manifest: Manifest, key?: Uint8Array) {
  const trusted = { manifest, ...(key && { key }) };
  return verifyInclusion(parseInclusion(inclusionFile(inclusion)), trusted, kzg);
}

describe.each([
  ['spot', 1],
  ['aggregate', 2],
] as const)('a fake leaf and its sibling top − leaf: %s, %d published value(s)', (mode, width) => {
  const header = testHeader(mode, 1, 2);
  const key = testKey('victim');
  let builder: SnapshotBuilder;
  let lines: ProvedLine[];
  let snapshot: SmallSnapshot;
  /** The victim alone in a batch that is in no tree, shown as batch 0 of two. */
  let fake: Inclusion;
  let accounts: Uint8Array;

  beforeAll(async () => {
    builder = await SnapshotBuilder.load(header);
    lines = builder.proveAll(toBatches(testAccounts(header, 4), 2));
    snapshot = builder.finalise(lines);
    const victim = { id: accountId(builder.digest, key), amounts: Array.from({ length: width }, () => 1n) };
    const apart = builder.prove(0, toBatches([victim]));
    const leaf = builder.leavesOf(apart.proof, snapshot.gamma)[0]!;
    accounts = leaf.accounts;
    const [sum, sibling] = encodePoints([leaf.sum, snapshot.tree.top.sum.subtract(leaf.sum)]);
    fake = builder.include(snapshot, apart.stored[0]!, 0, {
      sum: sum!,
      path: [{ hash: testKey('any hash at all'), sum: sibling! }],
    });
  });

  /** The root that the fake path leads to. */
  function fakeRoot(): Uint8Array {
    const [sum, sibling] = kzg.decodePoints([fake.sum, fake.path[0]!.sum]);
    const leaf = leafNode(builder.digest, 0, accounts, sum!);
    const top = climb(leaf, [shownNode(fake.path[0]!.hash, sibling!, fake.path[0]!.sum)], 0, 2);
    return treeRoot(builder.digest, 2, snapshot.columns, top);
  }

  test("is refused beside the operator's manifest", () => {
    expect(verify(fake, snapshot.manifest, key)).toMatchObject({ valid: false, code: 'INCLUSION_ROOT' });
  });

  test('under a second manifest signed for its root: only the global proof refuses', async () => {
    const second = builder.finalise(lines, { root: fakeRoot });
    expect(verifyManifestTrust(second.manifest, {})).toMatchObject({ valid: true });
    const shown = { ...fake, manifest: manifestDigest(second.manifest) };
    expect(verify(shown, second.manifest, key)).toMatchObject({ valid: true, keyChecked: true });
    expect(await verifyFile(second.file)).toMatchObject({ valid: false, code: 'GLOBAL_ROOT' });
  });
});

describe('a leaf with a negative sum beside an honest batch', () => {
  const header = testHeader('aggregate', 1, 2);
  const hidden = 1000n;
  const key = testKey('rich');
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
    const id = accountId(builder.digest, key);
    line = builder.prove(0, toBatches([{ id, amounts: [1500n, 1n] }]));
    negative = builder.prove(1, toBatches([]), builder.prover(NegativeProver));
    empty = builder.prove(1, toBatches([]));
    cheat = builder.finalise([line, negative], { totals: (totals) => totals.map((total) => total - hidden) });
  });

  test('lowers the totals, and the totals opening proves them', () => {
    expect(cheat.totals).toEqual([501n, 500n]);
    const checks = new OpeningChecks();
    const [opening] = kzg.decodePoints([hexBytes(cheat.manifest.totalsOpening, 48)]);
    addTotalsCheck(cheat.tree.top.sum, cheat.gamma, cheat.totals, opening!, checks);
    expect(checks.holds(kzg)).toBe(true);
  });

  test('inclusions of the honest batch pass as long as nobody verified the global proof of this manifest', () => {
    const inclusion = builder.include(cheat, line.stored[0]!, 0);
    expect(verify(inclusion, cheat.manifest, key)).toMatchObject({ valid: true, keyChecked: true });
  });

  test('the global proof refuses: there is no proof of such a batch', async () => {
    expect(await verifyFile(cheat.file)).toMatchObject({ valid: false, code: 'PROOF_INVALID' });
  });

  test('the global proof refuses: a proof of another batch has other columns and another sum', async () => {
    const covered = builder.finalise([line, empty], {
      columns: () => cheat.columns,
      leaves: () => cheat.leaves,
      totals: () => cheat.totals,
      totalsOpening: () => hexBytes(cheat.manifest.totalsOpening, 48),
    });
    expect(toHex(covered.root)).toBe(toHex(cheat.root));
    expect(await verifyFile(covered.file)).toMatchObject({ valid: false, code: 'GLOBAL_COLUMNS' });
    const own = builder.finalise([line, empty], { leaves: () => cheat.leaves });
    expect(await verifyFile(own.file)).toMatchObject({ valid: false, code: 'GLOBAL_ROOT' });
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
    const steps = (gamma: bigint) => {
      const [sum] = kzg.decodePoints([builder.commit(foldedRowsOf(builder.layout, stored, gamma))]);
      const leaf: Leaf = { accounts: empty.proof.accounts[0]!, sum: sum! };
      return {
        leaves: ([first]: readonly Leaf[]) => [first!, leaf],
        summed: ([first]: readonly StoredBatch[]) => [first!, stored],
        totals: (totals: readonly bigint[]) => totals.map((total) => total - hidden),
      };
    };
    const { gamma } = builder.finalise([line, empty], steps(0n));
    const bare = builder.finalise([line, empty], steps(gamma));
    const inclusion = builder.include(bare, line.stored[0]!, 0);
    expect(verify(inclusion, bare.manifest, key)).toMatchObject({ valid: true });
    expect(await verifyFile(bare.file)).toMatchObject({ valid: false, code: 'GLOBAL_ROOT' });
  });
});

describe('a value one higher and a total 4096 lower: errors of the two openings that cancel under a shared factor', () => {
  const shared: RandomBytes = (length) => new Uint8Array(length).fill(7);

  test('pass a checker with one factor for both, and no other', async () => {
    const header = testHeader('spot', 1, 2);
    const builder = await SnapshotBuilder.load(header);
    const accounts = testAccounts(header, 4);
    const batches = toBatches(accounts, 2);
    const [first, second] = builder.proveAll(batches) as [ProvedLine, ProvedLine];
    const stored = [first, second].flatMap((line) => line.stored);
    const { id, salt, values: held } = builder.include(builder.finalise([first, second]), stored[1]!, 1);
    const values = held.map((value) => value + 1n);

    // The account tree says what the user is to see; the totals are true of nothing.
    const tree = treeOf(replaced(leavesOf(builder.layout, stored[1]!), 1, accountLeaf(id, salt, values)));
    class LyingProver extends BatchProver {
      protected override accountsRoot = () => tree.root;
    }
    const lines = [first, builder.prove(1, [batches[1]!], builder.prover(LyingProver))];
    const truth = builder.finalise(lines);
    const totals = truth.totals.map((total) => total - 4096n);
    const snapshot = builder.finalise(lines, {
      totals: () => totals,
      totalsOpening: (_, gamma) => builder.openTotals(stored, gamma, totals, truth.totals),
    });
    // Every opening is that of the true value: one is off by 1, the other by −4096 / n.
    const inclusion = {
      ...builder.include(snapshot, lines[1]!.stored[0]!, 1),
      ...{ values, accountPath: tree.path(1) },
    };

    const claims = (random?: RandomBytes) => {
      const checks = new OpeningChecks(random);
      const [sum, cell, subcell, single, opening] = kzg.decodePoints([
        inclusion.sum,
        ...inclusion.openings,
        hexBytes(snapshot.manifest.totalsOpening, 48),
      ]);
      checks.addRow({
        commitment: { points: [sum!], scalars: [1n] },
        point: rowPoint(inclusion.row),
        value: foldValues(snapshot.gamma, values),
        proofs: [cell!, subcell!, single!],
      });
      addTotalsCheck(snapshot.tree.top.sum, snapshot.gamma, totals, opening!, checks);
      return checks.holds(kzg);
    };
    expect(claims(shared)).toBe(true);
    expect(claims()).toBe(false);
    // The whole file: its id, its path and its root are right, and no other check can refuse it.
    const opening = { valid: false, code: 'INCLUSION_OPENING' };
    expect(verify(inclusion, snapshot.manifest, accounts[3]!.key)).toMatchObject(opening);
    expect(verify({ ...inclusion, values: held }, snapshot.manifest)).toMatchObject({
      valid: false,
      code: 'INCLUSION_ROOT',
    });
    // And by way of an opening that is moved: the row's equation has room for an error of any size.
    const [cell, subcell, single] = inclusion.openings;
    const moved = encodePoints([kzg.decodePoints([single])[0]!.add(G1_BASE)])[0]!;
    const shifted = { ...inclusion, openings: [cell, subcell, moved] as const };
    expect(verify(shifted, snapshot.manifest)).toMatchObject(opening);
  });
});
