import { encodePoints, G1_BASE } from '@solvent-por/kzg';
import { layoutOf, type BatchProof, type Layout, type SummedProof } from '@solvent-por/verifier';
import { AGGREGATE, HAIRCUTS, incorrect, nothing, sumOf } from './batch-vector-parts';
import { contextOf, EMPTY_ROW, summed, TEST_GAMMA, type Cheat, type Forger } from './cheating';
import { POOL_FLAWS, POOLS, smuggledInto } from './pool-flaws';
import { testKey, toBatches } from './snapshots';
import type { Vector } from './vectors';

/** Tiers and pools: what a verifier with a flaw accepts. */
export function haircuts(forger: Forger): Vector[] {
  const layout = layoutOf(HAIRCUTS);
  const limb = (name: string) => layout.bases.find((base) => base.name === name)!.firstLimb;
  const [tier, room] = [limb('TIERED equity tier 0'), limb('room of TIERED equity tier 0')];
  const row = EMPTY_ROW;
  const last = layout.relations.length - 1;
  const netWith = (change: (base: number, honest: bigint) => bigint): Partial<Layout> => ({
    relations: layout.relations.map((relation, i) =>
      i < last
        ? relation
        : {
            ...relation,
            terms: layout.bases.flatMap((_, base) => {
              const honest = relation.terms.find((term) => term.base === base)?.coefficient ?? 0n;
              const coefficient = change(base, honest);
              return coefficient === 0n ? [] : [{ base, coefficient }];
            }),
          },
    ),
  });
  const named = (base: number) => layout.bases[base]!.name;
  const debtor = (amounts: bigint[], flaw: Partial<Layout>) =>
    forger.forgeBatches(HAIRCUTS, toBatches([{ id: testKey('debtor'), amounts }]), {
      layout: { ...layout, ...flaw },
    }).proof;
  const forge = (cheat: Cheat) => forger.prove(HAIRCUTS, cheat);
  return [
    incorrect(
      'part-above-its-width-negative-room',
      HAIRCUTS,
      forge({
        limbs: [
          { limb: tier, row, add: 701n },
          { limb: room, row, add: -701n },
        ],
      }),
    ),
    incorrect(
      'room-of-an-unused-row-left-at-0',
      HAIRCUTS,
      forge({ limbs: [{ limb: room, row, add: -700n }] }),
    ),
    incorrect(
      'room-not-solved-in-a-reserved-row',
      HAIRCUTS,
      forge({ limbs: [{ limb: room, row: 4081, add: 1n }] }),
    ),
    incorrect(
      'constants-left-out-of-relations',
      HAIRCUTS,
      debtor([0n, 0n, 0n, 0n, 0n, 0n, 0n], {
        relations: layout.relations.map((relation) => ({ ...relation, constant: 0n })),
      }),
    ),
    incorrect(
      'debts-not-times-100',
      HAIRCUTS,
      debtor(
        [1000n, 0n, 0n, 0n, 1500n, 0n, 0n],
        netWith((base, c) => (named(base).endsWith('debt') ? c / 100n : c)),
      ),
    ),
    incorrect(
      'free-equity-counted-as-collateral',
      HAIRCUTS,
      debtor(
        [0n, 100n, 0n, 0n, 0n, 50n, 0n],
        netWith((base, c) => (named(base) === 'POOLED free' ? -400n : c)),
      ),
    ),
    incorrect(
      'percentage-of-another-tier',
      HAIRCUTS,
      debtor(
        [0n, 0n, 1900n, 0n, 0n, 1600n, 0n],
        netWith((base, c) => (named(base) === 'POOLED margin tier 1' ? -400n : c)),
      ),
    ),
    incorrect(
      'published-value-unpaired',
      HAIRCUTS,
      forge({
        limbs: [
          { limb: tier, row: 4080, add: -9n },
          { limb: room, row: 4080, add: 9n },
          { limb: limb('net'), row: 4080, add: -9n * 95n * 3n },
        ],
        layout: { ...layout, paired: layout.paired.slice(1) },
      }),
    ),
  ];
}

/** Several pools: accounts that owe more than counts, each solvent to a verifier with one flaw. */
export function pools(forger: Forger): Vector[] {
  const batches = (amounts: readonly bigint[]) => toBatches([{ id: testKey('debtor'), amounts }]);
  const honest = forger.prove(POOLS, {});
  const withSum = (layout: Layout): SummedProof => ({
    ...honest,
    sums: encodePoints([sumOf(layout, honest.commitments.limbs)]),
  });
  const lastPool = layoutOf(POOLS).published.length - 1;
  return [
    ...POOL_FLAWS.map(({ name, amounts, layout }) =>
      incorrect(name, POOLS, forger.forgeBatches(POOLS, batches(amounts), { layout }).proof),
    ),
    incorrect(
      'room-in-a-published-sum',
      POOLS,
      withSum(smuggledInto(lastPool, 'room of POOLED portfolio tier 0')),
    ),
    incorrect('net-in-a-published-sum', POOLS, withSum(smuggledInto(3, 'net'))),
  ];
}

/** Lines whose proofs hold, with sums that are not theirs. */
export function summedFalsely(forger: Forger, honest: BatchProof): Vector[] {
  const context = contextOf(AGGREGATE);
  const other = (gamma: bigint) => summed(honest, { ...context, gamma });
  const two = forger.prove(AGGREGATE, {}, 2);
  const [a, b] = context.kzg.decodePoints(summed(two, context).sums);
  const cancelling = encodePoints([a!.add(G1_BASE), b!.subtract(G1_BASE)]);
  const pools = forger.prove(HAIRCUTS, {});
  const without = (published: Layout['published']): SummedProof => {
    const layout = { ...layoutOf(HAIRCUTS), published };
    return { ...pools, sums: encodePoints([sumOf(layout, pools.commitments.limbs)]) };
  };
  const { published } = layoutOf(HAIRCUTS);
  return [
    incorrect('sum-under-another-gamma', AGGREGATE, other(TEST_GAMMA + 1n)),
    incorrect('sum-of-the-first-value-alone', AGGREGATE, other(0n)),
    incorrect('sum-infinity', AGGREGATE, {
      ...honest,
      sums: nothing(AGGREGATE).accounts.map(() => encodePoints([a!.subtract(a!)])[0]!),
    }),
    incorrect('sums-of-two-batches-swapped', AGGREGATE, { ...two, sums: encodePoints([b!, a!]) }),
    // Accepted where two sums get one secret factor.
    incorrect('sums-whose-errors-cancel', AGGREGATE, { ...two, sums: cancelling }),
    incorrect('sum-without-the-last-pool', HAIRCUTS, without(published.slice(0, -1))),
    incorrect(
      'sum-with-pools-permuted',
      HAIRCUTS,
      without([...published.slice(0, -2), published.at(-1)!, published.at(-2)!]),
    ),
  ];
}
