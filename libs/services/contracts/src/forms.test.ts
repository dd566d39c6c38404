import { apiKeyText, isApiKeyId, LIKE_AN_API_KEY, parseApiKey } from './api-key';
import { MAX_SOURCE_PATH, sourcePathParts } from './source-path';
import { WITNESS_KEY } from './witness-key';

const ID = '0123456789abcdef';
const SECRET = 'A'.repeat(43);
const KEY = `slv_${ID}_${SECRET}`;

test('an API key is written and read in one form', () => {
  expect(apiKeyText({ id: ID, secret: SECRET })).toBe(KEY);
  expect(parseApiKey(KEY)).toEqual({ id: ID, secret: SECRET });
  expect(isApiKeyId(ID)).toBe(true);
});

// The gateway took ids of 1 to 16 letters and digits, and asked the database about keys that it has never
// made.
test.each(['0', 'z'.repeat(16), ID.toUpperCase(), ID.slice(1), `${ID}0`])(
  'a key whose id is %s, which the gateway took and the database did not, is none',
  (id) => {
    expect(parseApiKey(`slv_${id}_${SECRET}`)).toBeUndefined();
    expect(isApiKeyId(id)).toBe(false);
  },
);

test.each(['', 'slv_', ` ${KEY}`, `${KEY}\n`, `${KEY}A`, KEY.slice(0, -1), KEY.replace('slv', 'SLV')])(
  'no API key: %j',
  (text) => {
    expect(parseApiKey(text)).toBeUndefined();
  },
);

test('what is hidden from logs holds every key, and keys that were mistyped', () => {
  for (const key of [KEY, KEY.slice(0, -5), `slv_Key_${SECRET}${SECRET}`])
    expect(`with ${key}, twice ${key}`.replace(LIKE_AN_API_KEY, '…')).toBe('with …, twice …');
});

test.each(['october', 'october/accounts', 'a/b/', 'balances.ndjson.gz', '...x', 'x'.repeat(MAX_SOURCE_PATH)])(
  'a source path: %j',
  (text) => {
    expect(sourcePathParts(text)?.join('/')).toBe(text.replace(/\/$/, ''));
  },
);

// The gateway took a drive's letter, ingest up to 1,024 characters, `.` and line breaks: what one stored, the
// other refused or would have taken.
test.each([
  ['a drive, which the gateway took and ingest refused', 'C:/balances'],
  ['513 characters, which ingest took and the gateway refused', 'x'.repeat(513)],
  ['the folder itself, which ingest took and the gateway refused', '.'],
  ['a step that goes nowhere', './november'],
  ['a line break', 'november\n'],
  ['an empty step', 'a//b'],
  ['a way out', 'a/../b'],
  ['a backslash', 'a\\b'],
  ['the root', '/'],
  ['nothing', ''],
])('no source path: %s', (_what, text) => {
  expect(sourcePathParts(text)).toBeUndefined();
});

test('a witness key in upper case, which `solvent db` took and the services refused, is none', () => {
  const key = `k1:0x${'ab'.repeat(32)}`;
  expect(WITNESS_KEY.exec(key)?.slice(1)).toEqual(['k1', 'ab'.repeat(32)]);
  expect(WITNESS_KEY.test(key.toUpperCase().replace('0X', '0x'))).toBe(false);
});
