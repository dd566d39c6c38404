import { ifRange, noneMatch, parseRange } from './byte-range';

test.each([
  ['bytes=0-9', { start: 0, end: 10 }],
  ['bytes=5-5', { start: 5, end: 6 }],
  ['bytes=90-', { start: 90, end: 100 }],
  ['bytes=90-1000', { start: 90, end: 100 }],
  ['bytes=-10', { start: 90, end: 100 }],
  ['bytes=-1000', { start: 0, end: 100 }],
  ['bytes= 0 - 9', { start: 0, end: 10 }],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=999999999999999-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=9-5', undefined],
  ['bytes=-', undefined],
  ['bytes=0-1,5-6', undefined],
  ['bytes=0x1-5', undefined],
  ['bytes=99999999999999999999-', undefined],
  ['lines=0-9', undefined],
  ['', undefined],
  [undefined, undefined],
])('range %p of 100 bytes', (header, expected) => {
  expect(parseRange(header, 100)).toEqual(expected);
});

test('If-None-Match', () => {
  const tag = '"abc"';
  expect(noneMatch(undefined, tag)).toBe(true);
  expect(noneMatch('"def"', tag)).toBe(true);
  for (const header of ['"abc"', 'W/"abc"', '"x", "abc"', '*']) expect(noneMatch(header, tag)).toBe(false);
});

test('If-Range is strong: a weak tag or an old one gets the whole', () => {
  const date = 'Tue, 24 Nov 2026 10:00:00 GMT';
  for (const header of [undefined, '"abc"', date]) expect(ifRange(header, '"abc"', date)).toBe(true);
  for (const header of ['W/"abc"', '"def"', 'Mon, 23 Nov 2026 10:00:00 GMT'])
    expect(ifRange(header, '"abc"', date)).toBe(false);
});
