import { DocumentReader } from './document';

const read = new DocumentReader('TEST_MALFORMED');
const refusal = (member: string, message?: string) =>
  expect.objectContaining({
    code: 'TEST_MALFORMED',
    kind: 'malformed',
    details: { member },
    ...(message === undefined ? {} : { message: expect.stringContaining(message) as unknown }),
  });

test.each([5, 'text', true, null, undefined, [], [1]])('%p is no object', (value) => {
  expect(() => read.object(value, 'it', ['a'])).toThrow(refusal('it', 'must be an object'));
});

test('an object has all that is required, any of what is optional, and nothing else', () => {
  for (const value of [{ a: 1 }, { a: undefined, b: 2 }])
    expect(read.object(value, 'it', ['a'], ['b'])).toBe(value);
  expect(() => read.object({ b: 2 }, 'it', ['a'], ['b'])).toThrow(refusal('it.a', 'is missing'));
  expect(() => read.object(Object.create({ a: 1 }), 'it', ['a'])).toThrow(refusal('it.a'));
  expect(() => read.object({ a: 1, b: 2 }, 'it', ['a'])).toThrow(refusal('it', 'an unknown member "b"'));
  const long = 'x'.repeat(41);
  expect(() => read.object({ a: 1, [long]: 2 }, 'it', ['a'])).toThrow(
    refusal('it', `an unknown member "${long.slice(1)}":`),
  );
});

test('a list has as many elements as it may have', () => {
  for (const list of [[1], [1, 2, 3]]) expect(read.array(list, 'it', 1, 3)).toBe(list);
  expect(() => read.array([], 'it', 1, 3)).toThrow(refusal('it', 'must have 1 to 3 elements, it has 0'));
  expect(() => read.array([1, 2, 3, 4], 'it', 1, 3)).toThrow(refusal('it', '1 to 3 elements, it has 4'));
  expect(() => read.array([1, 2], 'it', 3, 3)).toThrow(refusal('it', 'exactly 3 elements, it has 2'));
  expect(() => read.array({ length: 1 }, 'it', 1, 3)).toThrow(refusal('it', 'must be an array'));
});

/** What JavaScript would take for the text in it. */
test.each([['a'], [['a']], [{ toString: () => 'a', length: 1 }], [97]])('only text is text: %p', (value) => {
  const reading = () => read.text(value, 'it', /^[a-z]$/, 'a letter');
  if (value === 'a') expect(reading()).toBe('a');
  else expect(reading).toThrow(refusal('it', 'must be a letter'));
});

test('only text of the right length in lower case is hex', () => {
  expect(read.hex('0x0a9f', 'it', 2)).toBe('0x0a9f');
  for (const value of [
    '0x0A9F',
    '0x0a9',
    '0x0a9f0',
    '0a9f00',
    '0x0a9g',
    ' 0x0a9',
    '0x0a9\n',
    'x0x0a9',
    0x0a9f,
  ])
    expect(() => read.hex(value, 'it', 2)).toThrow(
      refusal('it', '2 bytes as 0x and 4 lower-case hex digits'),
    );
  expect(() => read.hex(['0', 'x', '0', 'a', '9', 'f'], 'it', 2)).toThrow(refusal('it'));
});

test('only a whole number within both bounds is an integer', () => {
  for (const value of [-1, 0, 2]) expect(read.integer(value, 'it', -1, 2)).toBe(value);
  for (const value of [-2, 3, 0.5, NaN, Infinity, '1', 1n, [1], null])
    expect(() => read.integer(value, 'it', -1, 2)).toThrow(refusal('it', 'an integer in -1…2'));
});

test('only a decimal string from one bound to below the other is a number of units', () => {
  for (const value of ['3', '9']) expect(read.decimal(value, 'it', 3n, 10n)).toBe(BigInt(value));
  for (const value of ['2', '10', '03', 3, 3n, ['3'], ''])
    expect(() => read.decimal(value, 'it', 3n, 10n)).toThrow(refusal('it', 'at least 3 and below 10'));
});
