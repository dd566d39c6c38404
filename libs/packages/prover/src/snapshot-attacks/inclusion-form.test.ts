import { concat, R, utf8 } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import {
  inclusionToJson,
  MAX_INCLUSION_BYTES,
  parseInclusion,
  verifyInclusion,
  type Inclusion,
} from '@solvent-por/verifier';
import {
  documentOf,
  inclusionFile,
  replaced,
  SnapshotBuilder,
  testAccounts,
  testHeader,
  toBatches,
  type SmallSnapshot,
} from '@solvent-por/dev/proofs';

/** Inclusion files as documents: what is not exactly one is not read. */
type Json = Record<string, unknown>;
let honest: Inclusion;
let json: Json;
let file: Uint8Array;
let text: string;
let snapshot: SmallSnapshot;

beforeAll(async () => {
  const header = testHeader('aggregate', 1, 2);
  const builder = await SnapshotBuilder.load(header);
  const accounts = testAccounts(header, 3);
  const lines = builder.proveAll(toBatches(accounts, 2));
  snapshot = builder.finalise(lines);
  honest = builder.include(snapshot, lines[0]!.stored[0]!, 1);
  json = inclusionToJson(honest) as Json;
  file = inclusionFile(honest);
  text = new TextDecoder().decode(file);
  const trusted = { key: accounts[1]!.key, manifest: snapshot.manifest };
  expect(verifyInclusion(parseInclusion(file), trusted, nativeVerifier())).toMatchObject({ valid: true });
});

const refused = (bytes: Uint8Array, code: string, member?: string) =>
  expect(() => parseInclusion(bytes)).toThrow(
    expect.objectContaining({
      code,
      kind: 'malformed',
      ...(member === undefined ? {} : { details: { member } }),
    }),
  );
const changed = (change: Json) => documentOf({ ...json, ...change });

test('writing and reading gives the same', () => {
  expect(parseInclusion(file)).toEqual(honest);
  expect(inclusionFile(parseInclusion(file))).toEqual(file);
});

test('more than 64 KiB', () => {
  expect(MAX_INCLUSION_BYTES).toBe(65_536);
  refused(new Uint8Array(MAX_INCLUSION_BYTES + 1).fill(32), 'DOCUMENT_TOO_LARGE');
  refused(new Uint8Array(MAX_INCLUSION_BYTES).fill(32), 'DOCUMENT_MALFORMED');
  refused(changed({ salt: `0x${'00'.repeat(MAX_INCLUSION_BYTES / 2)}` }), 'DOCUMENT_TOO_LARGE');
});

test('not canonical', () => {
  refused(concat(file, utf8('\n')), 'DOCUMENT_NOT_CANONICAL');
  refused(concat(file, utf8('\r\n')), 'DOCUMENT_NOT_CANONICAL');
  refused(concat(utf8(' '), file), 'DOCUMENT_NOT_CANONICAL');
  refused(utf8(JSON.stringify(json)), 'DOCUMENT_NOT_CANONICAL'); // members in the order of the code
  refused(utf8(JSON.stringify(JSON.parse(text), null, 1)), 'DOCUMENT_NOT_CANONICAL');
  refused(utf8(text.replace('"row":1', '"row":1,"row":1')), 'DOCUMENT_NOT_CANONICAL');
  refused(utf8(text.replace('"row":1', '"row":1.0')), 'DOCUMENT_NOT_CANONICAL');
  refused(utf8(text.replace('"row":1', '"row":1e0')), 'DOCUMENT_NOT_CANONICAL');
  refused(concat(Uint8Array.of(0xef, 0xbb, 0xbf), file), 'DOCUMENT_MALFORMED');
  refused(concat(file, Uint8Array.of(0)), 'DOCUMENT_MALFORMED');
  refused(concat(file, file), 'DOCUMENT_MALFORMED');
});

test('cut off anywhere', () => {
  for (let length = 0; length < file.length; length += 7)
    refused(file.subarray(0, length), 'DOCUMENT_MALFORMED');
  refused(file.subarray(0, -1), 'DOCUMENT_MALFORMED');
});

