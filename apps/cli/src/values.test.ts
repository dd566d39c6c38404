import { parseHeader } from '@solvent/proof/verify';
import { styleFor } from './style';
import { valueDocuments, valueTable } from './values';

const style = styleFor({ isTTY: false }, {});
const operator = '0x27aee2caf6281b8ae5fad01ff34ce5fff9c5c26bcc95b089f4d95ec66984919d';
const common = { protocol: 'solvent/v1', operator, snapshot: 's', takenAt: '2026-11-30T00:00:00Z' };
const margin = parseHeader({
  ...common,
  mode: 'margin',
  unit: 'USD',
  priceScale: 8,
  assets: [
    { symbol: 'BTC', scale: 8, limbs: 6, price: '950' },
    { symbol: 'X', scale: 0, limbs: 6, price: '1' },
    { symbol: 'EMPTY', scale: 2, limbs: 6, price: '1' },
  ],
});

it('names each published value', () => {
  expect(valueDocuments(margin, [150_000_000n, 7n, 0n, 1n, 9n, 0n])[3]).toEqual({
    symbol: 'BTC',
    side: 'debt',
    scale: 8,
    amount: '1',
    decimal: '0.00000001',
  });
});

it('shows equity, debt and net with the points under each other', () => {
  const table = valueTable(margin, [150_000_000n, 7n, 0n, 1n, 9n, 0n], style);
  expect(table).toEqual([
    '             equity        debt          net',
    '  BTC    1.50000000  0.00000001   1.49999999',
    '  X      7           9           -2',
    '  EMPTY  0.00        0.00         0.00',
  ]);
  expect(valueTable(margin, [0n, 7n, 0n, 0n, 9n, 0n], style, { account: true })).toEqual([
    '     equity  debt  net',
    '  X       7     9   -2',
    '  (nothing of 2 more)',
  ]);
});

it('shows no debts where there are none to show', () => {
  const spot = parseHeader({ ...common, mode: 'spot', assets: [{ symbol: 'BTC', scale: 1, limbs: 6 }] });
  expect(valueTable(spot, [12_345n], style)).toEqual(['        equity', '  BTC  1,234.5']);
  expect(valueTable(spot, [0n], style, { account: true })).toEqual(['  (nothing of any asset)']);
});
