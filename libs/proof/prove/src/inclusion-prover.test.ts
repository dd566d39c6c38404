import { loadCommitter, nativeVerifier } from '@solvent/algebra/native';
import { ACCOUNT_ROWS, verifyInclusion } from '@solvent/proof/verify';
import { placeOf, SnapshotBuilder, testAccounts, testHeader, toBatches } from '@solvent/testing';
import { InclusionProver } from './inclusion-prover';

const kzg = nativeVerifier();

test('a full batch: rows at both ends open, all from one prover', async () => {
  const header = testHeader('aggregate', 1, 2);
  const builder = await SnapshotBuilder.load(header);
  const accounts = testAccounts(header, ACCOUNT_ROWS + 2);
  const lines = builder.proveAll(toBatches(accounts));
  const snapshot = builder.close(lines);
  const stored = lines[0]!.stored[0]!;
  const { kernels } = builder;
  const mark = kernels.mark();
  const prover = new InclusionProver(
    snapshot.manifest,
    stored,
    placeOf(snapshot, 0),
    kernels,
    await loadCommitter(),
  );
  for (const row of [0, 1, 2047, 2048, ACCOUNT_ROWS - 1]) {
    const inclusion = prover.prove(row);
    expect(inclusion).toMatchObject({ batch: 0, row, batchCount: 2 });
    const [debt, net] = accounts[row]!.amounts as [bigint, bigint];
    expect(inclusion.values).toEqual([debt + net, debt]);
    const trusted = { id: accounts[row]!.id, manifest: snapshot.manifest };
    expect(verifyInclusion(inclusion, trusted, kzg)).toMatchObject({
      valid: true,
      idChecked: true,
      manifestChecked: true,
    });
    expect(builder.reopen(inclusion, stored).opening).toEqual(inclusion.opening);
  }
  const empty = expect.objectContaining({ code: 'ROW_EMPTY' }) as Error;
  for (const row of [-1, ACCOUNT_ROWS, 4095, NaN]) expect(() => prover.prove(row)).toThrow(empty);
  prover.release();
  expect(kernels.mark()).toBe(mark);
});

test('a row that holds no account is not opened', async () => {
  const builder = await SnapshotBuilder.load(testHeader('spot', 1, 1));
  const line = builder.prove(0, toBatches([{ id: new Uint8Array(32), amounts: [1n] }]));
  const snapshot = builder.close([line]);
  expect(builder.include(snapshot, line.stored[0]!, 0).path).toEqual([]);
  expect(() => builder.include(snapshot, line.stored[0]!, 1)).toThrow(
    expect.objectContaining({ code: 'ROW_EMPTY' }),
  );
});
