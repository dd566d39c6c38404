import { decodeEntry, encodeEntry, openEntry, type SealedAccount } from './entry';
import { plainBytes, TAG_BYTES } from './shape';

const filled = (length: number, byte: number) => new Uint8Array(length).fill(byte);
const account: SealedAccount = {
  batch: 0x01020304,
  row: 0x0507,
  salt: filled(32, 7),
  values: [0n, (1n << 67n) - 1n],
  accountPath: Array.from({ length: 12 }, (_, level) => filled(32, 8 + level)),
  openings: [filled(48, 20), filled(48, 21), filled(48, 22)],
};

test('an entry is laid out as section 15 says, and read back', () => {
  const plain = encodeEntry(account);
  const expected = [
    1,
    2,
    3,
    4,
    5,
    7,
    ...filled(32, 7),
    ...filled(9, 0),
    7,
    ...filled(8, 255),
    ...account.accountPath.flatMap((hash) => [...hash]),
    ...account.openings.flatMap((point) => [...point]),
  ];
  expect([...plain]).toEqual(expected);
  expect(plain).toHaveLength(plainBytes(2));
  expect(decodeEntry(plain, 2)).toEqual(account);
  // Wherever it lies in a larger buffer.
  const within = new Uint8Array(plain.length + 5);
  within.set(plain, 5);
  expect(decodeEntry(within.subarray(5), 2)).toEqual(account);
});

test('an entry that another key sealed is not opened', () => {
  expect(openEntry(new Uint8Array(TAG_BYTES + plainBytes(2) + 16), filled(32, 1))).toBeUndefined();
});
