import { randomBytes, randomUUID } from 'node:crypto';
import { weaknessOf, withoutOuterBlanks } from './weak-identifier';

test.each([
  ['1', /digits alone/],
  ['0'.repeat(63) + '1', /digits alone/],
  ['12345678901234567890123456', /digits alone/],
  ['١٢٣٤', /digits alone/],
  ['+49 (30) 123-456.78', /telephone/],
  ['2026-10-31', /telephone number, a date/],
  ['bob@example.com', /e-mail/],
  ['a.very.long.address.of.somebody@mail.example.co.uk', /e-mail/],
  ['customer-12345678', /a word and a number/],
  ['user_000000000000000012345', /too short|word and a number/],
  ['tel:+491511234567890', /telephone/],
  ['123456789012|123456789012', /telephone number, a date or another number/],
  ['DE89370400440532013000', /IBAN/],
  ['GB29 NWBK 6016 1331 9268 19', /IBAN/],
  ['bob@example.com:123456', /e-mail address with little beside it/],
  ['Bob Smith <bob@example.com>', /e-mail address with little/],
  ['mailto:bob@example.com', /e-mail address alone/],
  ['1990-01-01 John Smith', /words and numbers/],
  ['john.smith.1987.london.uk', /words and numbers/],
  ['alice-wonderland-2026', /words and numbers/],
  ['qwertyuiopasdfghjklzxcvbnm', /too short|hand runs/],
  ['abcdefghijklmnopqrstuvwxyz0123456789', /too short|hand runs/],
  ['bob', /too short/],
  ['correcthorse', /too short/],
  ['deadbeef', /too short/],
  ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', /too short/],
  ['00000000-0000-0000-0000-000000000000', /telephone|too short/],
  [' 3f2b8c9e-7a41-4d5e-9b0c-5f6a7b8c9d0e', /blanks/],
  ['3f2b8c9e-7a41-4d5e-9b0c-5f6a7b8c9d0e\u00a0', /blanks/],
  ['\ufeff3f2b8c9e-7a41-4d5e-9b0c-5f6a7b8c9d0e', /blanks/],
  ['3f2b8c9e-7a41-4d5e-9b0c-5f6a7b8c9d0e\u200b', /blanks/],
])('%j can be guessed', (identifier, why) => {
  expect(weaknessOf(identifier)).toMatch(why);
  if (identifier.length > 12) expect(weaknessOf(identifier)).not.toContain(identifier);
});

test.each([
  '3f2b8c9e-7a41-4d5e-9b0c-5f6a7b8c9d0e',
  '3F2B8C9E-7A41-4D5E-9B0C-5F6A7B8C9D0E',
  '12345678-9012-4345-8678-901234567890', // a UUID without letters, one in a million
  '83726154908172635490817263549081', // 16 bytes of hex without letters
  'bob@example.com:9f86d081884c7d659a2feaa0c55ad015',
  '1:9f86d081884c7d659a2feaa0c55ad015',
  'bob-K7QM2X9PRTVW4H6J',
  'V1StGXR8Z5jdHi6B',
  'kqzvxwpjfmtbrdhgnlcy',
  'RTVWA-K7QM2-X9PEO-4H6JA-QWMNE',
  'apple-orbit-candle-river-tundra-meadow',
  'bob@example.com K7QM2X9PRTVW4H6JQ',
])('%j holds enough, as far as one sees', (identifier) => {
  expect(weaknessOf(identifier)).toBeUndefined();
});

test('of random ids none is refused', () => {
  const refused: string[] = [];
  for (let i = 0; i < 20_000; i++) {
    const ids = [randomUUID(), randomBytes(16).toString('hex'), randomBytes(16).toString('base64url')];
    ids.push(
      randomBytes(15)
        .toString('hex')
        .toUpperCase()
        .replace(/(.{5})(?=.)/g, '$1-'),
    );
    for (const id of [...ids, `${i}:${ids[1]!}`]) if (weaknessOf(id) !== undefined) refused.push(id);
  }
  expect(refused).toEqual([]);
});

test('outer blanks of every width go, inner ones stay', () => {
  expect(withoutOuterBlanks('\ufeff\t bob  smith\u00a0\u200b\r\n')).toBe('bob  smith');
});
