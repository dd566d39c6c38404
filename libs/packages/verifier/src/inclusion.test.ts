import { utf8 } from '@solvent-por/kzg';
import { canonicalJson } from './canonical';
import { inclusionToJson, MAX_INCLUSION_BYTES, parseInclusion } from './inclusion';

/**
 * What the vectors of `inclusion` (libs/dev/proofs) do not say: the bounds of a file by itself, whatever its
 * manifest says.
 */
const hex = (length: number) => `0x${'ab'.repeat(length)}`;
const many = <T>(count: number, item: T) => Array.from({ length: count }, () => item);
const node = { hash: hex(32), sum: hex(48) };
const document = {
  protocol: 'solvent/v1',
  manifest: hex(32),
  batch: 3,
  row: 9,
  id: hex(32),
  salt: hex(32),
  values: ['0', '7'],
  accountPath: many(12, hex(32)),
  sum: hex(48),
  openings: many(3, hex(48)),
  path: [node],
};
const parse = (value: object) => parseInclusion(utf8(canonicalJson(value)));
const malformed = (member: string) =>
  expect.objectContaining({ code: 'INCLUSION_MALFORMED', kind: 'malformed', details: { member } });

test.each<[string, object]>([
  ['the least batch and row', { batch: 0, row: 0 }],
  ['the last batch and row', { batch: 65_535, row: 4095 }],
  ['one value', { values: ['5'] }],
  ['1,024 values, each the largest', { values: many(1024, (2n ** 67n - 1n).toString()) }],
  ['no path', { path: [] }],
  ['a path of 16', { path: many(16, node) }],
])('reads %s, and writes it the same', (_what, members) => {
  const value = { ...document, ...members };
  expect(inclusionToJson(parse(value))).toEqual(value);
});

test.each<[string, object, string]>([
  ['another protocol', { protocol: 'solvent/v2' }, 'protocol'],
  ['another manifest', { manifest: hex(31) }, 'manifest'],
  ['a batch past the last', { batch: 65_536 }, 'batch'],
  ['a negative batch', { batch: -1 }, 'batch'],
  ['a row past the last', { row: 4096 }, 'row'],
  ['a negative row', { row: -1 }, 'row'],
  ['a short id', { id: hex(31) }, 'id'],
  ['a long salt', { salt: hex(33) }, 'salt'],
  ['no values', { values: [] }, 'values'],
  ['1,025 values', { values: many(1025, '0') }, 'values'],
  ['a value of 2^67', { values: ['0', (2n ** 67n).toString()] }, 'values[1]'],
  ['11 hashes', { accountPath: many(11, hex(32)) }, 'accountPath'],
  ['13 hashes', { accountPath: many(13, hex(32)) }, 'accountPath'],
  ['a short hash', { accountPath: [...many(11, hex(32)), hex(31)] }, 'accountPath[11]'],
  ['a sum uncompressed', { sum: hex(96) }, 'sum'],
  ['two openings', { openings: many(2, hex(48)) }, 'openings'],
  ['four openings', { openings: many(4, hex(48)) }, 'openings'],
  ['a short opening', { openings: [...many(2, hex(48)), hex(47)] }, 'openings[2]'],
  ['a path of 17', { path: many(17, node) }, 'path'],
  ['a path without sums', { path: [node, { hash: hex(32) }] }, 'path[1].sum'],
  ['a short hash of a node', { path: [{ ...node, hash: hex(31) }] }, 'path[0].hash'],
  ['a short sum of a node', { path: [{ ...node, sum: hex(47) }] }, 'path[0].sum'],
])('refuses %s by its name', (_what, members, member) => {
  expect(() => parse({ ...document, ...members })).toThrow(malformed(member));
});

test('a longer file than 65,536 bytes is refused before it is read', () => {
  expect(MAX_INCLUSION_BYTES).toBe(65_536);
  const padded = (length: number) => utf8('"'.padEnd(length - 1, 'x') + '"');
  expect(() => parseInclusion(padded(65_536))).toThrow(malformed('inclusion'));
  expect(() => parseInclusion(padded(65_537))).toThrow(
    expect.objectContaining({ code: 'DOCUMENT_TOO_LARGE' }),
  );
});
