import { madeClaims } from '@solvent-por/dev/proofs';
import { sha256 } from '@noble/hashes/sha2.js';
import { SolventError, toHex, utf8 } from '@solvent-por/kzg';
import { canonicalJson } from '@solvent-por/verifier';
import { knownPower, PERPETUAL_ALPHA, PERPETUAL_BETA, POWERS_OF_TAU } from './powers-of-tau';
import { encodeVerifyingKey, parseVerifyingKey, refuseUnfitKey } from './verifying-key';
import type { Contribution, SetUp, VerifyingKeyDocument } from './verifying-key';

const { key, verifyingKey } = madeClaims();
const { document } = verifyingKey;
const { setUp } = document;

const hash = (i: number) => `0x${i.toString(16).padStart(128, '0')}`;
const listed = (count: number, more: Partial<Contribution> = {}): Contribution[] =>
  Array.from({ length: count }, (_, i) => ({ name: 'somebody', hash: hash(i), ...more }));
const BEACON = { value: '0xab', iterations: 10 };
/** The set-up with other contributions, the last of which is a beacon where one is given. */
const withParties = (parties: readonly Contribution[], beacon?: object, more: Partial<SetUp> = {}) => ({
  setUp: {
    ...setUp,
    ...more,
    contributions: beacon ? [...parties, { name: 'beacon', hash: hash(99), beacon }] : parties,
  },
});
const CEREMONY: Partial<SetUp> = { kind: 'ceremony', powersOfTau: POWERS_OF_TAU[13]! };
const PERPETUAL = { alpha: PERPETUAL_ALPHA, beta: PERPETUAL_BETA };

const parsed = (change: object) => parseVerifyingKey(utf8(canonicalJson({ ...document, ...change })));
/** Code and member of the refusal. */
const refusalOf = (change: object): readonly unknown[] => {
  try {
    parsed(change);
    return ['taken'];
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    return [error.code, (error.details as { member?: string } | undefined)?.member];
  }
};

test('a key is read as it was written, with its digest and its points', () => {
  expect(encodeVerifyingKey(document)).toEqual(key);
  const again = parseVerifyingKey(key);
  expect([again.document, again.digest]).toEqual([document, verifyingKey.digest]);
  const { setUp: read } = again.document;
  for (const part of [again, again.document, again.document.files, again.document.ic, read])
    expect(Object.isFrozen(part)).toBe(true);
  expect([read.contributions, ...read.contributions].every(Object.isFrozen)).toBe(true);
  expect([again.digest.length, again.ic.length, document.ic.length]).toEqual([32, 7, 7]);
  const wrong: VerifyingKeyDocument = { ...document, values: 0 };
  expect(() => encodeVerifyingKey(wrong)).toThrow(expect.objectContaining({ code: 'CLAIM_KEY_MALFORMED' }));
});

test.each<[string, object]>([
  ['one value', { values: 1 }],
  ['1,024 values', { values: 1024 }],
  ['64 contributions', withParties(listed(64))],
  ['a name of one character', withParties(listed(1, { name: '~' }))],
  ['a name of 64 characters', withParties(listed(1, { name: ' '.repeat(64) }))],
  ['a beacon of one byte, 2^10 hashes', withParties(listed(1), BEACON)],
  [
    'a beacon of 255 bytes, 2^20 hashes',
    withParties(listed(1), { value: `0x${'0f'.repeat(255)}`, iterations: 20 }),
  ],
  ['nothing but a beacon, of a development set-up', withParties([], BEACON)],
  ['a ceremony', { ...withParties(listed(1), undefined, CEREMONY), ...PERPETUAL }],
  ['a ceremony that a beacon ends', { ...withParties(listed(2), BEACON, CEREMONY), ...PERPETUAL }],
])('taken: %s', (_, change) => {
  expect(parsed(change).document).toEqual({ ...document, ...change });
});

