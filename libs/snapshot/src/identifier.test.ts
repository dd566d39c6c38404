import { createHash } from 'node:crypto';
import { hashIdentifier } from './identifier';
import { parseStrictJson } from './strict-json';

const key = new Uint8Array(32).fill(3);

test('section 5: SHA-256 over label, key and NFC', () => {
  const expected = createHash('sha256').update('solvent/v1/id').update(key).update('Zoë-7Q').digest();
  expect(Buffer.from(hashIdentifier(key, 'Zoe\u0308-7Q'))).toEqual(expected);
  expect(Buffer.from(hashIdentifier(key, 'zoë-7Q'))).not.toEqual(expected);
  expect(Buffer.from(hashIdentifier(key, ' Zoë-7Q'))).not.toEqual(expected);
});

test.each(['', '\ud800', 'a\udc00b', 'x'.repeat(1025), 'ü'.repeat(513)])('refuses %j', (identifier) => {
  expect(() => hashIdentifier(key, identifier)).toThrow(/an identifier must be/);
});

test('repeated members are refused wherever they stand, and nothing else is', () => {
  for (const text of ['{"a":1,"a":2}', '{"x":[{"b":1,"\\u0062":[]}]}', '{"a":{"a":1},"b":"}","a":0}', '{"__proto__":1,"__proto__":2}'])
    expect(() => parseStrictJson(text)).toThrow(/is repeated/);
  for (const text of ['{"a":"{\\"a\\":1}","b":["a","a"],"c":{"a":1}}', '[{"a":1},{"a":1}]', '"a"', '{}'])
    expect(parseStrictJson(text)).toEqual(JSON.parse(text));
  expect(() => parseStrictJson('{"a":1,}')).toThrow(SyntaxError);
}); // prettier-ignore
