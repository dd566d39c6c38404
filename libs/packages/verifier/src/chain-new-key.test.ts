import { ed25519 } from '@noble/curves/ed25519.js';
import { hexBytes, toHex, utf8 } from '@solvent-por/kzg';
import { loadVectors } from '@solvent-por/dev/proofs';
import { verifyManifestTrust, type ManifestTrust } from './chain';
import { manifestDigest, parseManifest, type Manifest } from './manifest';

/** The way back from a manifest of the year 2062: a new key, whose chain follows the last good one. */

const { input } = loadVectors('manifest').find(({ name }) => name === 'chain-restarted')!;
const template = parseManifest(utf8((input as { readonly document: string }).document));
const [OLD, NEW, OTHER] = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const keyOf = (seed: Uint8Array) => ed25519.getPublicKey(seed);

function sign(seed: Uint8Array, takenAt: string, previous: Manifest | null): Manifest {
  const header = {
    ...template.header,
    ...{ operator: toHex(keyOf(seed)), snapshot: `taken-${takenAt.slice(0, 7)}`, takenAt },
  };
  const unsigned = {
    ...template,
    ...{ header, previous: previous && toHex(manifestDigest(previous)) },
  };
  return parseManifest({ ...unsigned, signature: toHex(ed25519.sign(manifestDigest(unsigned), seed)) });
}

const september = sign(OLD, '2026-09-30T00:00:00Z', null);
const october = sign(OLD, '2026-10-31T00:00:00Z', september);
const bad = sign(OLD, '2062-11-30T00:00:00Z', october);
const worse = sign(OLD, '2062-12-31T00:00:00Z', bad);
const november = sign(NEW, '2026-11-30T00:00:00Z', october);
const december = sign(NEW, '2026-12-31T00:00:00Z', november);
const former = { operator: keyOf(NEW), formerOperators: [keyOf(OLD)] };

const codeOf = (manifest: Manifest, trust: ManifestTrust) => {
  const verdict = verifyManifestTrust(manifest, trust);
  return verdict.valid ? 'valid' : verdict.code;
};

test('under the old key nothing follows before 2062', () => {
  const next = sign(OLD, '2026-11-30T00:00:00Z', bad);
  expect(codeOf(next, { operator: keyOf(OLD), previous: [bad] })).toBe('CHAIN_OLDER');
});

test('a chain under a new key is never silently the same chain', () => {
  for (const previous of [[october], [october, september], [bad]])
    expect(codeOf(november, { operator: keyOf(NEW), previous })).toBe('PREVIOUS_OTHER_OPERATOR');
  expect(codeOf(november, { ...former, formerOperators: [keyOf(OTHER)], previous: [october] })).toBe(
    'PREVIOUS_OTHER_OPERATOR',
  );
  // The old key has no say any more.
  expect(codeOf(sign(OLD, '2062-12-31T00:00:00Z', bad), former)).toBe('OPERATOR_UNEXPECTED');
});

test.each([
  ['the first one', november, [october], 1],
  ['with all before', november, [september, october], 2],
  ['a later one', december, [november, september, october], 3],
])(
  'told of the former key, %s follows its last good manifest, and the verdict says so',
  (_, manifest, previous, earlier) => {
    const verdict = verifyManifestTrust(manifest, { ...former, previous });
    if (!verdict.valid) throw new Error(verdict.reason);
    const chain = verdict.checked.find(({ code }) => code === 'CHAIN')!;
    expect(chain.message).toMatch(/^a chain under a new key, .*taken-2026-10 .*former key/);
    expect(chain.compared).toMatchObject({ earlier, operator: toHex(keyOf(NEW)), former: toHex(keyOf(OLD)) });
    expect(verdict.notChecked.map(({ code }) => code)).not.toContain('LEFT_BEHIND');
  },
);

test('bad manifests that were seen are said to be left behind', () => {
  for (const [manifest, previous] of [
    [november, [october, bad, worse]],
    [december, [worse, november, bad, october]],
  ] as const) {
    const verdict = verifyManifestTrust(manifest, { ...former, previous });
    if (!verdict.valid) throw new Error(verdict.reason);
    const [left] = verdict.notChecked.filter(({ code }) => code === 'LEFT_BEHIND');
    expect(left!.message).toContain('taken-2062-12 (2062-12-31T00:00:00Z), taken-2062-11 (2062-11-30');
    expect(left!.compared).toEqual({ manifests: 2 });
  }
});

test('what does not fit is refused as ever, under whichever key it is', () => {
  const cases: [string, Manifest, readonly Manifest[]][] = [
    // A bad one alone: that the chain left it cannot be seen without the one it follows.
    ['CHAIN_GAP', november, [bad]],
    ['CHAIN_GAP', november, [september]],
    ['CHAIN_GAP', december, [october]],
    ['CHAIN_RESTARTED', sign(NEW, '2026-11-30T00:00:00Z', null), [october]],
    ['CHAIN_TIME', sign(NEW, '2026-10-31T00:00:00Z', october), [october]],
    ['CHAIN_FORKED', november, [october, sign(NEW, '2026-11-29T00:00:00Z', october)]],
    ['CHAIN_FORKED', november, [october, bad, sign(OLD, '2063-01-01T00:00:00Z', october)]],
    ['CHAIN_OLDER', november, [december, october]],
  ];
  for (const [code, manifest, previous] of cases)
    expect([code, codeOf(manifest, { ...former, previous })]).toEqual([code, code]);
});

test('former keys are 32 bytes each, or the caller’s mistake', () => {
  for (const formerOperators of [undefined, null, keyOf(OLD), [toHex(keyOf(OLD))], [new Uint8Array(31)]])
    expect(() => verifyManifestTrust(november, { formerOperators } as never)).toThrow(
      expect.objectContaining({ code: 'TRUSTED_MALFORMED' }),
    );
  expect(hexBytes(november.header.operator, 32)).toEqual(keyOf(NEW));
});
