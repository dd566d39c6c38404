import { createKernels, OpeningChecks, type FieldKernels, type KzgCommitter } from '@solvent-por/kzg';
import { loadCommitter } from '@solvent-por/kzg/native';
import {
  layoutOf,
  parseProofLine,
  proofLine,
  verifyBatches,
  type Header,
  type Mode,
} from '@solvent-por/verifier';
import {
  contextOf,
  failingClaims,
  summed,
  TEST_KEYS,
  testHeader,
  testKey,
  toBatches,
} from '@solvent-por/dev/proofs';
import * as fc from 'fast-check';
import { BatchProver } from '../batch-prover';

let kernels: FieldKernels;
let committer: KzgCommitter;
beforeAll(async () => {
  kernels = createKernels();
  committer = await loadCommitter();
});

interface Snapshot {
  readonly header: Header;
  readonly first: number;
  /** Account by account of each batch: the layout's inputs. */
  readonly batches: readonly (readonly (readonly bigint[])[])[];
}

/** The smallest, the largest and anything between. */
const amount = (bound: bigint) =>
  fc.oneof(fc.constant(0n), fc.constant(bound - 1n), fc.bigInt({ min: 0n, max: bound - 1n }));

function snapshotOf(mode: Mode): fc.Arbitrary<Snapshot> {
  return fc
    .record({
      limbs: fc.array(fc.integer({ min: 1, max: 6 }), {
        minLength: 1,
        maxLength: mode === 'aggregate' ? 1 : 3,
      }),
      prices: fc.array(fc.oneof(fc.constant(2n ** 64n - 1n), fc.bigInt({ min: 1n, max: 2n ** 64n - 1n })), {
        minLength: 3,
        maxLength: 3,
      }),
      counts: fc.array(fc.nat(6), { minLength: 1, maxLength: 3 }),
      first: fc.nat(65_533),
    })
    .chain(({ limbs, prices, counts, first }) => {
      const plain = testHeader(mode, limbs.length);
      const header: Header = {
        ...plain,
        assets: plain.assets.map((asset, t) => ({
          ...asset,
          limbs: limbs[t]!,
          ...(mode === 'margin' ? { price: String(prices[t]) } : {}),
        })),
      };
      const { bases, inputs } = layoutOf(header);
      // Of section 4: an amount is below 2^64 and fits its limbs; in aggregate debt and net together.
      const bounds = inputs.map(({ base }) => {
        const bits = Math.min(64, 11 * bases[base]!.limbs) - (mode === 'aggregate' ? 1 : 0);
        return 1n << BigInt(bits);
      });
      const T = inputs.length / 2;
      const account = fc
        .tuple(...bounds.map(amount))
        // In margin no account owes more of an asset than it has, up to nothing left.
        .map((amounts) =>
          mode === 'margin'
            ? amounts.map((x, v) => (v < T || x <= amounts[v - T]! ? x : amounts[v - T]!))
            : amounts,
        );
      return fc.record({
        header: fc.constant(header),
        first: fc.constant(first),
        batches: fc.tuple(
          ...counts
            .slice(0, layoutOf(header).maxBatches)
            .map((count) => fc.array(account, { minLength: count, maxLength: count })),
        ),
      });
    });
}

test.each(['aggregate', 'spot', 'margin'] as const)('%s: random small snapshots prove and verify', (mode) => {
  fc.assert(
    fc.property(snapshotOf(mode), ({ header, first, batches }) => {
      const accounts = batches.map((batch, b) =>
        batch.map((amounts, row) => ({ id: testKey(`account ${b} ${row}`), amounts })),
      );
      const { proof } = new BatchProver(header, TEST_KEYS, kernels, committer).prove(
        first,
        accounts.map((batch) => toBatches(batch)[0]!),
      );
      const context = contextOf(header);
      const checks = new OpeningChecks();
      const sums = verifyBatches(
        parseProofLine(proofLine(summed(proof, context)), context.layout),
        context,
        checks,
      );
      expect(checks.holds(context.kzg)).toBe(true);
      expect(sums).toHaveLength(batches.length);
      // And not under a header that differs in a place.
      expect(failingClaims(proof, contextOf({ ...header, takenAt: '2026-10-31T00:00:01Z' }))).toContain(
        'zeta',
      );
    }),
    { numRuns: 4 },
  );
});
