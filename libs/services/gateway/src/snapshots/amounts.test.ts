import { testHeader } from '@solvent/testing';
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
    { symbol: 'COIN0', side: 'EQUITY', scale: 2, amount: '1', display: '0.01' },
    { symbol: 'COIN1', side: 'EQUITY', scale: 2, amount: '2', display: '0.02' },
    { symbol: 'COIN0', side: 'DEBT', scale: 2, amount: '3', display: '0.03' },
    { symbol: 'COIN1', side: 'DEBT', scale: 2, amount: '4', display: '0.04' },
  ]);
});
