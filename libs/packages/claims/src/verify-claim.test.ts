import { madeClaims } from '@solvent-por/dev/proofs';
import { toBytes, toHex } from '@solvent-por/kzg';
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
  ['a scope as text', { scope: 'x'.repeat(31) }],
  ['a challenge of 30 bytes', { challenge: challenge.slice(1) }],
  ['a value that the snapshot lacks', { value: 2 }],
  ['a value below the first', { value: -1 }],
  ['half a value', { value: 0.5 }],
  ['a value as text', { value: '0' }],
])('%s is no question: refused, and not taken for any claim', (_, change) => {
  expect(() => verifyClaim(claim, { ...trusted, ...change })).toThrow(
    expect.objectContaining({ code: 'CLAIM_TRUSTED', kind: 'usage' }),
  );
});

test('a value that there is not is refused with those there are', () => {
  expect(() => verifyClaim(claim, { ...trusted, value: 2 })).toThrow('values 0 to 1');
});

test('more than is shown, up to the most that an account can hold, is a question', () => {
  expect(verifyClaim(claim, { ...trusted, threshold: (1n << 67n) - 1n })).toMatchObject({
    ...{ valid: false, code: 'CLAIM_THRESHOLD' },
  });
});

test('a set-up that nobody allowed to be one of development is refused, whatever stands for yes', () => {
  for (const allowDevelopment of [undefined, false, 'yes', 1])
    expect(verifyClaim(claim, { ...trusted, allowDevelopment } as TrustedClaim)).toMatchObject({
      ...{ valid: false, code: 'CLAIM_DEVELOPMENT' },
    });
});

test('without the root of a claim tree, or without its keys, there are no claims', () => {
  for (const none of [{ claimRoot: null }, { claimKeys: null }]) {
    const manifest = { ...snapshot.manifest, ...none } as TrustedClaim['manifest'];
    expect(verifyClaim(claim, { ...trusted, manifest, trust: {} }).valid).toBe(false);
  }
});

test('the verdict says what was found, and what nobody looked at', () => {
  const findingsOf = (key: typeof verifyingKey) => {
    const verdict = verifyClaim(claim, { ...trusted, verifyingKey: key });
    if (!verdict.valid) throw new Error(verdict.reason);
    return verdict;
  };
  const development = findingsOf(verifyingKey);
  const { manifest } = snapshot;
  expect(development).toMatchObject({ claimRoot: manifest.claimRoot, developmentSetUp: true });
  expect(development.nullifier).toBe(toHex(toBytes(claim.nullifier)));
  expect(development.checked[0]).toMatchObject({ code: 'CLAIM_HOLDS' });
  expect(development.notChecked.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['CLAIM_SET_UP', 'CLAIM_TREE', 'CLAIM_ONCE']),
  );
  const { symbol } = manifest.header.assets[0]!;
  expect(development.checked[0]!.message).toContain(`at least 0 smallest units of ${symbol}, equity`);
  expect(JSON.stringify(development.notChecked)).toContain('development set-up');
  const { document } = verifyingKey;
  const ceremony = { ...document, setUp: { ...document.setUp, kind: 'ceremony' as const } };
  const relied = findingsOf({ ...verifyingKey, document: ceremony });
  expect(relied.developmentSetUp).toBe(false);
  expect(relied.notChecked.find(({ code }) => code === 'CLAIM_SET_UP')).toMatchObject({
    compared: { contributions: document.setUp.contributions.length },
  });
  expect(relied.notChecked.find(({ code }) => code === 'CLAIM_ONCE')).toMatchObject({
    compared: { nullifier: relied.nullifier },
  });
});
