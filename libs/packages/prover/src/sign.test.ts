import { hexBytes, toHex } from '@solvent-por/kzg';
import { parseHeader, verifyManifestSignature, type UnsignedManifest } from '@solvent-por/verifier';
import { manifestOf, operatorKeyOf, signManifest } from './sign';

const seed = new Uint8Array(32).fill(3);

function unsigned(operator = toHex(operatorKeyOf(seed))): UnsignedManifest {
  const header = parseHeader({
    protocol: 'solvent/v1',
    operator,
    snapshot: 'test',
    takenAt: '2026-11-30T00:00:00Z',
    mode: 'spot',
    assets: [{ symbol: 'BTC', scale: 8, limbs: 6 }],
  });
  return {
    protocol: 'solvent/v1',
    header,
    batchCount: 1,
    root: `0x${'11'.repeat(32)}`,
    totals: ['5'],
    totalsOpening: `0xc0${'00'.repeat(47)}`,
    columns: `0x${'33'.repeat(32)}`,
    claimRoot: null,
    claimKeys: null,
    previous: null,
  };
}

test('a signed manifest verifies, and signing again gives the same bytes', () => {
  const manifest = signManifest(unsigned(), seed);
  expect(verifyManifestSignature(manifest)).toBe(true);
  expect(signManifest(unsigned(), seed)).toEqual(manifest);
});

test('refuses a header that names another operator, without saying the seed', () => {
  const other = `0x${'22'.repeat(32)}`;
  const attempt = () => signManifest(unsigned(other), seed);
  expect(attempt).toThrow(expect.objectContaining({ code: 'SIGNING_KEY_MISMATCH', kind: 'usage' }));
  expect(attempt).not.toThrow(toHex(seed).slice(2));
});

test('refuses to sign what no verifier would read', () => {
  expect(() => signManifest({ ...unsigned(), totals: ['-5'] }, seed)).toThrow(
    expect.objectContaining({ code: 'MANIFEST_MALFORMED' }),
  );
  expect(() => signManifest(unsigned(), seed.subarray(1))).toThrow(
    expect.objectContaining({ code: 'SIGNING_SEED_MALFORMED' }),
  );
});

test('a manifest of a snapshot with a claim tree names its root and keys', () => {
  const { header, ...rest } = unsigned();
  const snapshot = {
    ...{ columns: new Uint8Array(32), totals: [5n], accounts: 1, batchCount: 1 },
    ...{ root: new Uint8Array(32), totalsOpening: hexBytes(rest.totalsOpening, 48) },
  };
  const [root, key] = [new Uint8Array(32).fill(7), new Uint8Array(32).fill(8)];
  const manifest = manifestOf(header, snapshot, undefined, seed, { root, keys: [key] });
  expect([manifest.claimRoot, manifest.claimKeys]).toEqual([toHex(root), [toHex(key)]]);
  expect(manifestOf(header, snapshot, undefined, seed).claimRoot).toBeNull();
  // No element of BN254's field.
  expect(() => manifestOf(header, snapshot, undefined, seed, { root: root.fill(255), keys: [key] })).toThrow(
    expect.objectContaining({ code: 'MANIFEST_MALFORMED' }),
  );
});
