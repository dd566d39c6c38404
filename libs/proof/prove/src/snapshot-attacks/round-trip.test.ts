import { nobleVerifier } from '@solvent/algebra';
import { nativeVerifier } from '@solvent/algebra/native';
import fc from 'fast-check';
import { parseInclusion, verifyInclusion, type Mode } from '@solvent/proof/verify';
import {
  inclusionFile,
  inPieces,
  SnapshotBuilder,
  testHeader,
  toBatches,
  verifyFile,
  type TestAccount,
} from '@solvent/testing';

/** Whatever the accounts, an honest snapshot is accepted as a whole and account by account. */
const LIMBS = 2;
const BOUND = (1n << 22n) - 1n;

const amount = fc.oneof(
  fc.constant(0n),
  fc.constant(1n),
  fc.bigInt(0n, 2048n),
  fc.bigInt(0n, BOUND),
  fc.constant(BOUND),
);
const id = fc.uint8Array({ minLength: 32, maxLength: 32 });

/** Accounts that a snapshot of this mode may hold: in margin the debt of each asset is at most its equity. */
const accounts = (mode: Mode): fc.Arbitrary<TestAccount[]> => {
  const account =
    mode === 'spot'
      ? fc.record({ id, amounts: fc.tuple(amount, amount) })
      : mode === 'aggregate'
        ? fc.record({ id, amounts: fc.tuple(amount, amount) })
        : fc
            .tuple(id, amount, amount, amount, amount)
            .map(([key, a, b, x, y]) => ({ id: key, amounts: [a, b, x < a ? x : a, y < b ? y : b] }));
  return fc.uniqueArray(account, { minLength: 0, maxLength: 6, selector: (a) => a.id.join() });
};

test.each(['aggregate', 'spot', 'margin'] as const)('%s', async (mode) => {
  const header = testHeader(mode, mode === 'aggregate' ? 1 : 2, LIMBS);
  const builder = await SnapshotBuilder.load(header);
  await fc.assert(
    fc.asyncProperty(
      accounts(mode),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 5000 }),
      async (all, batchCount, k, piece) => {
        const batches = toBatches(all, Math.max(1, Math.ceil(all.length / batchCount)));
        const lines = builder.proveAll(batches, k);
        const snapshot = builder.close(lines);
        expect(await verifyFile(inPieces(snapshot.file, piece))).toMatchObject({
          valid: true,
          proofs: Math.ceil(batches.length / k),
          manifest: { batchCount: batches.length, totals: snapshot.totals.map(String) },
        });
        for (const stored of lines.flatMap((line) => line.stored))
          for (let row = 0; row < stored.accounts.count; row++) {
            const file = inclusionFile(builder.include(snapshot, stored, row));
            const trusted = {
              id: stored.accounts.ids.slice(32 * row, 32 * row + 32),
              manifest: snapshot.manifest,
            };
            const kzg = row === 0 ? nobleVerifier() : nativeVerifier();
            expect(verifyInclusion(parseInclusion(file), trusted, kzg)).toMatchObject({
              valid: true,
              idChecked: true,
              manifestChecked: true,
            });
          }
      },
    ),
    { numRuns: 3 },
  );
});
