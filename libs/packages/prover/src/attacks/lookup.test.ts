import { R } from '@solvent-por/kzg';
import { layoutOf } from '@solvent-por/verifier';
import { EMPTY_ROW, Forger, hide, testHeader, type Cheat, type LimbChange } from '@solvent-por/dev/proofs';

/**
 * Values out of range (section 7: every limb is in the table 0…2047). A limb that is not leaves U with a sum
 * that is not 0, which π_0 shows;
 * wherever a prover hides the difference, something else breaks.
 */

const header = testHeader('aggregate', 1, 2);
const { bases } = layoutOf(header);
const [debt, net] = [bases[0]!.firstLimb, bases[1]!.firstLimb];
const TOP = 1;
const row = EMPTY_ROW;

/** Limbs that stand for r − x: 11 bits in each, and all that is left in the topmost. */
function negative(firstLimb: number, x: bigint): LimbChange[] {
  let rest = R - x;
  return Array.from({ length: TOP + 1 }, (_, j) => {
    const add = j === TOP ? rest : rest & 2047n;
    rest >>= 11n;
    return { limb: firstLimb + j, row, add };
  });
}

let forger: Forger;
beforeAll(async () => {
  forger = await Forger.open();
});

test('the cheating prover without a cheat proves honestly', () => {
  expect(forger.forge(header, {})).toMatchObject({ failing: [], violations: [] });
  expect(forger.forge(header, { limbs: [{ limb: net, row, add: 2047n }] })).toMatchObject({
    failing: [],
    violations: [],
  });
});

describe('a limb that is not in the table leaves a lookup sum, whatever the multiplicities', () => {
  const outside: LimbChange = { limb: net, row, add: 2048n };
  const cases: [string, Cheat][] = [
    ['a negative net, r − 5 in limbs, its top limb far outside', { limbs: negative(net, 5n) }],
    ['a negative debt, its lowest limb −5', { limbs: [{ limb: debt, row, add: -5n }] }],
    [
      'gross understated, net kept: debt −10, equity −5',
      {
        limbs: [
          { limb: debt, row, add: -10n },
          { limb: net, row, add: 5n },
        ],
      },
    ],
    ['a limb of r − 1 in the last account row', { limbs: [{ limb: net, row: 4079, add: -1n }] }],
    [
      'a limb of 2048 counted in row 2048, which stands for 0',
      { limbs: [outside], multiplicity: [{ row: 2048, add: 1n }] },
    ],
    ['a limb of 2048 counted in row 0', { limbs: [outside], multiplicity: [{ row: 0, add: 1n }] }],
    ['a limb of 2048 counted as 2047', { limbs: [outside], multiplicity: [{ row: 2047, add: 1n }] }],
    [
      'multiplicities as arbitrary field elements, in every row',
      {
        limbs: [outside],
        multiplicity: Array.from({ length: 4080 }, (_, i) => ({ row: i, add: R / BigInt(i + 3) })),
      },
    ],
    [
      'one limb too large and one too small by as much',
      {
        limbs: [
          { limb: net, row, add: 2050n },
          { limb: debt, row, add: -2050n },
        ],
      },
    ],
    ['a multiplicity too high by one, all limbs in the table', { multiplicity: [{ row: 5, add: 1n }] }],
  ];
  test.each(cases)('%s', (_, cheat) => {
    expect(forger.forge(header, cheat)).toMatchObject({ failing: ['zero'], violations: [] });
  });
});

describe('wherever the difference is hidden, F does not vanish', () => {
  const limbs = negative(net, 5n);
  const cases: [string, Cheat, string][] = [
    ['in the row of its own helper', { hide: hide.inHelper(1, row) }, `group 1 in row ${row}`],
    ['in another helper', { hide: hide.inHelper(0, 4079) }, 'group 0 in row 4079'],
    ['in a row of the table', { hide: hide.inTable(2047) }, 'table in row 2047'],
    ['in row 0 of h_T, whose multiplicity nobody checks', { hide: hide.inTable(0) }, 'table in row 0'],
    ['in row 2048 of h_T, after the table', { hide: hide.inTable(2048) }, 'table in row 2048'],
    [
      'in row 2048 of h_T, with a multiplicity there',
      { hide: hide.inTable(2048), multiplicity: [{ row: 2048, add: 1n }] },
      'table in row 2048',
    ],
    ['in the first row of a pair', { hide: hide.inReservedRow(4080) }, 'lookup sum in pair 4080'],
    ['in the second row of a pair', { hide: hide.inReservedRow(4095) }, 'lookup sum in pair 4094'],
  ];
  test.each(cases)('%s', (_, cheat, violation) => {
    const forgery = forger.forge(header, { limbs, ...cheat });
    expect(forgery).toMatchObject({ failing: ['zeta'], violations: [violation] });
  });
});

test('rows 0 and 2048…4079 of the multiplicities may hold anything: they cannot matter', () => {
  const multiplicity = [0, 2048, 3000, 4079].map((i) => ({ row: i, add: R / BigInt(i + 2) }));
  expect(forger.forge(header, { multiplicity })).toMatchObject({ failing: [], violations: [] });
});

test('a value of 2^66 in six limbs: the topmost is 2048', () => {
  const limbs = [{ limb: 11, row, add: 2048n }];
  expect(forger.forge(testHeader('aggregate'), { limbs })).toMatchObject({
    failing: ['zero'],
    violations: [],
  });
});

test('batches share one lookup sum, and none can make up for the limb of another', () => {
  const perBatch = layoutOf(header).limbs;
  const limbs = [
    { limb: net, row, add: -5n },
    { limb: perBatch + net, row, add: 5n },
  ];
  expect(forger.forge(header, { limbs }, 2)).toMatchObject({ failing: ['zero'], violations: [] });
});
