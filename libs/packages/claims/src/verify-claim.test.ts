import { madeClaims } from '@solvent-por/dev/proofs';
import { verifyClaim, type TrustedClaim } from './verify-claim';

const { claim: made, verifyingKey, snapshot } = madeClaims();
const claim = made('nothing');
const { scope, challenge, value } = claim;
const trusted: TrustedClaim = {
  ...{ manifest: snapshot.manifest, verifyingKey, scope, challenge, value },
  ...{ threshold: 0n, allowDevelopment: true },
};

test('a claim of at least nothing holds where nothing was asked for', () => {
  expect(verifyClaim(claim, trusted)).toMatchObject({ valid: true, threshold: 0n });
});

test.each<[string, object]>([
  ['a threshold that was forgotten', { threshold: undefined }],
  ['a threshold that is no number', { threshold: NaN }],
  ['a threshold as a decimal', { threshold: '1000' }],
  ['a threshold below nothing', { threshold: -1n }],
  ['a threshold that no account can hold', { threshold: 1n << 67n }],
  ['a scope of 32 bytes', { scope: new Uint8Array(32) }],
  ['a challenge that was forgotten', { challenge: undefined }],
  ['a value that the snapshot lacks', { value: 2 }],
])('%s is no question: refused, and not taken for any claim', (_, change) => {
  expect(() => verifyClaim(claim, { ...trusted, ...change })).toThrow(
    expect.objectContaining({ code: 'CLAIM_TRUSTED', kind: 'usage' }),
  );
});
