import { inverse, mod } from '@solvent-por/kzg';
import { layoutOf } from '@solvent-por/verifier';
import {
  constraintsAt,
  EMPTY_ROW,
  Forger,
  hide,
  referenceFailures,
  specifiedPowers,
  testHeader,
  type Cheat,
  type Powers,
} from '@solvent-por/dev/proofs';

/**
 * All powers of y in F are distinct (section 7). A verifier that lets two terms share one, or leaves one out,
 * accepts honest proofs and, as each test here shows, a forgery as well: one made for it, which every claim
 * of the real verifier but the one at ζ accepts.
 *
 * Some pairs of terms could share a power without harm: those of account rows and those of reserved rows are
 * never both non-zero in a row, and a base value is committed before α, so it can't make up for U, which
 * depends on α.
 */

const header = testHeader('aggregate', 1, 2);
const layout = layoutOf(header);
const [debt, net] = layout.bases.map(({ firstLimb }) => firstLimb) as [number, number];
const row = EMPTY_ROW;
/** A net value of −5. */
const negative = [{ limb: net, row, add: -5n }];

let forger: Forger;
beforeAll(async () => {
  forger = await Forger.open();
});

interface Case {
  readonly flaw: Partial<Powers>;
  readonly cheat: Cheat;
  readonly violations: readonly string[];
  readonly k?: number;
}

const cases: [string, Case][] = [
  [
    'the last group and the table',
    {
      flaw: { table: 1, pairs: 2 },
      cheat: { limbs: negative, hide: hide.acrossGroupAndTable(1, row) },
      violations: [`group 1 in row ${row}`, `table in row ${row}`],
    },
  ],
  [
    'two groups',
    {
      flaw: { groups: [0, 0] },
      cheat: { limbs: negative, hide: hide.acrossGroups(0, 1, row) },
      violations: [`group 0 in row ${row}`, `group 1 in row ${row}`],
    },
  ],
  [
    'two base values',
    {
      flaw: { values: [0, 0], lookupSum: 1 },
      cheat: {
        limbs: [
          { limb: debt, row: 4080, add: -1000n },
          { limb: net, row: 4080, add: 1000n },
        ],
      },
      violations: ['debt of batch 0 in pair 4080', 'net of batch 0 in pair 4080'],
    },
  ],
  [
    'the same base value of two batches',
    {
      flaw: { values: [0, 1, 0, 1], lookupSum: 2 },
      cheat: {
        limbs: [
          { limb: debt, row: 4081, add: -1000n },
          { limb: layout.limbs + debt, row: 4081, add: 1000n },
        ],
      },
      violations: ['debt of batch 0 in pair 4080', 'debt of batch 1 in pair 4080'],
      k: 2,
    },
  ],
  [
    'nothing and a group, which is left out',
    {
      flaw: { groups: [0, undefined] },
      cheat: { limbs: negative, hide: hide.inHelper(1, row) },
      violations: [`group 1 in row ${row}`],
    },
  ],
  [
    'nothing and the table, which is left out',
    {
      flaw: { table: undefined },
      cheat: { limbs: negative, hide: hide.inTable(row) },
      violations: [`table in row ${row}`],
    },
  ],
  [
    'nothing and a base value, which is left out',
    {
      flaw: { values: [0, undefined] },
      cheat: { limbs: [{ limb: net, row: 4094, add: -1000n }] },
      violations: ['net of batch 0 in pair 4094'],
    },
  ],
  [
    'nothing and the lookup sum, which is left out of the pairs',
    {
      flaw: { lookupSum: undefined },
      cheat: { limbs: negative, hide: hide.inReservedRow(4081) },
      violations: ['lookup sum in pair 4080'],
    },
  ],
];

test.each(cases)('where these share a power of y: %s', (_, { flaw, cheat, violations, k = 1 }) => {
  const powers = { ...specifiedPowers(layout, k), ...flaw };
  const { proof, context, ...forgery } = forger.forge(header, { ...cheat, powers }, k);
  expect(forgery.violations).toEqual(violations);
  expect(referenceFailures(proof, context, { powers })).toEqual([]);
  expect(forgery.failing).toContain('zeta');
  // The opening at ωζ is of W, which such a verifier has made otherwise.
  expect(['zeta', 'omegaZeta']).toEqual(expect.arrayContaining([...forgery.failing]));
});

test('where two columns share a power of γ, lies about both cancel', () => {
  const powers = specifiedPowers(layout, 1);
  const withoutPairs = { ...powers, pairs: undefined };
  // Opened at ζ are four limbs, m, h_0, h_1 …: h_1 gets the power of h_0.
  const gammaExponent = (j: number) => (j < 6 ? j : j - 1);
  const { proof, context, ...forgery } = forger.forge(header, {
    limbs: [{ limb: net, row: 4080, add: -1000n }],
    // The committed quotient is that of an F without the pairs; lies about h_0 and h_1 make up for these.
    powers: withoutPairs,
    gammaExponent,
    evaluations: (honest, challenges) => {
      const lying = (lie: bigint) => ({
        ...honest,
        helpers: [mod(honest.helpers[0]! + lie), mod(honest.helpers[1]! - lie)],
      });
      const at = (lie: bigint, which: Powers) =>
        constraintsAt({ evaluations: lying(lie), accounts: [0] }, layout, which, challenges);
      return lying(mod((at(0n, withoutPairs) - at(0n, powers)) * inverse(at(1n, powers) - at(0n, powers))));
    },
  });
  expect(referenceFailures(proof, context, { gammaExponent })).toEqual([]);
  expect(forgery.failing).toEqual(['zeta']);
});
