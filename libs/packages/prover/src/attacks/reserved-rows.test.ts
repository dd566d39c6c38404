import { layoutOf, type Header } from '@solvent-por/verifier';
import { Forger, lyingAboutW, testHeader, type Cheat } from '@solvent-por/dev/proofs';

/**
 * Values smuggled into the reserved rows, where limbs are not range-checked (section 7: each pair of rows
 * cancels in every base value that is published).
 * Published sums are sums over all rows, so whatever does not cancel there would be taken off what is owed.
 */

const aggregate = testHeader('aggregate', 1, 2);
const margin = testHeader('margin', 1, 2);
const limbOf = (header: Header, base: number, batch = 0) =>
  batch * layoutOf(header).limbs + layoutOf(header).bases[base]!.firstLimb;
const [debt, net] = [limbOf(aggregate, 0), limbOf(aggregate, 1)];

let forger: Forger;
beforeAll(async () => {
  forger = await Forger.open();
});

const cases: [string, Cheat['limbs'] & object, string[]][] = [
  [
    'net in the first row of a pair',
    [{ limb: net, row: 4080, add: -1000n }],
    ['net of batch 0 in pair 4080'],
  ],
  [
    'net in the second row of a pair, in its upper limb',
    [{ limb: net + 1, row: 4095, add: 1n }],
    ['net of batch 0 in pair 4094'],
  ],
  [
    'debt only: gross equity and debt understated together, net kept',
    [{ limb: debt, row: 4087, add: -10n }],
    ['debt of batch 0 in pair 4086'],
  ],
  [
    'two pairs that cancel each other',
    [
      { limb: net, row: 4080, add: 1000n },
      { limb: net, row: 4082, add: -1000n },
    ],
    ['net of batch 0 in pair 4080', 'net of batch 0 in pair 4082'],
  ],
  [
    'two base values that cancel each other in one pair',
    [
      { limb: debt, row: 4080, add: -1000n },
      { limb: net, row: 4080, add: 1000n },
    ],
    ['debt of batch 0 in pair 4080', 'net of batch 0 in pair 4080'],
  ],
  [
    'a row and the one after its pair',
    [
      { limb: net, row: 4081, add: 1000n },
      { limb: net, row: 4082, add: -1000n },
    ],
    ['net of batch 0 in pair 4080', 'net of batch 0 in pair 4082'],
  ],
];
test.each(cases)('aggregate: %s', (_, limbs, violations) => {
  expect(forger.forge(aggregate, { limbs })).toMatchObject({ failing: ['zeta'], violations });
});

test('aggregate: a sum that one batch lacks, made up by another', () => {
  const limbs = [
    { limb: net, row: 4081, add: -1000n },
    { limb: limbOf(aggregate, 1, 1), row: 4081, add: 1000n },
  ];
  expect(forger.forge(aggregate, { limbs }, 2)).toMatchObject({
    failing: ['zeta'],
    violations: ['net of batch 0 in pair 4080', 'net of batch 1 in pair 4080'],
  });
});

test('a pair may hold anything that cancels', () => {
  const limbs = [
    { limb: net, row: 4080, add: 1000n },
    { limb: net, row: 4081, add: -1000n },
  ];
  expect(forger.forge(aggregate, { limbs })).toMatchObject({ failing: [], violations: [] });
});

describe('margin', () => {
  const [equity, owed, value] = [0, 1, 2].map((base) => limbOf(margin, base)) as [number, number, number];
  const price = BigInt(margin.assets[0]!.price!);

  test('gross equity and debt understated together, net and its relation kept', () => {
    const limbs = [equity, owed].map((limb) => ({ limb, row: 4080, add: -10n }));
    expect(forger.forge(margin, { limbs })).toMatchObject({
      failing: ['zeta'],
      violations: ['COIN0 equity of batch 0 in pair 4080', 'COIN0 debt of batch 0 in pair 4080'],
    });
  });

  test('equity understated, net with it so that the relation holds', () => {
    const limbs = [
      { limb: equity, row: 4080, add: -10n },
      { limb: value, row: 4080, add: -10n * price },
    ];
    expect(forger.forge(margin, { limbs })).toMatchObject({
      failing: ['zeta'],
      // Net is in no published value: nothing need cancel there.
      violations: ['COIN0 equity of batch 0 in pair 4080'],
    });
  });

  test('equity understated alone breaks the relation as well', () => {
    const limbs = [{ limb: equity, row: 4080, add: -10n }];
    expect(forger.forge(margin, { limbs }).failing).toEqual(['zeta', 'relation 0']);
  });
});

test('a lie about W(ωζ) that makes F fit at ζ is caught by the opening at ωζ alone', () => {
  const limbs = [{ limb: net, row: 4080, add: -1000n }];
  expect(forger.forge(aggregate, lyingAboutW(aggregate, limbs))).toMatchObject({
    failing: ['omegaZeta'],
    violations: ['net of batch 0 in pair 4080'],
  });
});