const parties = 'setUp.contributions';
test.each<[string, object, string]>([
  ['another protocol', { protocol: 'solvent/v2' }, 'protocol'],
  ['another circuit', { circuit: 'balance' }, 'circuit'],
  ['no values', { values: 0 }, 'values'],
  ['1,025 values', { values: 1025 }, 'values'],
  [
    'a set-up of another kind',
    withParties(listed(1), undefined, { kind: 'other' as 'ceremony' }),
    'setUp.kind',
  ],
  ['no contributions', withParties([]), parties],
  ['65 contributions', withParties(listed(65)), parties],
  ['a contribution twice', withParties([...listed(2), ...listed(1)]), parties],
  [
    'a contribution after the beacon',
    withParties([
      { ...listed(1)[0]!, beacon: BEACON },
      { name: 'x', hash: hash(7) },
    ]),
    parties,
  ],
  ['a ceremony of nothing but a beacon', { ...withParties([], BEACON, CEREMONY), ...PERPETUAL }, parties],
  [
    'a ceremony above another phase 1',
    { ...withParties(listed(1), undefined, { kind: 'ceremony', powersOfTau: hash(1) }), ...PERPETUAL },
    'setUp.powersOfTau',
  ],
  [
    'a ceremony with another alpha',
    { ...withParties(listed(1), undefined, CEREMONY), ...PERPETUAL, alpha: document.alpha },
    'alpha',
  ],
  [
    'a ceremony with another beta',
    { ...withParties(listed(1), undefined, CEREMONY), ...PERPETUAL, beta: document.beta },
    'alpha',
  ],
  ['a nameless contribution', withParties(listed(1, { name: '' })), `${parties}[0].name`],
  ['a name of 65 characters', withParties(listed(1, { name: 'x'.repeat(65) })), `${parties}[0].name`],
  ['a name beyond ASCII', withParties(listed(1, { name: 'é' })), `${parties}[0].name`],
  ['a name with a line break', withParties(listed(1, { name: 'a\n' })), `${parties}[0].name`],
  [
    'a short hash',
    withParties([...listed(1), { name: 'x', hash: hash(5).slice(0, -2) }]),
    `${parties}[1].hash`,
  ],
  ['a beacon of no bytes', withParties(listed(1), { ...BEACON, value: '0x' }), `${parties}[1].beacon.value`],
  [
    'a beacon of half a byte',
    withParties(listed(1), { ...BEACON, value: '0xabc' }),
    `${parties}[1].beacon.value`,
  ],
  [
    'a beacon of 256 bytes',
    withParties(listed(1), { ...BEACON, value: `0x${'00'.repeat(256)}` }),
    `${parties}[1].beacon.value`,
  ],
  [
    'a beacon in upper case',
    withParties(listed(1), { ...BEACON, value: '0xAB' }),
    `${parties}[1].beacon.value`,
  ],
  [
    'a beacon of 2^9 hashes',
    withParties(listed(1), { ...BEACON, iterations: 9 }),
    `${parties}[1].beacon.iterations`,
  ],
  [
    'a beacon of 2^21 hashes',
    withParties(listed(1), { ...BEACON, iterations: 21 }),
    `${parties}[1].beacon.iterations`,
  ],
  ['a beacon of more', withParties(listed(1), { ...BEACON, more: 1 }), `${parties}[1].beacon`],
  ['delta that is gamma', { delta: document.gamma }, 'delta'],
  ['a point of a signal twice', { ic: [document.ic[1], ...document.ic.slice(1)] }, 'ic'],
  ['a point of a signal too few', { ic: document.ic.slice(1) }, 'ic'],
  ['a short point', { ic: [...document.ic.slice(1), '0x00'] }, 'ic[6]'],
  ['a short digest of a file', { files: { ...document.files, wasm: '0x00' } }, 'files.wasm'],
])('refused: %s', (_, change, member) => {
  expect(refusalOf(change)).toEqual(['CLAIM_KEY_MALFORMED', member]);
});

test.each(['alpha', 'beta', 'gamma', 'delta'] as const)('refused: %s at infinity, by its name', (member) => {
  const change = { [member]: document[member].replace(/(?<=^0x.*)./g, '0') };
  expect(refusalOf(change)).toEqual(['CLAIM_POINT', member]);
});

test.each(Object.keys(document))('refused: %s of no form, by its name', (member) => {
  expect(refusalOf({ [member]: null })).toEqual(['CLAIM_KEY_MALFORMED', member]);
});

test.each(['r1cs', 'zkey', 'wasm'])('refused: the digest of %s, by its name', (file) => {
  expect(refusalOf({ files: { ...document.files, [file]: '0x00' } })).toEqual([
    ...['CLAIM_KEY_MALFORMED', `files.${file}`],
  ]);
});

test('phase 1 is known by the digests and points of the perpetual powers of tau, of powers 8 to 28', () => {
  expect(Object.keys(POWERS_OF_TAU).map(Number)).toEqual(Array.from({ length: 21 }, (_, i) => i + 8));
  for (const [power, digest] of Object.entries(POWERS_OF_TAU)) expect(knownPower(digest)).toBe(Number(power));
  expect(knownPower(hash(1))).toBeUndefined();
  // A slip of the keyboard in any of them; they were read off snarkjs' list and its files.
  const all = [...Object.values(POWERS_OF_TAU), PERPETUAL_ALPHA, PERPETUAL_BETA].join('');
  expect(toHex(sha256(utf8(all)))).toBe('0x17f636ebb626f45ad8e52b5c6ac4be9605dff008840fa0c93f2f39505c3d8f8f');
});

test('refused: a public signal whose point is infinity, by its number', () => {
  const ic = document.ic.map((point, i) => (i === 3 ? `0x${'00'.repeat(64)}` : point));
  expect(refusalOf({ ic })).toEqual(['CLAIM_POINT', 'ic[3]']);
});

describe('a key that a manifest must not name', () => {
  const named = { values: document.values, name: 'k', allow: '--allow', allowed: false };
  const codeOf = (of: typeof verifyingKey, how: typeof named) => {
    try {
      return refuseUnfitKey(of, how);
    } catch (error) {
      return [(error as SolventError).code, (error as SolventError).kind];
    }
  };
  const ceremony = { ...verifyingKey, document: { ...document, setUp: { ...setUp, ...CEREMONY } } };

  it('is of another layout, or of a development set-up that nobody allowed', () => {
    expect(codeOf(verifyingKey, named)).toEqual(['CLAIM_KEY_DEVELOPMENT', 'usage']);
    expect(codeOf(verifyingKey, { ...named, values: 3, allowed: true })).toEqual([
      'CLAIM_KEY_OTHER_LAYOUT',
      'usage',
    ]);
    expect(codeOf(verifyingKey, { ...named, allowed: true })).toBe(true);
    expect([false, true].map((allowed) => codeOf(ceremony, { ...named, allowed }))).toEqual([false, false]);
  });
});
