import { utf8 } from '@solvent-por/kzg';
import { madeClaims } from '@solvent-por/dev/proofs';
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
])('%s: malformed', (_, change, code) => {
  expect(() => parseClaimFile(utf8(JSON.stringify({ ...json, ...change })))).toThrow(
    expect.objectContaining({ code, kind: 'malformed' }),
  );
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
  expect(newChallenge()).toHaveLength(31);
});
