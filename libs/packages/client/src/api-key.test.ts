import { apiKeyText, isApiKeyId, LIKE_AN_API_KEY, parseApiKey } from './api-key';

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
