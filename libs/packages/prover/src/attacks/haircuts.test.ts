import { encodePoints, G1_BASE, OpeningChecks } from '@solvent-por/kzg';
import { provedSums } from '@solvent-por/prover';
import {
  layoutOf,
  parseHeader,
  proofLine,
  verifyProofLine,
  type Header,
  type Layout,
  type Relation,
} from '@solvent-por/verifier';
import {
  contextOf,
  EMPTY_ROW,
  Forger,
  haircutHeader,
  referenceFailures,
  summed,
  testKey,
  toBatches,
  type Cheat,
  type LimbChange,
} from '@solvent-por/dev/proofs';

/**
 * Haircut tiers and pools (section 3): each relation of rooms and net, its constant, and which values must
 * cancel in pairs.
 */

const header = parseHeader(haircutHeader(2));
const layout = layoutOf(header);
const context = contextOf(header);
const limbOf = (name: string) => layout.bases.find((base) => base.name === name)!.firstLimb;
const row = EMPTY_ROW;
const [tier, above, room, net] = [
  limbOf('TIERED equity tier 0'),
  limbOf('TIERED equity tier 1'),
  limbOf('room of TIERED equity tier 0'),
  limbOf('net'),
];
/** Relations in their order: the three rooms, then net. */
const [ROOM, OTHER_ROOM, POOL_ROOM, NET] = [0, 1, 2, 3].map((i) => `relation ${i}`) as [
  string,
  string,
  string,
  string,
];
const priceOf = (t: number) => BigInt(header.assets[t]!.price!);

let forger: Forger;
beforeAll(async () => {
  forger = await Forger.open();
});

/** The layout of a verifier with a flaw. */
const flawed = (change: Partial<Layout>): Layout => ({ ...layout, ...change });
/** Net's relation with other coefficients. */
const netWith = (coefficient: (name: string, honest: bigint) => bigint): readonly Relation[] =>
  layout.relations.map((relation, i) =>
    i < 3
      ? relation
      : {
          ...relation,
          terms: layout.bases
            .map(({ name }, base) => ({
              base,
              coefficient: coefficient(
                name,
                relation.terms.find((term) => term.base === base)?.coefficient ?? 0n,
              ),
            }))
            .filter((term) => term.coefficient !== 0n),
        },
  );

