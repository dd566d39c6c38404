import { OpeningChecks } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import { addTotalsCheck } from '@solvent-por/verifier';
import {
  foldedRowsOf,
  haircutHeader,
  SnapshotBuilder,
  testAccounts,
  testHeader,
  toBatches,
} from '@solvent-por/dev/proofs';
import { foldedColumn, rowFolder } from './folded-column';
import { TotalsProver } from './totals-prover';

const kzg = nativeVerifier();
const headers = [
  testHeader('aggregate', 1, 2),
  testHeader('spot', 2, 2),
  testHeader('margin', 2, 2),
  haircutHeader(2),
].map((header) => [header.snapshot, header] as const);

test.each(headers)('%s: folded columns, sums and opening agree', async (_, header) => {
  const builder = await SnapshotBuilder.load(header);
  const lines = builder.proveAll(toBatches(testAccounts(header, 3), 2));
  const snapshot = builder.finalise(lines);
  const { kernels, committer, layout } = builder;
  const { gamma } = snapshot;
  const mark = kernels.mark();

  // What the operator keeps gives the very column that the sum commits to.
  for (const [i, { stored }] of lines.entries()) {
    const column = foldedColumn(kernels, layout, stored[0]!, gamma);
    const rows = kernels.read(column, 0, 4096);
    expect(rows).toEqual(foldedRowsOf(layout, stored[0]!, gamma));
    const some = [0, 1, 2, 4079, 4080, 4095];
    expect(some.map(rowFolder(layout, stored[0]!, gamma))).toEqual(some.map((row) => rows[row]));
    const [point] = kzg.decodePoints([committer.commit(kernels.blob(column))]);
    expect(point!.equals(snapshot.leaves[i]!.sum)).toBe(true);
  }

  const prover = new TotalsProver(layout, gamma, kernels, committer);
  const holds = (totals: readonly bigint[]) => {
    const checks = new OpeningChecks();
    const [opening] = kzg.decodePoints([prover.prove(totals)]);
    addTotalsCheck(snapshot.tree.top.sum, gamma, totals, opening!, checks);
    return checks.holds(kzg);
  };
  prover.add(lines[0]!.stored[0]!);
  expect(holds(snapshot.totals)).toBe(false);
  prover.add(lines[1]!.stored[0]!);
  expect(holds(snapshot.totals)).toBe(true);
  expect(holds(snapshot.totals.map((total, v) => (v === 0 ? total + 1n : total)))).toBe(false);
  kernels.release(mark);
});

test('opens again to the same bytes, and under another γ to others', async () => {
  const builder = await SnapshotBuilder.load(testHeader('aggregate', 1, 2));
  const line = builder.prove(0, toBatches(testAccounts(builder.header, 2)));
  const { gamma, totals } = builder.finalise([line]);
  const once = builder.openTotals(line.stored, gamma, totals);
  expect(builder.openTotals(line.stored, gamma, totals)).toEqual(once);
  expect(builder.openTotals(line.stored, gamma + 1n, totals)).not.toEqual(once);
});
