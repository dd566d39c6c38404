import { totalsChart } from './totals-chart';
import type { ValueRow } from './report';

const row = (symbol: string, amount: string, more: Partial<ValueRow> = {}): ValueRow => ({
  ...{ symbol, side: 'equity', amount },
  ...more,
});

test('where everything has a worth, the axis is that and begins at nothing', () => {
  const chart = totalsChart([
    row('ETH', '10.00', { worth: '30000' }),
    row('BTC', '5.00', { worth: '350000' }),
    row('BTC', '1.00', { side: 'debt', worth: '70000' }),
    row('BTC', '1.00', { side: 'pool', pool: 'isolated', worth: '70000' }),
  ]);
  expect(chart).toMatchObject({ axis: 'worth', ticks: [0, 1e5, 2e5, 3e5, 4e5], left: 0 });
  expect(chart.bars.map(({ symbol, side, length }) => [symbol, side, length])).toEqual([
    ['BTC', 'equity', 0.875],
    ['BTC', 'debt', 0.175],
    ['ETH', 'equity', 0.075],
  ]);
});

test('assets without prices share an axis of powers of ten, and nothing is no bar', () => {
  const chart = totalsChart([row('USDT', '999999.00'), row('BTC', '0.00'), row('ETH', '99')]);
  expect(chart).toMatchObject({ axis: 'powers', ticks: [0, 100, 1e4, 1e6] });
  expect(chart.bars.map(({ symbol }) => symbol)).toEqual(['USDT', 'ETH', 'BTC']);
  expect(chart.bars.map(({ length }) => Math.round(length * 1000) / 1000)).toEqual([1, 0.333, 0]);
});

test('a great many assets are drawn in part, and none at all is an empty chart', () => {
  const many = totalsChart(Array.from({ length: 30 }, (_, i) => row(`T${i}`, String(i))));
  expect([many.bars.length, many.left]).toEqual([20, 10]);
  expect(totalsChart([])).toMatchObject({ bars: [], left: 0 });
});
