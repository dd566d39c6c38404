import { claimHeader, claimSnapshot, testKey } from '@solvent-por/dev/proofs';
import { toHex } from '@solvent-por/kzg';
import { accountId, canonicalJson, claimAccess, headerDigest } from '@solvent-por/verifier';
import { identify } from './check-one';

const { manifest } = claimSnapshot(claimHeader(), 3, [{ digest: testKey('verifying key') }]);

test('of a key that was typed, id and access of the snapshot are made here, each under its own label', () => {
  const key = testKey('account');
  const digest = headerDigest(manifest.header);
  const typed = { text: ` ${toHex(key).toUpperCase()}`, identifiers: false };
  expect(identify({ manifest: canonicalJson(manifest), typed })).toMatchObject({
    kind: 'key',
    id: toHex(accountId(digest, key)),
    access: toHex(claimAccess(digest, key)),
  });
});
