import { utf8 } from '@solvent-por/kzg';
import fc from 'fast-check';
import { canonicalJson, parseCanonical } from './canonical';

const parse = (text: string, limit = 1000) => parseCanonical(utf8(text), limit, 'document');
const refusal = (code: string) => expect.objectContaining({ code, kind: 'malformed' });

test('sorts members by UTF-16 code units and writes numbers as ECMAScript does', () => {
  expect(canonicalJson({ '\u{1F600}': 1, '\uFB33': 2, b: [1e21, 0.1, -0], a: 'é\n"' })).toBe(
    '{"a":"é\\n\\"","b":[1e+21,0.1,0],"\u{1F600}":1,"\uFB33":2}',
  );
});

test.each([[undefined], [1n], [NaN], [Infinity], ['\ud800'], [{ a: '\udc00' }]])(
  'has no form for %p',
  (value) => {
    expect(() => canonicalJson(value)).toThrow(
      expect.objectContaining({ code: 'JSON_UNSUPPORTED', kind: 'internal' }),
    );
  },
);

test('reads its own form back', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(parse(text, 1e6))).toBe(text);
    }),
  );
});

test.each([
  ['a doubled member', '{"a":1,"a":1}'],
  ['a doubled member, once escaped', '{"a":1,"\\u0061":1}'],
  ['a doubled __proto__', '{"__proto__":1,"__proto__":1}'],
  ['members out of order', '{"b":1,"a":1}'],
  ['a float', '{"a":1.0}'],
  ['an exponent', '[1e2]'],
  ['minus zero', '[-0]'],
  ['a number past the doubles', '[9007199254740993]'],
  ['infinity', '[1e999]'],
  ['a space', '{"a": 1}'],
  ['a final LF', '[1]\n'],
  ['a needless escape', '["\\u0041"]'],
  ['an escaped slash', '["\\/"]'],
  ['an upper-case escape', '["\\u001F"]'],
  ['half a surrogate pair', '["\\ud800"]'],
])('refuses %s', (_what, text) => {
  expect(() => parse(text)).toThrow(refusal('DOCUMENT_NOT_CANONICAL'));
});

test.each([
  ['nothing', ''],
  ['a cut', '{"a":'],
  ['two values', '1 2'],
  ['a byte order mark', '\ufeff[1]'],
  ['a comment', '[1]//'],
  ['deep nesting', '['.repeat(500) + ']'.repeat(500)],
  ['deep nesting that never closes', '['.repeat(900)],
])('refuses %s', (_what, text) => {
  expect(() => parse(text)).toThrow(refusal('DOCUMENT_MALFORMED'));
});

test('refuses bytes that are not UTF-8', () => {
  for (const bytes of [
    [0x22, 0xff, 0x22],
    [0x22, 0xc0, 0x80, 0x22],
    [0x22, 0xed, 0xa0, 0x80, 0x22],
    [0xef, 0xbb, 0xbf, 0x31],
  ]) {
    expect(() => parseCanonical(Uint8Array.from(bytes), 100, 'document')).toThrow(
      refusal('DOCUMENT_MALFORMED'),
    );
  }
});

test('looks at the size before anything else', () => {
  expect(() => parse('['.repeat(11), 10)).toThrow(refusal('DOCUMENT_TOO_LARGE'));
  expect(parse('"12345678"', 10)).toBe('12345678');
});

test('brackets inside of strings do not nest, and an escaped quote does not end one', () => {
  const text = JSON.stringify(['\\"' + '['.repeat(100)]);
  expect(parse(text)).toEqual(['\\"' + '['.repeat(100)]);
});

test('an escaped backslash before ud800 is no surrogate', () => {
  expect(parse('["\\\\ud800"]')).toEqual(['\\ud800']);
});

test('__proto__ is an ordinary member', () => {
  const value = parse('{"__proto__":{"polluted":true}}');
  expect(Object.keys(value as object)).toEqual(['__proto__']);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test.each([
  ['lists', (depth: number) => '['.repeat(depth) + ']'.repeat(depth)],
  ['objects', (depth: number) => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth)],
])('%s may nest 32 deep and no deeper, before and after others that were closed', (_what, nested) => {
  for (const text of [
    nested(32),
    `[${nested(31)},${nested(31)}]`,
    `["[{",${nested(31)}]`,
    `[${Array(40).fill(nested(1)).join()}]`,
  ])
    expect(canonicalJson(parse(text))).toBe(text);
  for (const text of [nested(33), `[${nested(32)}]`, `["]}","\\"]",${nested(32)}]`])
    expect(() => parse(text)).toThrow(refusal('DOCUMENT_MALFORMED'));
});
