import { parseHeader } from '@solvent-por/verifier';
import { screenOf } from './screen';
import { styleFor } from './style';
import { valueDocuments, valueTable } from './values';

const style = styleFor({ isTTY: false }, {});
const file = { style, screen: screenOf({}) };
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
  const table = valueTable(margin, [150_000_000n, 7n, 0n, 1n, 9n, 0n], file);
  expect(table).toEqual([
    '             equity        debt          net',
    '  BTC    1.50000000  0.00000001   1.49999999',
    '  X      7           9           -2',
    '  EMPTY  0.00        0.00         0.00',
  ]);
  expect(valueTable(margin, [0n, 7n, 0n, 0n, 9n, 0n], file, { account: true })).toEqual([
    '     equity  debt  net',
    '  X       7     9   -2',
    '  (nothing of 2 more)',
  ]);
});

it('shows no debts where there are none to show', () => {
  const spot = parseHeader({ ...common, mode: 'spot', assets: [{ symbol: 'BTC', scale: 1, limbs: 6 }] });
  expect(valueTable(spot, [12_345n], file)).toEqual(['        equity', '  BTC  1,234.5']);
  expect(valueTable(spot, [0n], file, { account: true })).toEqual(['  (nothing of any asset)']);
});

describe('512 assets', () => {
  const assets = Array.from({ length: 512 }, (_, i) => ({
    symbol: `TOKEN${i}`,
    scale: 8,
    limbs: 6,
    price: '1',
  }));
  const wide = parseHeader({ ...common, mode: 'margin', unit: 'USD', priceScale: 8, assets });
  const values = Array.from({ length: 1024 }, (_, v) => (v < 512 ? 10n ** 19n : BigInt(v)));
  const terminal = (columns: number) => ({ style, screen: screenOf({ isTTY: true, columns }) });

  it('are all there in a file or a pipe', () => {
    expect(valueTable(wide, values, file)).toHaveLength(513);
  });

  it.each([120, 100])('are folded on a terminal of %d columns', (columns) => {
    const table = valueTable(wide, values, terminal(columns));
    expect(table).toHaveLength(22);
    expect(table[0]).toMatch(/equity +debt +net$/);
    expect(table.at(-1)).toBe('  … and 492 more assets: `| less` or `> FILE` shows all, --json too');
    for (const line of table) expect(line.length).toBeLessThanOrEqual(columns);
  });

  it('a line that is too long goes without its net, then over several lines', () => {
    const narrow = valueTable(wide, values, terminal(64));
    expect(narrow[0]).toMatch(/equity +debt$/);
    expect(narrow.at(-1)).toBe('  (net is left out: it needs a wider terminal)');
    for (const line of narrow.slice(0, -2)) expect(line.length).toBeLessThanOrEqual(64);
    const narrower = valueTable(wide, values, terminal(40));
    expect(narrower.slice(0, 4)).toEqual([
      '  TOKEN0',
      '      equity  100,000,000,000.00000000',
      '      debt    0.00000512',
      '      net     99,999,999,999.99999488',
    ]);
  });

  it('an account that holds few of them is shown whole', () => {
    const few = values.map((value, v) => (v % 16 === 0 ? value : 0n));
    expect(valueTable(wide, few, terminal(120), { account: true })).toHaveLength(34);
  });
});
