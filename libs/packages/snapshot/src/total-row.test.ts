import { randomBytes, randomUUID } from 'node:crypto';
import { totalRows } from './total-row';

const isTotalRow = totalRows(['BTC', 'USDT', '1INCH', 'USD']);

test.each(['Total', 'TOTAL', 'total:', ' Total ', 'sum', 'Grand Total', 'GRAND-TOTAL', 'Sub total', '合计', '總計', 'ИТОГО', 'Gesamtsumme', 'Ｔｏｔａｌ', 'Tổng cộng', 'i alt', 'סה"כ',
  // Names under which such a row passed.
  'Total BTC', 'BTC total', 'Total (all)', 'Totaux', 'Σ', '∑', 'Σ BTC', 'ΣUSDT', 'TotalBTC', 'TOTALBTC', 'sumUSDT', 'Total 1INCH', 'T.O.T.A.L', 'Total_users_2026-11', 'all users', 'All (BTC)',
  'Total liabilities of all customers', 'Customer balances, total', '1. Total', '=SUM(B2:B99)', 'sum of all', 'Sous-total', 'Montant total', 'Gesamt USD', '用户总计', '合计（BTC）', 'ยอดรวมทั้งหมด',
])('%j is a row of totals', (identifier) => expect(isTotalRow(identifier)).toBe(true)); // prettier-ignore

test.each(['', '1', 'bob', 'totally-not', 'sumatra', 'allan', 'total:9f86d081884c7d659a2feaa0c55ad015', 'total@example.com', 'all-in-bob', 'sum41 fan', 'Σωκράτης', 'Bob Summerfield', 'users', 'BTC', 'total-3f2b8c9e-7a41-4d5e-9b0c-5f6a7b8c9d0e'])(
  '%j is none',
  (identifier) => expect(isTotalRow(identifier)).toBe(false),
); // prettier-ignore

test('of random ids none is a row of totals', () => {
  const refused: string[] = [];
  for (let i = 0; i < 5_000; i++)
    for (const id of [randomUUID(), randomBytes(16).toString('base64url'), `total:${randomBytes(16).toString('hex')}`, `all-${randomBytes(12).toString('base64url')}`])
      if (isTotalRow(id)) refused.push(id);
  expect(refused).toEqual([]);
}); // prettier-ignore
