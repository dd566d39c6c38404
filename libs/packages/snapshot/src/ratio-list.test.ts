import { parseRatioList } from './ratio-list';

const tiersOf = (cell: string) => {
  const list = parseRatioList(cell);
  return 'tiers' in list ? list.tiers : list.problem;
};

test('limits are values, and nothing counts above the last one', () => {
  expect(tiersOf('[0-10000:100,10000-20000.50:90]')).toEqual([
    { percent: 100, upToValue: '10000' },
    { percent: 90, upToValue: '20000.5' },
    { percent: 0 },
  ]);
  expect(tiersOf(' [ 0 - 5 : 10 , 5.0 - 6 : 9 ] ')).toHaveLength(3);
});

test('of an empty list nothing counts', () => {
  for (const cell of ['', '[]', ' [ ] ']) expect(tiersOf(cell)).toEqual([{ percent: 0 }]);
});

test('neighbours of one percentage are one tier, and a tier that counts nothing is the last', () => {
  expect(tiersOf('[0-1:50,1-2:50,2-3:0,3-4:0]')).toEqual([{ percent: 50, upToValue: '2' }, { percent: 0 }]);
  expect(tiersOf('[0-1:0]')).toEqual([{ percent: 0 }]);
});

test.each([
  ['[0-10:90,10-20:95]', /^tier 2 \(10-20:95\) counts 95 %, more than the 90 % of the tier before: .* Lower it to 90/],
  ['[0-10:90,10-20:80,20-30:81]', /^tier 3 \(20-30:81\) counts 81 %/],
  ['[1-10:90]', /^tier 1 \(1-10:90\) must begin at 0/],
  ['[0-10:90,11-20:80]', /^tier 2 .* must begin at 10/],
  ['[0-10:90,10-10:80]', /^tier 2 .* must end above/],
  ['[0-10:90.5]', /whole percentage/],
  ['[0-10:101]', /whole percentage/],
  ['[0-10]', /not of the form low-high:percentage/],
  ['[0--10:5]', /not of the form/],
  ['[0-1e3:5]', /not of the form/],
  ['[0-10:90,]', /^tier 2 \(\) is not of the form/],
  [`[${Array.from({ length: 32 }, (_, i) => `${i}-${i + 1}:${99 - i}`).join(',')}]`, /has 32 tiers, and 31/],
])('refuses %s', (cell, problem) => {
  expect(tiersOf(cell)).toMatch(problem);
}); // prettier-ignore
