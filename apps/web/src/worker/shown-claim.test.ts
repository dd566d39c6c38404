import { claimFragment, encodeClaim, type Claim } from '@solvent-por/claims';
import { loadVectors, madeClaims } from '@solvent-por/dev/proofs';
import { toHex } from '@solvent-por/kzg';
import { canonicalJson } from '@solvent-por/verifier';
import { readFragment } from '../check/fragment';
import { readShown, verifyShown } from './shown-claim';

/** What a partner's browser says of a claim, with claims that were made before. */
const { snapshot, key, claim: made } = madeClaims();
const manifest = canonicalJson(snapshot.manifest);
const { operator } = snapshot.manifest.header;
const address = 'https://host.example/claims/';
const exactly = made('exactly');
const asked = {
  ...{ partner: 'lender.example', purpose: 'loan 2026-12' },
  challenge: toHex(exactly.challenge),
};
const fetched = globalThis.fetch;
let requests: string[];

beforeEach(() => {
  requests = [];
  globalThis.fetch = (where) => {
    requests.push(String(where));
    return Promise.resolve(new Response(key.slice()));
  };
});
afterEach(() => {
  globalThis.fetch = fetched;
});

const verify = (claim: Claim, more: object = {}) =>
  verifyShown({ document: encodeClaim(claim), manifest, address, expected: operator, ...more });
const refusalOf = async (claim: Claim, more: object = {}) => (await verify(claim, more)).refused?.code;

test('a link or a file is read, and its manifest found among those published', () => {
  const document = encodeClaim(exactly);
  const link = `https://host.example/#${claimFragment(document)}`;
  const other = canonicalJson({ ...snapshot.manifest, batchCount: snapshot.manifest.batchCount + 1 });
  expect(readShown({ from: { link }, manifests: ['{}', other, manifest] })).toEqual({ document, at: 2 });
  expect(readShown({ from: { file: document }, manifests: [other] })).toEqual({ document, at: -1 });
  expect(() => readShown({ from: { link: link.slice(0, -3) }, manifests: [] })).toThrow(
    expect.objectContaining({ kind: 'malformed' }) as Error,
  );
});

test('every vector of links, as the page is given it: the fragment behind the address', () => {
  for (const { name, kind, input, expected } of loadVectors('claim-link')) {
    const { link } = input as { link: string };
    const at = link.indexOf('#');
    const { shown } = readFragment(at < 0 ? '' : link.slice(at));
    const { code, claim } = expected as { code?: string; claim?: string };
    // No claim in it: another screen's.
    if (shown === undefined) expect([name, code]).toEqual([name, 'CLAIM_LINK_NONE']);
    else if (kind === 'correct')
      expect([
        name,
        Buffer.from(readShown({ from: { link: shown }, manifests: [] }).document).toString(),
      ]).toEqual([name, claim]);
    else
      expect(() => readShown({ from: { link: shown }, manifests: [] })).toThrow(
        expect.objectContaining({ code }) as Error,
      );
  }
});

test('compared with what it says itself, it holds for nobody in particular, and that is reported', async () => {
  const report = await verify(exactly);
  expect(report).toMatchObject({
    ...{ keyKnown: true, side: 'equity', threshold: exactly.threshold.toString(), hasDebts: true },
    ...{ setUp: { development: true }, scope: toHex(exactly.scope), claimRoot: snapshot.manifest.claimRoot },
  });
  expect([report.asked, report.refused]).toEqual([undefined, undefined]);
  expect(requests).toEqual([`${address}${toHex(exactly.key)}/verifying-key.json`]);
  expect(await verify(exactly, { expected: undefined })).toMatchObject({ keyKnown: false });
});

test('a partner’s own records are compared, and what is another’s is refused', async () => {
  expect(await verify(exactly, { asked })).toMatchObject({ asked });
  expect(await refusalOf(exactly, { asked })).toBeUndefined();
  const with_ = (change: object) => ({ asked: { ...asked, ...change } });
  expect(await refusalOf(exactly, with_({ partner: 'lender.exampl' }))).toBe('CLAIM_SCOPE');
  expect(await refusalOf(exactly, with_({ purpose: 'loan 2026-11' }))).toBe('CLAIM_SCOPE');
  expect(await refusalOf(exactly, with_({ challenge: `0x${'00'.repeat(31)}` }))).toBe('CLAIM_CHALLENGE');
  // Made for the same partner, and shown a second time for a new challenge.
  expect(await refusalOf(made('another-challenge'), { asked })).toBe('CLAIM_CHALLENGE');
  expect(await refusalOf(made('another-scope'), { asked })).toBe('CLAIM_SCOPE');
});

test('a claim that was changed to answer the partner holds no more', async () => {
  const { scope, challenge } = exactly;
  expect(await refusalOf({ ...made('another-challenge'), challenge }, { asked })).toBe('CLAIM_PROOF');
  expect(await refusalOf({ ...made('another-scope'), scope }, { asked })).toBe('CLAIM_PROOF');
  expect(await refusalOf({ ...exactly, threshold: exactly.threshold + 1n })).toBe('CLAIM_PROOF');
  expect(await refusalOf({ ...exactly, nullifier: exactly.nullifier + 1n })).toBe('CLAIM_PROOF');
});

test('another operator’s manifest, and a key that the operator did not sign for, are refused', async () => {
  expect(await refusalOf(exactly, { expected: `0x${'11'.repeat(32)}` })).toBe('OPERATOR_UNEXPECTED');
  requests.length = 0;
  expect(await refusalOf({ ...exactly, key: new Uint8Array(32) })).toBe('CLAIM_KEY');
  expect(requests).toEqual([]);
  globalThis.fetch = () => Promise.resolve(new Response('{}'));
  await expect(verify(exactly)).rejects.toMatchObject({ kind: 'malformed' });
});

test('a claim about a value that the snapshot does not publish cannot be read', async () => {
  await expect(verify({ ...exactly, value: 2 })).rejects.toMatchObject({ code: 'CLAIM_MALFORMED' });
});
