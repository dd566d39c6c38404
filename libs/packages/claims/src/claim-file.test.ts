import { utf8 } from '@solvent-por/kzg';
import { madeClaims } from '@solvent-por/dev/proofs';
import { canonicalJson } from '@solvent-por/verifier';
import { checkClaimFile, encodeClaimFile, parseClaimFile } from './claim-file';
import { claimNullifier } from './leaf';
import { claimScope, newChallenge } from './scope';

const { snapshot } = madeClaims();
const { manifest } = snapshot;
const file = snapshot.claimFile(4);
const json = JSON.parse(new TextDecoder().decode(encodeClaimFile(file))) as { path: string[] };

test('a claim file of every account leads to the claim tree of its manifest', () => {
  for (let i = 0; i < 7; i++) {
    const bytes = encodeClaimFile(snapshot.claimFile(i));
    expect(() => checkClaimFile(parseClaimFile(bytes), manifest)).not.toThrow();
  }
});

test.each([
  ['a value more', { ...file, values: [file.values[0]! + 1n, file.values[1]!] }, manifest],
  ['another id', { ...file, id: file.id.map((byte) => byte ^ 1) }, manifest],
  ['another claim key', { ...file, claimKey: new Uint8Array(31) }, manifest],
  ['another row', { ...file, row: 0 }, manifest],
  ['a row that is none', { ...file, row: 4080 }, manifest],
  ['a batch that is none', { ...file, batch: 3 }, manifest],
  ['a sibling changed', { ...file, path: [...file.path.slice(1), 1n] }, manifest],
  ['a value too few', { ...file, values: file.values.slice(1) }, manifest],
  ['another manifest', { ...file, manifest: new Uint8Array(32) }, manifest],
  ['a manifest without a claim tree', file, { ...manifest, claimRoot: null, claimKeys: null }],
])('%s: refused', (_, changed, against) => {
  expect(() => checkClaimFile(changed, against)).toThrow(
    expect.objectContaining({ code: 'CLAIM_FILE_FOREIGN', kind: 'invalid' }),
  );
});

test.each([
  ['a path of 27', { path: json.path.slice(1) }, 'CLAIM_FILE_MALFORMED'],
  ['a path of 29', { path: [...json.path, json.path[0]] }, 'CLAIM_FILE_MALFORMED'],
  [
    'a sibling that is no element',
    { path: [`0x${'ff'.repeat(32)}`, ...json.path.slice(1)] },
    'CLAIM_ELEMENT',
  ],
  ['a value of 2^67', { values: [(1n << 67n).toString(), '0'] }, 'CLAIM_FILE_MALFORMED'],
  ['a claim key of 32 bytes', { claimKey: `0x${'00'.repeat(32)}` }, 'CLAIM_FILE_MALFORMED'],
  ['row 4096', { row: 4096 }, 'CLAIM_FILE_MALFORMED'],
  ['a row below the first', { row: -1 }, 'CLAIM_FILE_MALFORMED'],
  ['batch 65,536', { batch: 65_536 }, 'CLAIM_FILE_MALFORMED'],
  ['a batch below the first', { batch: -1 }, 'CLAIM_FILE_MALFORMED'],
  ['an id of 31 bytes', { id: `0x${'00'.repeat(31)}` }, 'CLAIM_FILE_MALFORMED'],
  ['no values', { values: [] }, 'CLAIM_FILE_MALFORMED'],
  ['1,025 values', { values: Array<string>(1025).fill('0') }, 'CLAIM_FILE_MALFORMED'],
  ['another protocol', { protocol: 'solvent/v2' }, 'CLAIM_FILE_MALFORMED'],
  ['a manifest of 31 bytes', { manifest: `0x${'00'.repeat(31)}` }, 'CLAIM_FILE_MALFORMED'],
])('%s: malformed', (_, change, code) => {
  expect(() => parseClaimFile(utf8(JSON.stringify({ ...json, ...change })))).toThrow(
    expect.objectContaining({ code, kind: 'malformed' }),
  );
});

test('the bounds of a claim file: the last batch and row, and 1,024 of the highest value', () => {
  const change = {
    ...{ batch: 65_535, row: 4095 },
    values: Array<string>(1024).fill(((1n << 67n) - 1n).toString()),
  };
  const read = parseClaimFile(utf8(canonicalJson({ ...json, ...change })));
  expect([read.batch, read.row, read.values.length]).toEqual([65_535, 4095, 1024]);
  expect([read, read.values, read.path].every(Object.isFrozen)).toBe(true);
  expect(encodeClaimFile(read)).toEqual(utf8(canonicalJson({ ...json, ...change })));
});

test.each(Object.keys(json))('a claim file whose %s is wrong, or missing, says so', (member) => {
  const memberOf = (change: object) => {
    try {
      return parseClaimFile(utf8(canonicalJson({ ...json, ...change })));
    } catch (error) {
      return (error as { details?: { member?: string } }).details?.member;
    }
  };
  const { [member as 'path']: _, ...rest } = json;
  expect(memberOf({ [member]: null })).toBe(member);
  expect(() => parseClaimFile(utf8(canonicalJson(rest)))).toThrow(
    expect.objectContaining({ details: { member: `claim file.${member}` } }),
  );
  expect(memberOf({ path: ['0x00', ...json.path.slice(1)] })).toBe('path[0]');
  expect(memberOf({ values: ['0', '01'] })).toBe('values[1]');
});

test('a nullifier is one of its account and scope; a scope, of partner and purpose apart', () => {
  const scope = claimScope('lender.example', 'loan');
  expect(claimScope('lender.example', 'loan')).toEqual(scope);
  // Where one text ends and the other begins counts; how a letter is composed doesn't.
  expect(claimScope('lender.examplel', 'oan')).not.toEqual(scope);
  expect(claimScope('caf\u00e9', 'x')).toEqual(claimScope('cafe\u0301', 'x'));
  const marks = [0, 1].flatMap((i) =>
    [scope, claimScope('lender.example', 'x')].map((each) =>
      claimNullifier(snapshot.claimFile(i).claimKey, each),
    ),
  );
  expect(new Set(marks).size).toBe(4);
  for (const bad of ['', 'x'.repeat(257), '\ud800'])
    expect(() => claimScope(bad, 'x')).toThrow(expect.objectContaining({ code: 'CLAIM_SCOPE_TEXT' }));
  const longest = 'x'.repeat(256);
  expect(claimScope(longest, 'é'.repeat(128))).toHaveLength(31);
  for (const bad of ['', 'x'.repeat(257), 'é'.repeat(129), '\udc00'])
    expect(() => claimScope('x', bad)).toThrow(
      expect.objectContaining({ code: 'CLAIM_SCOPE_TEXT', kind: 'usage' }),
    );
  expect(newChallenge()).toHaveLength(31);
  expect(newChallenge()).not.toEqual(newChallenge());
});