test('unknown and missing members', () => {
  refused(changed({ note: 'x' }), 'INCLUSION_MALFORMED', 'inclusion');
  const path = json.path as Json[];
  refused(changed({ path: [{ ...path[0], note: 'x' }] }), 'INCLUSION_MALFORMED', 'path[0]');
  for (const member of Object.keys(json)) {
    const { [member]: _, ...rest } = json;
    refused(documentOf(rest), 'INCLUSION_MALFORMED', `inclusion.${member}`);
  }
  refused(changed({ path: [{ hash: path[0]!.hash }] }), 'INCLUSION_MALFORMED', 'path[0].sum');
  refused(changed({ path: [{ sum: path[0]!.sum }] }), 'INCLUSION_MALFORMED', 'path[0].hash');
  refused(changed({ protocol: 'solvent/v2' }), 'INCLUSION_MALFORMED', 'protocol');
});

test.each([
  'header',
  'batchCount',
  'commitments',
  'opening',
  'totals',
  'totalsOpening',
  'tag',
  'accounts',
  'root',
])('a member of the old form, or one that is recomputed: %s', (member) => {
  refused(changed({ [member]: json.sum }), 'INCLUSION_MALFORMED', 'inclusion');
});

describe.each([['values', 1n << 67n]])('%s', (member, bound) => {
  test.each(['-5', '', '0x10', ' 12', '12 ', '1e3', '012', '+1', '1.0', '1_0', String(R), 12, null, ['1']])(
    '%j',
    (value) => {
      refused(changed({ [member]: ['0', value] }), 'INCLUSION_MALFORMED', `${member}[1]`);
    },
  );

  test('the bound is exact', () => {
    refused(changed({ [member]: [String(bound), '0'] }), 'INCLUSION_MALFORMED', `${member}[0]`);
    expect(() => parseInclusion(changed({ [member]: [String(bound - 1n), '0'] }))).not.toThrow();
  });

  test('a list of 1 to 1,024, and as many as the layout publishes', () => {
    const zeros = (length: number) => Array.from({ length }, () => '0');
    for (const list of [[], zeros(1025), '00', { 0: '0', 1: '0' }])
      refused(changed({ [member]: list }), 'INCLUSION_MALFORMED', member);
    for (const list of [zeros(1), zeros(3), zeros(1024)]) {
      const read = parseInclusion(changed({ [member]: list }));
      expect(() => verifyInclusion(read, { manifest: snapshot.manifest }, nativeVerifier())).toThrow(
        expect.objectContaining({ code: 'INCLUSION_MALFORMED', kind: 'malformed', details: { member } }),
      );
    }
  });
});

test('numbers outside their range', () => {
  for (const [member, values] of [
    ['batch', [-1, 65_536, 0.5, '0']],
    ['row', [-1, 4096, 0.5, '1']],
  ] as const)
    for (const value of values) refused(changed({ [member]: value }), 'INCLUSION_MALFORMED', member);
});

test('byte strings of another length or form', () => {
  for (const member of ['id', 'salt', 'sum', 'manifest']) {
    const hex = json[member] as string;
    for (const value of [
      hex.slice(0, -2),
      `${hex}00`,
      hex.slice(2),
      hex.slice(0, -1),
      `0X${hex.slice(2)}`,
      `${hex.slice(0, -1)}G`,
      5,
    ])
      refused(changed({ [member]: value }), 'INCLUSION_MALFORMED', member);
    refused(changed({ [member]: `${hex.slice(0, -2)}AB` }), 'INCLUSION_MALFORMED', member);
  }
});

test('a salt of 31 bytes', () => {
  refused(changed({ salt: (json.salt as string).slice(0, -2) }), 'INCLUSION_MALFORMED', 'salt');
});

test('a path of more levels than any tree has', () => {
  const [node] = json.path as { hash: string; sum: string }[];
  refused(changed({ path: Array.from({ length: 17 }, () => node) }), 'INCLUSION_MALFORMED', 'path');
  expect(() => parseInclusion(changed({ path: Array.from({ length: 16 }, () => node) }))).not.toThrow();
});

test('account paths and openings of other lengths or form', () => {
  const accountPath = json.accountPath as string[];
  for (const list of [accountPath.slice(1), [...accountPath, accountPath[0]], []])
    refused(changed({ accountPath: list }), 'INCLUSION_MALFORMED', 'accountPath');
  refused(
    changed({ accountPath: replaced(accountPath, 11, '0x00') }),
    'INCLUSION_MALFORMED',
    'accountPath[11]',
  );
  const openings = json.openings as string[];
  for (const list of [openings.slice(1), [...openings, openings[0]], [], openings[0]])
    refused(changed({ openings: list }), 'INCLUSION_MALFORMED', 'openings');
  refused(
    changed({ openings: replaced(openings, 1, accountPath[0]!) }),
    'INCLUSION_MALFORMED',
    'openings[1]',
  );
});
