import { claimFragment, encodeClaim, encodeClaimFile, type Claim } from '@solvent-por/claims';
import { madeClaims, PARTNER } from '@solvent-por/dev/proofs';
import { toHex } from '@solvent-por/kzg';
import { canonicalJson } from '@solvent-por/verifier';
import { takeServedClaim } from './served-claim';

const made = madeClaims();
const exact = made.claim('exactly');
const give = {
  manifest: canonicalJson(made.snapshot.manifest),
  file: encodeClaimFile(made.snapshot.claimFile(4)),
  wanted: {
    ...{ value: 0, threshold: exact.threshold.toString(), partner: 'lender.example' },
    ...{ purpose: 'loan 2026-12', challenge: toHex(PARTNER.challenge) },
  },
  ...{ address: 'https://host.example/claims/', milliseconds: 1234 },
};
const take = (claim: Claim, more: Partial<typeof give> = {}) =>
  takeServedClaim({ ...give, ...more, document: encodeClaim(claim) });

const fetched = globalThis.fetch;
const asked: string[] = [];
beforeEach(() => {
  asked.splice(0);
  globalThis.fetch = (address) => {
    asked.push(String(address));
    return Promise.resolve(new Response(Buffer.from(made.key)));
  };
});
afterEach(() => {
  globalThis.fetch = fetched;
});

test('a claim that the server made is shown once it was verified here; what proves is not fetched', async () => {
  expect(await take(exact)).toEqual({
    ...{ document: encodeClaim(exact), key: toHex(made.verifyingKey.digest), development: true },
    fragment: claimFragment(encodeClaim(exact)),
    ...{ contributions: made.verifyingKey.document.setUp.contributions.length, byServer: true },
    ...{ milliseconds: 1234, nullifier: expect.stringMatching(/^0x[0-9a-f]{64}$/) as string },
  });
  expect(asked).toEqual([
    `https://host.example/claims/${toHex(made.verifyingKey.digest)}/verifying-key.json`,
  ]);
});

const other = made.claim('another-account');
test.each<[string, () => Promise<unknown>]>([
  ['that does not hold', () => take({ ...exact, nullifier: exact.nullifier + 1n })],
  ['of another challenge', () => take(made.claim('another-challenge'))],
  ['of another purpose', () => take(made.claim('another-scope'))],
  [
    'of another account',
    () => take(other, { wanted: { ...give.wanted, threshold: other.threshold.toString() } }),
  ],
  ['that shows more than was wanted', () => take(exact, { wanted: { ...give.wanted, threshold: '1' } })],
])('a claim %s is not shown', async (_, taken) => {
  await expect(taken()).rejects.toMatchObject({ code: 'CLAIM_SELF_CHECK' });
});
