import { utf8 } from '@solvent-por/kzg';
import { canonicalJson } from '../canonical';
import { MAX_SEALED_INDEX_BYTES, parseSealedIndex } from './sealed-index';

/** What the vectors of `sealed` (libs/dev/proofs) do not say: how an index is read, whoever signed it. */
const hex = (length: number) => `0x${'ab'.repeat(length)}`;
const index = {
  protocol: 'solvent/v1',
  manifest: hex(32),
  bits: 3,
  entries: 669,
  tree: hex(32),
  shards: hex(32),
  signature: hex(64),
};
const parse = (value: object) => parseSealedIndex(utf8(canonicalJson(value)));

test('an index is read as it is, and frozen', () => {
  expect(parse(index)).toEqual(index);
  expect(Object.isFrozen(parse(index))).toBe(true);
  expect(parse({ ...index, bits: 0, entries: Number.MAX_SAFE_INTEGER })).toMatchObject({ bits: 0 });
});

test.each(['protocol', 'manifest', 'bits', 'entries', 'tree', 'shards', 'signature'])(
  'a malformed %s is named',
  (member) => {
    for (const value of [null, -1, '0xab', `${hex(32)}00`, []])
      expect(() => parse({ ...index, [member]: value })).toThrow(
        expect.objectContaining({ code: 'SEALED_INDEX_MALFORMED', kind: 'malformed', details: { member } }),
      );
  },
);

test('one that is no index, or has more members, is named as a whole', () => {
  for (const value of [[], { ...index, note: 1 }])
    expect(() => parse(value)).toThrow(
      expect.objectContaining({ code: 'SEALED_INDEX_MALFORMED', details: { member: 'index' } }),
    );
});

test('a longer index than 1,024 bytes is refused before it is read', () => {
  expect(MAX_SEALED_INDEX_BYTES).toBe(1024);
  const padded = (length: number) => utf8('"'.padEnd(length - 1, 'x') + '"');
  expect(() => parseSealedIndex(padded(1024))).toThrow(
    expect.objectContaining({ code: 'SEALED_INDEX_MALFORMED' }),
  );
  expect(() => parseSealedIndex(padded(1025))).toThrow(
    expect.objectContaining({ code: 'DOCUMENT_TOO_LARGE' }),
  );
});
