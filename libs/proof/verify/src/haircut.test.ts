import { countedValues, hasHaircuts } from './haircut';
import { HaircutCurve } from './haircut-curve';
import { parseHeader } from './header';

const tiers = [{ percent: 95, upTo: '10' }, { percent: 80, upTo: '30' }, { percent: 0 }];
const common = {
  protocol: 'solvent/v1',
  operator: '0x27aee2caf6281b8ae5fad01ff34ce5fff9c5c26bcc95b089f4d95ec66984919d',
  snapshot: 's',
  takenAt: '2026-11-30T00:00:00Z',
  mode: 'margin',
  unit: 'USD',
  priceScale: 0,
};

test.each([
  [0n, 0n],
  [1n, 95n],
  [10n, 950n],
  [11n, 1030n],
  [30n, 2550n],
  [31n, 2550n],
  [2n ** 64n, 2550n],
])('of %d tiers count %d hundredths', (amount, hundredths) => {
  expect(new HaircutCurve(tiers).exact(amount)).toBe(hundredths);
});

test('what counts of an equity is the sum over its pools, and nothing is said of debts', () => {
  const header = parseHeader({
    ...common,
    assets: [
      { symbol: 'A', scale: 0, limbs: 2, price: '1', tiers },
      {
        symbol: 'B',
        scale: 0,
        limbs: 2,
        price: '1',
        pools: [
          { name: 'free', tiers: [{ percent: 0 }] },
          { name: 'margin', tiers },
        ],
      },
      { symbol: 'C', scale: 0, limbs: 2, price: '1' },
    ],
  });
  expect(hasHaircuts(header)).toBe(true);
  // equities of A, B, C; debts; pools of B
  expect(countedValues(header, [11n, 112n, 3n, 1n, 0n, 0n, 100n, 12n])).toEqual([
    1030n,
    1110n,
    300n,
    undefined,
    undefined,
    undefined,
    0n,
    1110n,
  ]);
});

test('without haircuts all counts', () => {
  const header = parseHeader({ ...common, assets: [{ symbol: 'A', scale: 0, limbs: 2, price: '1' }] });
  expect(hasHaircuts(header)).toBe(false);
  expect(countedValues(header, [7n, 2n])).toEqual([700n, undefined]);
});
