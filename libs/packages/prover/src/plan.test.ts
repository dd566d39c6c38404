import fc from 'fast-check';
import { ACCOUNT_ROWS, layoutOf } from '@solvent-por/verifier';
import { testHeader } from '@solvent-por/dev/proofs';
import { planProofs } from './plan';

const layouts = {
  aggregate: layoutOf(testHeader('aggregate')),
  'margin of 20 assets': layoutOf(testHeader('margin', 20)),
  'spot of 256 assets': layoutOf(testHeader('spot', 256)),
};

describe.each(Object.entries(layouts))('%s', (_name, layout) => {
  test('k is at least 1, at most what the layout allows, and the plan follows from its inputs alone', () => {
    fc.assert(
      fc.property(fc.nat(3_000_000), fc.integer({ min: 1, max: 64 }), (accounts, workers) => {
        const plan = planProofs(layout, accounts, workers);
        expect(plan).toEqual(planProofs(layout, accounts, workers));
        expect(plan.accounts).toBe(accounts);
        expect(plan.batchCount).toBe(Math.max(1, Math.ceil(accounts / ACCOUNT_ROWS)));
        expect(plan.k).toBeGreaterThanOrEqual(1);
        expect(plan.k).toBeLessThanOrEqual(Math.min(layout.maxBatches, plan.batchCount));
      }),
    );
  });

  test('no other k is done earlier', () => {
    for (let batchCount = 1; batchCount <= 120; batchCount++)
      for (const workers of [1, 2, 3, 4, 8, 16]) {
        const { k } = planProofs(layout, batchCount * ACCOUNT_ROWS, workers);
        const most = Math.min(layout.maxBatches, 8, batchCount);
        const times = Array.from({ length: most }, (_, i) => makespan(batchCount, i + 1, workers));
        expect(makespan(batchCount, k, workers)).toBeCloseTo(Math.min(...times), 9);
      }
  });

  test('two workers, or as many as an even number of batches, all have work', () => {
    for (let batchCount = 2; batchCount <= 400; batchCount++)
      expect(Math.ceil(batchCount / planProofs(layout, batchCount * ACCOUNT_ROWS, 2).k)).toBeGreaterThan(1);
    for (const workers of [2, 3, 4, 8, 16])
      for (const share of [1, 2, 5, 8, 40]) {
        const { k, batchCount } = planProofs(layout, workers * share * ACCOUNT_ROWS, workers);
        expect(Math.ceil(batchCount / k)).toBeGreaterThanOrEqual(workers);
      }
  });
});

/** When the last proof is done if each takes 1.3 + its batches and goes to the worker that is free first. */
function makespan(batchCount: number, k: number, workers: number): number {
  const free = new Array<number>(workers).fill(0);
  for (let first = 0; first < batchCount; first += k) {
    const next = free.indexOf(Math.min(...free));
    free[next]! += 1.3 + Math.min(k, batchCount - first);
  }
  return Math.max(...free);
}

test('aggregate shares between 8 batches once there are many', () => {
  expect(layouts.aggregate.maxBatches).toBe(16);
  expect(planProofs(layouts.aggregate, 1_310_720, 2).k).toBe(8);
  expect(planProofs(layouts.aggregate, 64 * ACCOUNT_ROWS, 2).k).toBe(8);
  expect(planProofs(layouts.aggregate, 1, 2)).toEqual({ accounts: 1, batchCount: 1, k: 1 });
  expect(planProofs(layouts.aggregate, 0, 2)).toEqual({ accounts: 0, batchCount: 1, k: 1 });
});

test('a proof of one batch where the layout allows no more', () => {
  expect(layouts['spot of 256 assets'].maxBatches).toBe(1);
  expect(planProofs(layouts['spot of 256 assets'], 10_000_000, 2).k).toBe(1);
});
