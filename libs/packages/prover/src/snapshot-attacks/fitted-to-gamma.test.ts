import { hexBytes, OpeningChecks } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import {
  accountLeaf,
  addTotalsCheck,
  foldValues,
  lineContext,
  parseInclusion,
  parseManifest,
  proofLine,
  sumsChallenge,
  verifyInclusion,
  verifyProofLine,
} from '@solvent-por/verifier';
import {
  fitted,
  inclusionFile,
  leavesOf,
  replaced,
  SnapshotBuilder,
  testAccounts,
  testHeader,
  toBatches,
  treeOf,
  verifyFile,
  type ProvedLine,
  type SmallSnapshot,
} from '@solvent-por/dev/proofs';
import { BatchProver } from '../batch-prover';

/**
 * Whoever knows γ before values are fixed can choose others that fold to the same, within all bounds: with
 * eight published values they come within 2^34 of anything. So γ is drawn when account trees, columns and
 * totals stand (section 8).
 */
const kzg = nativeVerifier();
const header = testHeader('margin', 4, 4);
const NEAR = 1n << 34n;
let builder: SnapshotBuilder;
let line: ProvedLine;
let genuine: SmallSnapshot;

const accounts = testAccounts(header, 3).map((account, i) => ({
  ...account,
  amounts: account.amounts.map((amount, v) => (v < 4 ? 1n << 43n : 1n << 41n) + amount + BigInt(i)),
}));

beforeAll(async () => {
  builder = await SnapshotBuilder.load(header);
  line = builder.prove(0, toBatches(accounts));
  genuine = builder.finalise([line]);
});

const near = (values: readonly bigint[], wanted: readonly bigint[]) =>
  values.every((value, v) => value >= wanted[v]! - NEAR && value <= wanted[v]! + NEAR);

test('totals made after γ, a quarter of the true ones: a γ without totals lets them pass', async () => {
  const { gamma, totals: truth } = genuine;
  const wanted = truth.map((total) => total / 4n);
  const totals = fitted(gamma, truth, wanted);
  expect(near(totals, wanted)).toBe(true);
  expect(foldValues(gamma, totals)).toBe(foldValues(gamma, truth));

  const cheat = builder.finalise([line], { totals: () => totals, gamma: () => gamma });
  expect(parseManifest(cheat.document).totals).toEqual(totals.map(String));
  expect(await verifyFile(cheat.file)).toMatchObject({ valid: false, code: 'PROOF_INVALID' });
  // Sums under the γ that the totals give are refused as well: then the totals are not theirs.
  const redrawn = builder.finalise([line], { totals: () => totals });
  expect(redrawn.gamma).toBe(sumsChallenge(builder.digest, 1, genuine.columns, totals));
  expect(await verifyFile(redrawn.file)).toMatchObject({ valid: false, code: 'GLOBAL_TOTALS' });

  // All that a verifier whose γ leaves totals out would check.
  const context = { ...lineContext(cheat.manifest, kzg), gamma };
  expect(verifyProofLine(proofLine(cheat.summed[0]!), context)).toMatchObject({ valid: true });
  const checks = new OpeningChecks();
  const [opening] = kzg.decodePoints([hexBytes(cheat.manifest.totalsOpening, 48)]);
  addTotalsCheck(cheat.tree.top.sum, gamma, totals, opening!, checks);
  expect(checks.holds(kzg)).toBe(true);
});

test('an account tree made after γ shows a user what they hold where the row holds half of it', async () => {
  const { gamma } = genuine;
  const [stored, row] = [line.stored[0]!, 1];
  const inclusion = builder.include(genuine, stored, row);
  const held = inclusion.values.map((value) => 2n * value);
  const shown = fitted(gamma, inclusion.values, held);
  expect(near(shown, held)).toBe(true);

  const leaf = accountLeaf(inclusion.id, inclusion.salt, shown);
  const tree = treeOf(replaced(leavesOf(builder.layout, stored), row, leaf));
  class SecondTree extends BatchProver {
    protected override accountsRoot = () => tree.root;
  }
  const again: ProvedLine = {
    proof: builder.prove(0, [stored.accounts], builder.prover(SecondTree)).proof,
    stored: line.stored,
  };
  expect(again.proof.commitments.limbs).toEqual(line.proof.commitments.limbs);
  const forged = builder.finalise([again], { columns: () => genuine.columns });
  expect(forged.gamma).toBe(gamma);
  const file = { ...builder.include(forged, stored, row), values: shown, accountPath: tree.path(row) };
  const { key } = accounts[row]!;
  // The user's file and the line hold; that γ was drawn before the tree is what `columns` would say.
  const parsed = parseInclusion(inclusionFile(file));
  expect(verifyInclusion(parsed, { manifest: forged.manifest, key }, kzg)).toMatchObject({ valid: true });
  const context = lineContext(forged.manifest, kzg);
  expect(verifyProofLine(proofLine(forged.summed[0]!), context)).toMatchObject({ valid: true });
  expect(await verifyFile(forged.file)).toMatchObject({ valid: false, code: 'GLOBAL_COLUMNS' });
  // Under the γ of the second tree the fit is gone.
  const redrawn = builder.finalise([again]);
  const own = { ...builder.include(redrawn, stored, row), values: shown, accountPath: tree.path(row) };
  expect(verifyInclusion(own, { manifest: redrawn.manifest, key }, kzg)).toMatchObject({
    valid: false,
    code: 'INCLUSION_OPENING',
  });
});
