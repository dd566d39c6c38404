import { nativeVerifier } from '@solvent-por/kzg/native';
import { ACCOUNT_ROWS, verifyInclusion } from '@solvent-por/verifier';
import { placeOf, SnapshotBuilder, testAccounts, testHeader, toBatches } from '@solvent-por/dev/proofs';
import { InclusionProver } from './inclusion-prover';
import {
  batchOpenings,
  keptOpenings,
  openingsOf,
  rowOpenings,
  SHARED_OPENINGS_BYTES,
  sharedOpenings,
  type OpenRow,
} from './openings/account-openings';
import { allCells, cellsOf } from './openings/batch-cells';

const kzg = nativeVerifier();

test('a full batch: rows at both ends open, in any order, from kept cells, as a whole batch and one by one', async () => {
  const header = testHeader('aggregate', 1, 2);
  const builder = await SnapshotBuilder.load(header);
  const accounts = testAccounts(header, ACCOUNT_ROWS + 2);
  const lines = builder.proveAll(toBatches(accounts));
  const snapshot = builder.finalise(lines);
  const stored = lines[0]!.stored[0]!;
  const { kernels, committer, layout, opener } = builder;
  const { manifest, gamma } = snapshot;
  const mark = kernels.mark();
  const cells = allCells(kernels, committer, layout, stored, gamma);
  const opened = { layout, stored, gamma };
  const proverOf = (open: OpenRow) => new InclusionProver(manifest, stored, placeOf(snapshot, 0), open);
  const prover = proverOf(rowOpenings(opener, opened, cellsOf(cells)));
  const whole = proverOf(batchOpenings(builder, opened, cells));
  const shared = sharedOpenings(builder, opened);
  expect(shared).toHaveLength(SHARED_OPENINGS_BYTES);
  const kept = proverOf(keptOpenings(opener, opened, shared));
  expect(kernels.mark()).toBe(mark);

  const rows = [2048, 0, ACCOUNT_ROWS - 1, 64, 2047, 0];
  const inclusions = rows.map((row) => prover.prove(row));
  inclusions.forEach((inclusion, i) => {
    const row = rows[i]!;
    expect(inclusion).toMatchObject({ batch: 0, row });
    const [debt, net] = accounts[row]!.amounts as [bigint, bigint];
    expect(inclusion.values).toEqual([debt + net, debt]);
    expect(verifyInclusion(inclusion, { key: accounts[row]!.key, manifest }, kzg)).toMatchObject({
      valid: true,
      keyChecked: true,
    });
    expect(whole.prove(row)).toEqual(inclusion);
    expect(kept.prove(row)).toEqual(inclusion);
    expect(proverOf(openingsOf(builder, opened, [row])).prove(row)).toEqual(inclusion);
  });
  expect(inclusions[5]).toEqual(inclusions[1]);
  const empty = expect.objectContaining({ code: 'ROW_EMPTY' }) as Error;
  for (const row of [-1, ACCOUNT_ROWS, 4095, NaN]) expect(() => prover.prove(row)).toThrow(empty);
});

test('a row that holds no account is not opened', async () => {
  const builder = await SnapshotBuilder.load(testHeader('spot', 1, 1));
  const line = builder.prove(0, toBatches([{ id: new Uint8Array(32), amounts: [1n] }]));
  const snapshot = builder.finalise([line]);
  expect(builder.include(snapshot, line.stored[0]!, 0).path).toEqual([]);
  expect(() => builder.include(snapshot, line.stored[0]!, 1)).toThrow(
    expect.objectContaining({ code: 'ROW_EMPTY' }),
  );
});
