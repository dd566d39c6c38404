import { layoutOf } from '@solvent-por/verifier';
import { haircutHeader, testHeader } from '@solvent-por/dev/proofs';
import { amountsOf, withPoint } from './amounts';

test.each([
  ['0', 0, '0'],
  ['0', 2, '0.00'],
  ['5', 2, '0.05'],
  ['123456', 4, '12.3456'],
  ['79228162514264337593543950335', 18, '79228162514.264337593543950335'],
])('%s at scale %d is %s', (units, scale, expected) => {
  expect(withPoint(units, scale)).toBe(expected);
});

test('in the order of the layout', () => {
  expect(amountsOf(testHeader('margin'), ['1', '2', '3', '4'])).toEqual([
    { symbol: 'COIN0', side: 'EQUITY', pool: null, scale: 2, amount: '1', display: '0.01' },
    { symbol: 'COIN1', side: 'EQUITY', pool: null, scale: 2, amount: '2', display: '0.02' },
    { symbol: 'COIN0', side: 'DEBT', pool: null, scale: 2, amount: '3', display: '0.03' },
    { symbol: 'COIN1', side: 'DEBT', pool: null, scale: 2, amount: '4', display: '0.04' },
  ]);
});

test("an asset's pools are shown beside it, as parts of its equity", () => {
  const header = haircutHeader();
  const published = layoutOf(header).published.length;
  const amounts = amountsOf(
    header,
    Array.from({ length: published }, (_, v) => String(v)),
  );
  const named = header.assets.flatMap(({ symbol, pools = [] }) =>
    pools.map(({ name }) => ({ symbol, pool: name })),
  );
  expect(named.length).toBeGreaterThan(1);
  expect(amounts.slice(-named.length)).toEqual(
    named.map((one) => expect.objectContaining({ ...one, side: 'POOL' }) as object),
  );
  expect(amounts.filter(({ side }) => side === 'POOL')).toHaveLength(named.length);
});