test('the layout is that of section 3', () => {
  expect(layout.bases.map(({ name, limbs }) => [name, limbs])).toEqual([
    ['TIERED equity tier 0', 1],
    ['TIERED equity tier 1', 2],
    ['TIERED equity tier 2', 2],
    ['POOLED free', 2],
    ['POOLED margin tier 0', 1],
    ['POOLED margin tier 1', 2],
    ['WHOLE equity', 2],
    ['TIERED debt', 2],
    ['POOLED debt', 2],
    ['WHOLE debt', 2],
    ['room of TIERED equity tier 0', 1],
    ['room of TIERED equity tier 1', 2],
    ['room of POOLED margin tier 0', 1],
    ['net', 14],
  ]);
  expect(layout.relations.map(({ constant }) => constant)).toEqual([-700n, -2300n, -1000n, 0n]);
  expect(layout.paired).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('honest accounts are proved, tiers filled from the bottom', () => {
  expect(forger.forge(header, {})).toMatchObject({ failing: [], violations: [] });
});

describe('a part above its width', () => {
  test('with a negative room: the relation holds, the limb is not in the table', () => {
    const limbs: LimbChange[] = [
      { limb: tier, row, add: 705n },
      { limb: room, row, add: -705n },
      { limb: net, row, add: 705n * 95n * priceOf(0) },
    ];
    // Net is then a limb of its own beyond the table, too, which changes nothing.
    expect(forger.forge(header, { limbs }).failing).toEqual(['zero']);
  });

  test('with room 0: all limbs are in the table, the relation does not hold', () => {
    const limbs = spread([
      { limb: tier, row, add: 705n },
      { limb: room, row, add: -700n },
    ]);
    expect(forger.forge(header, { limbs })).toMatchObject({ failing: [ROOM], violations: [] });
  });

  test('passes a verifier that lacks the room’s relation', () => {
    const relations = layout.relations.slice(1);
    const limbs = spread([{ limb: tier, row, add: 705n }]);
    const { proof } = forger.forge(header, { limbs });
    expect(referenceFailures(proof, { ...context, layout: flawed({ relations }) })).toEqual([]);
    expect(referenceFailures(proof, context)).toEqual([ROOM]);
  });
});

/** Changes with net's limbs so that the relation of net holds in an account row. */
function spread(limbs: readonly LimbChange[]): LimbChange[] {
  const relation = layout.relations[3]!;
  let worth = 0n;
  for (const { limb, add } of limbs) {
    const base = layout.bases.findIndex((b) => limb >= b.firstLimb && limb < b.firstLimb + b.limbs);
    const { coefficient = 0n } = relation.terms.find((term) => term.base === base) ?? {};
    worth -= coefficient * (add << BigInt(11 * (limb - layout.bases[base]!.firstLimb)));
  }
  const netLimbs: LimbChange[] = [];
  for (let j = 0; worth > 0n; j++, worth >>= 11n) netLimbs.push({ limb: net + j, row, add: worth & 2047n });
  return [...limbs, ...netLimbs];
}

describe('a room of an unused row, and in reserved rows', () => {
  test('left at 0 where the part is 0', () => {
    const limbs = [{ limb: room, row, add: -700n }];
    expect(forger.forge(header, { limbs })).toMatchObject({ failing: [ROOM], violations: [] });
  });

  test('not solved in a reserved row', () => {
    const limbs = [{ limb: room, row: 4080, add: 1n }];
    expect(forger.forge(header, { limbs })).toMatchObject({ failing: [ROOM], violations: [] });
  });

  test('solved without the constant', () => {
    const limbs = Array.from({ length: 16 }, (_, i) => ({ limb: room, row: 4080 + i, add: -700n }));
    expect(forger.forge(header, { limbs })).toMatchObject({ failing: [ROOM], violations: [] });
  });

  test('a relation without its constant, in all rows: passes a verifier that leaves constants out', () => {
    const relations = layout.relations.map((relation) => ({ ...relation, constant: 0n }));
    // Part and room are then 0 in unused rows, and no account may have anything in the tier.
    const accounts = toBatches([{ id: testKey('a'), amounts: [0n, 5n, 0n, 7n, 0n, 0n, 0n] }]);
    const lacking = flawed({ relations });
    const { proof } = forger.forgeBatches(header, accounts, { layout: lacking });
    expect(referenceFailures(proof, { ...context, layout: lacking })).toEqual([]);
    expect(referenceFailures(proof, context)).toEqual([ROOM, OTHER_ROOM, POOL_ROOM]);
  });
});

describe('an account that owes more than counts, proved for a verifier with a flaw', () => {
  // Inputs: TIERED, POOLED free, POOLED margin, WHOLE, three debts.
  const cases: [string, readonly bigint[], Partial<Layout>][] = [
    [
      'debts in units of 1 where equity is in units of 1/100',
      [1000n, 0n, 0n, 0n, 0n, 0n, 10_000n],
      { relations: netWith((name, c) => (name.endsWith('debt') ? c / 100n : c)) },
    ],
    [
      'free equity counts as collateral',
      [0n, 100n, 0n, 0n, 0n, 50n, 0n],
      { relations: netWith((name, c) => (name === 'POOLED free' ? -100n * priceOf(1) : c)) },
    ],
    [
      'the percentage of another pool',
      [0n, 0n, 3000n, 0n, 0n, 2500n, 0n],
      { relations: netWith((name, c) => (name === 'POOLED margin tier 1' ? -100n * priceOf(1) : c)) },
    ],
    [
      'every tier at the percentage of the lowest',
      [20_000n, 0n, 0n, 0n, 18_000n, 0n, 0n],
      { relations: netWith((name, c) => (name.startsWith('TIERED equity') ? -95n * priceOf(0) : c)) },
    ],
    [
      'the price of another asset',
      [0n, 0n, 0n, 100n, 0n, 0n, 101n],
      { relations: netWith((name, c) => (name === 'WHOLE equity' ? -600n : c)) },
    ],
  ];
  test.each(cases)('%s', (_, amounts, flaw) => {
    const batches = toBatches([{ id: testKey('debtor'), amounts }]);
    const lacking = flawed(flaw);
    const { proof } = forger.forgeBatches(header, batches, { layout: lacking });
    expect(referenceFailures(proof, { ...context, layout: lacking })).toEqual([]);
    expect(referenceFailures(proof, context)).toEqual([NET]);
    expect(verifyProofLine(proofLine(summed(proof, context)), context)).toMatchObject({
      valid: false,
      code: 'PROOF_INVALID',
    });
    // The honest prover has no proof of it.
    expect(() => forger.forgeBatches(header, batches, {})).toThrow(
      expect.objectContaining({ code: 'WITNESS_OUT_OF_RANGE', kind: 'invalid' }),
    );
  });
});

describe('pairs', () => {
  /**
   * 1,000 of the second tier taken off in one reserved row; room and net follow, so that both relations hold.
   */
  const smuggled: LimbChange[] = [
    { limb: above, row: 4080, add: -1000n },
    { limb: limbOf('room of TIERED equity tier 1'), row: 4080, add: 1000n },
    { limb: net, row: 4080, add: -1000n * 80n * priceOf(0) },
  ];

  test('a published value that does not cancel', () => {
    expect(forger.forge(header, { limbs: smuggled })).toMatchObject({
      failing: ['zeta'],
      violations: ['TIERED equity tier 1 of batch 0 in pair 4080'],
    });
  });

  test('passes a verifier that takes it for unpaired', () => {
    const lacking = flawed({
      paired: layout.paired.filter((base) => layout.bases[base]!.firstLimb !== above),
    });
    // The prover still solves the pairs of all that no relation derives; the lie is on top.
    const cheat: Cheat = { limbs: smuggled, layout: lacking };
    const { proof } = forger.forge(header, cheat);
    expect(referenceFailures(proof, { ...context, layout: lacking })).toEqual([]);
    expect(referenceFailures(proof, context)).toContain('zeta');
  });

  test('rooms and net may hold anything that their relations allow', () => {
    const cancels: LimbChange[] = [4080, 4081].flatMap((at, i) => [
      { limb: above, row: at, add: i ? 5n : -5n },
      { limb: limbOf('room of TIERED equity tier 1'), row: at, add: i ? -5n : 5n },
      { limb: net, row: at, add: (i ? 5n : -5n) * 80n * priceOf(0) },
    ]);
    expect(forger.forge(header, { limbs: cancels })).toMatchObject({ failing: [], violations: [] });
  });
});

describe('the sum of a batch with pools', () => {
  const verifyWithSum = (flaw: (published: Layout['published']) => Layout['published']) => {
    const { proof } = forger.forge(header, {});
    const lacking = flawed({ published: flaw(layout.published) });
    const sums = encodePoints(provedSums(proof, lacking, context.gamma, context.kzg));
    return verifyProofLine(proofLine({ ...proof, sums }), context);
  };

  test('holds as the layout publishes it', () => {
    expect(verifyWithSum((published) => published)).toMatchObject({ valid: true });
  });

  test.each<[string, (published: Layout['published']) => Layout['published']]>([
    ['a pool left out', (published) => published.slice(0, -1)],
    ['all pools left out', (published) => published.slice(0, 6)],
    ['pools permuted', (published) => [...published.slice(0, 6), published[7]!, published[6]!]],
    [
      'equity without what is free',
      (published) =>
        published.map((value) =>
          value.side === 'equity' && value.symbol === 'POOLED'
            ? { ...value, form: { terms: value.form.terms.slice(1) } }
            : value,
        ),
    ],
    [
      'equity and debt swapped',
      (published) => [...published.slice(3, 6), ...published.slice(0, 3), ...published.slice(6)],
    ],
  ])('%s', (_, flaw) => {
    expect(verifyWithSum(flaw)).toMatchObject({ valid: false, code: 'PROOF_INVALID' });
  });

  test('a sum moved by a point, and by the other batch’s error under one factor', () => {
    const { proof } = forger.forge(header, {}, 2);
    const [a, b] = provedSums(proof, layout, context.gamma, context.kzg);
    const sums = encodePoints([a!.add(G1_BASE), b!.subtract(G1_BASE)]);
    const verified = verifyProofLine(proofLine({ ...proof, sums }), context);
    expect(verified).toMatchObject({ valid: false, code: 'PROOF_INVALID' });
    const careless = new OpeningChecks((length) => new Uint8Array(length).fill(1));
    careless.addIdentity([a!.add(G1_BASE), a!], [1n, -1n]);
    careless.addIdentity([b!.subtract(G1_BASE), b!], [1n, -1n]);
    expect(careless.holds(context.kzg)).toBe(true);
  });
});

test('another header: tiers and pools are in the digest that every challenge depends on', () => {
  const { proof } = forger.forge(header, {});
  const [tiered, ...rest] = header.assets;
  const higher = tiered!.tiers!.map((t) => ({ ...t, percent: t.percent + 1 }));
  const other: Header = { ...header, assets: [{ ...tiered!, tiers: higher }, ...rest] };
  expect(referenceFailures(proof, contextOf(other))).toEqual(['zeta', 'omegaZeta', NET]);
});
