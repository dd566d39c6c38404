import { nobleVerifier } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import fc from 'fast-check';
import {
  accountId,
  headerDigest,
  layoutOf,
  parseInclusion,
  verifyInclusion,
  type Header,
} from '@solvent-por/verifier';
import {
  haircutHeader,
  inclusionFile,
  inPieces,
  SnapshotBuilder,
  testHeader,
  toBatches,
  verifyFile,
  type TestAccount,
} from '@solvent-por/dev/proofs';

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
const key = fc.uint8Array({ minLength: 32, maxLength: 32 });

/**
 * Accounts that a snapshot under this header may hold: in margin the debt of each asset is at most a
 * twentieth of its equity at full value.
 */
const accounts = (header: Header): fc.Arbitrary<TestAccount[]> => {
  const { inputs } = layoutOf(header);
  const digest = headerDigest(header);
  const account = fc.tuple(key, fc.tuple(...inputs.map(() => amount))).map(([k, amounts]): TestAccount => {
    const counted = (symbol: string) =>
      inputs.reduce(
        (sum, input, v) =>
          input.symbol === symbol && input.side === 'equity' && input.pool !== 'free'
            ? sum + amounts[v]!
            : sum,
        0n,
      );
    const halved = amounts.map((x, v) =>
      inputs[v]!.pool === undefined && inputs[v]!.side !== 'net' ? x : x / 2n,
    );
    return {
      key: k,
      id: accountId(digest, k),
      amounts: halved.map((x, v) => {
        const { symbol, side } = inputs[v]!;
        if (header.mode === 'aggregate') return x / 2n;
        if (header.mode === 'spot' || side === 'equity') return x;
        const most = counted(symbol) / 40n;
        return x < most ? x : most;
      }),
    };
  });
  return fc.uniqueArray(account, { minLength: 0, maxLength: 6, selector: (a) => a.id.join() });
};

const headers = [
  ...(['aggregate', 'spot', 'margin'] as const).map((mode) =>
    testHeader(mode, mode === 'aggregate' ? 1 : 2, LIMBS),
  ),
  haircutHeader(LIMBS),
].map((header) => [header.snapshot, header] as const);

test.each(headers)('%s', async (_, header) => {
  const builder = await SnapshotBuilder.load(header);
  await fc.assert(
    fc.asyncProperty(
      accounts(header),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 5000 }),
      async (all, batchCount, k, piece) => {
        const batches = toBatches(all, Math.max(1, Math.ceil(all.length / batchCount)));
        const lines = builder.proveAll(batches, k);
        const snapshot = builder.finalise(lines);
        expect(await verifyFile(inPieces(snapshot.file, piece))).toMatchObject({
          valid: true,
          proofs: Math.ceil(batches.length / k),
          manifest: { batchCount: batches.length, totals: snapshot.totals.map(String) },
        });
        for (const stored of lines.flatMap((line) => line.stored))
          for (let row = 0; row < stored.accounts.count; row++) {
            const file = inclusionFile(builder.include(snapshot, stored, row));
            const id = stored.accounts.ids.slice(32 * row, 32 * row + 32).join();
            const trusted = {
              key: all.find((account) => account.id.join() === id)!.key,
              manifest: snapshot.manifest,
            };
            const kzg = row === 0 ? nobleVerifier() : nativeVerifier();
            expect(verifyInclusion(parseInclusion(file), trusted, kzg)).toMatchObject({
              valid: true,
              keyChecked: true,
            });
          }
      },
    ),
    { numRuns: 3 },
  );
});
