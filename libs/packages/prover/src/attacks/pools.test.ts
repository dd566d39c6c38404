import { encodePoints } from '@solvent-por/kzg';
import { provedSums } from '@solvent-por/prover';
import { parseHeader, proofLine, verifyProofLine, type Layout, type Relation } from '@solvent-por/verifier';
import {
  contextOf,
  Forger,
  haircutHeader,
  referenceFailures,
  summed,
  testKey,
  toBatches,
} from '@solvent-por/dev/proofs';

/**
 * Several pools that count differently (section 3): each has percentages and widths of its own, and no
 * other's. Every account here owes more than counts, and is proved for a verifier with one flaw.
 */

const [tiered, , whole] = haircutHeader(2).assets;
const header = parseHeader({
  ...haircutHeader(2),
  snapshot: 'test-pools',
  assets: [
    {
      ...{ symbol: 'POOLED', scale: 2, limbs: 2, price: '4' },
      pools: [
        { name: 'free', tiers: [{ percent: 0 }] },
        { name: 'margin', tiers: [{ percent: 90, upTo: '1000' }, { percent: 40 }] },
        { name: 'portfolio', tiers: [{ percent: 60, upTo: '500' }, { percent: 20 }] },
      ],
    },
    whole,
    tiered,
  ],
});
const context = contextOf(header);
const { layout } = context;
const baseOf = (name: string) => layout.bases.findIndex((base) => base.name === name);
const [NET, MARGIN_ROOM] = [layout.relations.length - 1, 0];
const net = layout.relations[NET]!;
const coefficientOf = (name: string) =>
  net.terms.find(({ base }) => base === baseOf(name))?.coefficient ?? 0n;

let forger: Forger;
beforeAll(async () => {
  forger = await Forger.open();
});

/** Net's relation where some base values count otherwise. */
function counting(change: (name: string, honest: bigint) => bigint): readonly Relation[] {
  const terms = layout.bases.map(({ name }, base) => ({
    base,
    coefficient: change(name, coefficientOf(name)),
  }));
  return layout.relations.map((relation, i) =>
    i === NET ? { ...relation, terms: terms.filter(({ coefficient }) => coefficient !== 0n) } : relation,
  );
}
/** Under these names those of others. */
const as = (others: Readonly<Record<string, string>>) =>
  counting((name, honest) => (others[name] === undefined ? honest : coefficientOf(others[name])));

test('the layout: three pools, two of them with rooms', () => {
  expect(layout.inputs.map(({ name }) => name)).toEqual([
    ...['POOLED free', 'POOLED margin', 'POOLED portfolio', 'WHOLE equity', 'TIERED equity'],
    ...['POOLED debt', 'WHOLE debt', 'TIERED debt'],
  ]);
  expect(layout.relations.map(({ constant }) => constant)).toEqual([-1000n, -500n, -700n, -2300n, 0n]);
  expect(coefficientOf('POOLED portfolio tier 1')).toBe(-4n * 20n);
});

const cases: [string, readonly bigint[], Partial<Layout>, number][] = [
  [
    'portfolio at the percentages of margin',
    [0n, 0n, 400n, 0n, 0n, 300n, 0n, 0n],
    {
      relations: as({
        'POOLED portfolio tier 0': 'POOLED margin tier 0',
        'POOLED portfolio tier 1': 'POOLED margin tier 1',
      }),
    },
    NET,
  ],
  [
    'the percentages of two pools permuted',
    [0n, 100n, 500n, 0n, 0n, 480n, 0n, 0n],
    {
      relations: as({
        'POOLED portfolio tier 0': 'POOLED margin tier 0',
        'POOLED portfolio tier 1': 'POOLED margin tier 1',
        'POOLED margin tier 0': 'POOLED portfolio tier 0',
        'POOLED margin tier 1': 'POOLED portfolio tier 1',
      }),
    },
    NET,
  ],
  [
    'what is free at the percentage of portfolio',
    [1000n, 0n, 0n, 0n, 0n, 500n, 0n, 0n],
    { relations: as({ 'POOLED free': 'POOLED portfolio tier 0' }) },
    NET,
  ],
  [
    'a pool at the percentage of another asset’s tier, its price kept',
    [0n, 0n, 500n, 0n, 0n, 450n, 0n, 0n],
    {
      relations: counting((name, c) => (name === 'POOLED portfolio tier 0' ? -4n * 95n : c)),
    },
    NET,
  ],
  [
    'D = 1: percentages taken for whole numbers, what counts wholly for one',
    [0n, 0n, 1n, 0n, 0n, 60n, 0n, 0n],
    {
      relations: counting((name, c) => (name.endsWith('debt') || name === 'WHOLE equity' ? c / 100n : c)),
    },
    NET,
  ],
  [
    'the width of another tier: more lies in the best one than it holds',
    [0n, 1800n, 0n, 0n, 0n, 1600n, 0n, 0n],
    {
      relations: layout.relations.map((relation, i) =>
        i === MARGIN_ROOM ? { ...relation, constant: -2000n } : relation,
      ),
      inputs: layout.inputs.map((input) =>
        input.name === 'POOLED margin' ? { ...input, widths: [2000n] } : input,
      ),
    },
    MARGIN_ROOM,
  ],
];
test.each(cases)('%s', (_, amounts, flaw, failing) => {
  const batches = toBatches([{ id: testKey('debtor'), amounts }]);
  const lacking = { ...layout, ...flaw };
  const { proof } = forger.forgeBatches(header, batches, { layout: lacking });
  expect(referenceFailures(proof, { ...context, layout: lacking })).toEqual([]);
  expect(referenceFailures(proof, context)).toEqual([`relation ${failing}`]);
  expect(verifyProofLine(proofLine(summed(proof, context)), context)).toMatchObject({
    valid: false,
    code: 'PROOF_INVALID',
  });
  expect(() => forger.forgeBatches(header, batches, {})).toThrow(
    expect.objectContaining({ code: 'WITNESS_OUT_OF_RANGE', kind: 'invalid' }),
  );
});

describe('an unpaired value smuggled into a published sum, which reserved rows could then change', () => {
  /** What is published at `at`, with a base value more in it. */
  const smuggling = (at: number, name: string): Layout => ({
    ...layout,
    published: layout.published.map((value, v) =>
      v === at
        ? { ...value, form: { terms: [...value.form.terms, { base: baseOf(name), coefficient: 1n }] } }
        : value,
    ),
  });
  test.each([
    ['a room in an equity', 0, 'room of POOLED margin tier 0'],
    ['a room in a pool', layout.published.length - 1, 'room of POOLED portfolio tier 0'],
    ['net in a debt', 3, 'net'],
  ])('%s', (_, at, name) => {
    expect(layout.paired).not.toContain(baseOf(name));
    const { proof } = forger.forge(header, {});
    const sums = encodePoints(provedSums(proof, smuggling(at, name), context.gamma, context.kzg));
    const refused = { valid: false, code: 'PROOF_INVALID' };
    expect(verifyProofLine(proofLine({ ...proof, sums }), context)).toMatchObject(refused);
    // A verifier with that layout takes it, pairs or no pairs.
    const lacking = { ...context, layout: smuggling(at, name) };
    expect(verifyProofLine(proofLine({ ...proof, sums }), lacking)).toMatchObject({ valid: true });
  });
});
