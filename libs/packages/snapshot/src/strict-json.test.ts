import { parseStrictJson } from './strict-json';

test('repeated members are refused wherever they stand, and nothing else is', () => {
  for (const text of ['{"a":1,"a":2}', '{"x":[{"b":1,"\\u0062":[]}]}', '{"a":{"a":1},"b":"}","a":0}', '{"__proto__":1,"__proto__":2}'])
    expect(() => parseStrictJson(text)).toThrow(/is repeated/);
  for (const text of ['{"a":"{\\"a\\":1}","b":["a","a"],"c":{"a":1}}', '[{"a":1},{"a":1}]', '"a"', '{}'])
    expect(parseStrictJson(text)).toEqual(JSON.parse(text));
  expect(() => parseStrictJson('{"a":1,}')).toThrow(SyntaxError);
}); // prettier-ignore
