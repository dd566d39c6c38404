import { OpeningChecks } from '@solvent/algebra';
import { nativeVerifier } from '@solvent/algebra/native';
import { addTotalsCheck } from '@solvent/proof/verify';
import { SnapshotBuilder, sumRowsOf, testAccounts, testHeader, testKey, toBatches } from '@solvent/testing';
import { sumColumns } from './sum-columns';
import { TotalsProver } from './totals-prover';

const kzg = nativeVerifier();

test.each(['aggregate', 'spot', 'margin'] as const)('%s: columns, sums and opening agree', async (mode) => {
  const header = testHeader(mode, mode === 'aggregate' ? 1 : 2, 2);
  const builder = await SnapshotBuilder.load(header);
  const lines = builder.proveAll(toBatches(testAccounts(header, 3), 2));
  const snapshot = builder.close(lines);
  const { kernels, committer, layout } = builder;
  const mark = kernels.mark();

  // What the operator keeps gives the very columns that were committed to.
  for (const [i, { stored }] of lines.entries()) {
    const columns = sumColumns(kernels, layout, stored[0]!);
    expect(columns.map((column) => kernels.read(column, 0, 4096))).toEqual(sumRowsOf(layout, stored[0]!));
    const points = kzg.decodePoints(columns.map((column) => committer.commit(kernels.blob(column))));
    points.forEach((point, v) => expect(point.equals(snapshot.leaves[i]!.sums[v]!)).toBe(true));
  }

  const prover = new TotalsProver(layout, kernels, committer);
  const holds = (totals: readonly bigint[]) => {
    const checks = new OpeningChecks();
    const [opening] = kzg.decodePoints([prover.prove(snapshot.root, totals)]);
    addTotalsCheck(snapshot.root, snapshot.tree.top, totals, opening!, checks);
    return checks.holds(kzg);
  };
  prover.add(lines[0]!.stored[0]!);
  expect(holds(snapshot.totals)).toBe(false);
  prover.add(lines[1]!.stored[0]!);
  expect(holds(snapshot.totals)).toBe(true);
  expect(holds(snapshot.totals.map((total, v) => (v === 0 ? total + 1n : total)))).toBe(false);
  kernels.release(mark);
});

test('opens again to the same bytes, and under another root to others', async () => {
  const builder = await SnapshotBuilder.load(testHeader('aggregate', 1, 2));
  const line = builder.prove(0, toBatches(testAccounts(builder.header, 2)));
  const { root, totals } = builder.close([line]);
  const once = builder.openTotals(line.stored, root, totals);
  expect(builder.openTotals(line.stored, root, totals)).toEqual(once);
  expect(builder.openTotals(line.stored, testKey('root'), totals)).not.toEqual(once);
});
