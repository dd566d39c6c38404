import {
  BN254_R,
  claimScope,
  encodeClaim,
  POWERS_OF_TAU,
  type Claim,
  type VerifyingKeyDocument,
} from '@solvent-por/claims';
import { concat, hexBytes, toBytes, toHex } from '@solvent-por/kzg';
import { signManifest } from '@solvent-por/prover';
import { canonicalJson, manifestDigest, type Manifest, type UnsignedManifest } from '@solvent-por/verifier';
import { sha256 } from '@noble/hashes/sha2.js';
import { TEST_KEYS, testKey } from '../snapshots';
import type { Vector, VectorKind } from '../vectors';
import { badG1, badG2, halved, negatedG1, negatedG2, G1, G2 } from './bad-points';
import { madeClaims, PARTNER } from './claim-proofs';

/** Input of a `claims` vector (section 13): documents as text, and what the partner compares with. */
export interface ClaimVectorInput {
  readonly manifest: string;
  readonly key: string;
  readonly claim: string;
  readonly scope: string;
  readonly challenge: string;
  readonly value: number;
  readonly threshold: string;
  readonly operator?: string;
  readonly allowDevelopment: boolean;
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytesOf = (document: string) => new TextEncoder().encode(document);

/** Every claim that must be taken, found false or refused, with the development key of the tests. */
export function claimVectors(): Vector[] {
  const { snapshot, key, claim: made } = madeClaims();
  const { manifest } = snapshot;
  const exact = made('exactly');
  const document = text(key);
  const vector = (kind: VectorKind, name: string, expected: unknown, change: Change = {}): Vector => ({
    ...{ kind, name, expected },
    input: {
      manifest: canonicalJson(change.manifest ?? manifest),
      key: change.key ?? document,
      claim: change.text ?? text(encodeClaim({ ...exact, ...change.claim })),
      scope: toHex(PARTNER.scope),
      challenge: toHex(PARTNER.challenge),
      value: change.claim?.value ?? exact.value,
      threshold: (change.claim?.threshold ?? exact.threshold).toString(),
      allowDevelopment: true,
      ...change.trusted,
    } satisfies ClaimVectorInput,
  });
  const taken = (name: string, claim: Claim, trusted: Change['trusted'] = {}) =>
    vector(
      'correct',
      name,
      {
        valid: true,
        claimRoot: manifest.claimRoot,
        nullifier: toHex(toBytes(claim.nullifier)),
        threshold: claim.threshold.toString(),
        developmentSetUp: true,
      },
      { claim, trusted },
    );
  const refused = (name: string, code: string, change: Change) =>
    vector('incorrect', name, { valid: false, code }, change);
  const malformed = (name: string, code: string, change: Change) =>
    vector('malformed', name, { code }, change);
  const resigned = (change: Partial<UnsignedManifest>): Change => {
    const { signature: _, ...unsigned } = manifest;
    const other = signManifest({ ...unsigned, ...change }, TEST_KEYS.signing);
    return { manifest: other, claim: { manifest: manifestDigest(other) } };
  };
  const proofWith = (part: 'a' | 'b' | 'c', point: Uint8Array): Change => ({
    claim: {
      proof: concat(
        part === 'a' ? point : exact.proof.slice(...G1.a),
        part === 'b' ? point : exact.proof.slice(...G2),
        part === 'c' ? point : exact.proof.slice(...G1.c),
      ),
    },
  });
  const [a, b, c] = [exact.proof.slice(...G1.a), exact.proof.slice(...G2), exact.proof.slice(...G1.c)];
  const keyWith = (change: Partial<VerifyingKeyDocument>): Change => {
    const other = canonicalJson({ ...(JSON.parse(document) as object), ...change });
    const digest = sha256(bytesOf(other));
    const named = resigned({ claimKeys: [toHex(digest)] });
    return { ...named, key: other, claim: { ...named.claim, key: digest } };
  };
  const parsed = JSON.parse(document) as VerifyingKeyDocument;
  const { hash } = parsed.setUp.contributions[0]!;
  /** All that a ceremony's document says, above the points of the development key. */
  const renamed = { kind: 'ceremony', powersOfTau: POWERS_OF_TAU[13]! } as const;
  const json = JSON.parse(text(encodeClaim(exact))) as Record<string, unknown>;
  const textWith = (change: object): Change => ({ text: canonicalJson({ ...json, ...change }) });

  return [
    taken('exactly-the-balance', exact),
    taken('at-least-nothing', made('nothing')),
    taken('of-the-debt', made('debt')),
    taken('less-was-asked', exact, { threshold: '1' }),
    taken('of-the-expected-operator', exact, { operator: manifest.header.operator }),
    // Whoever sees a proof can make another of the same statement: it is bound to the challenge all the same.
    taken('the-same-proof-in-other-points', { ...exact, proof: concat(...halved(a, b), c) }),

    refused('development-set-up-not-allowed', 'CLAIM_DEVELOPMENT', { trusted: { allowDevelopment: false } }),
    refused('threshold-raised-by-one', 'CLAIM_PROOF', { claim: { threshold: exact.threshold + 1n } }),
    refused('threshold-lowered-by-one', 'CLAIM_PROOF', { claim: { threshold: exact.threshold - 1n } }),
    refused('another-value', 'CLAIM_PROOF', { claim: { value: 1 } }),
    refused('made-for-another-scope', 'CLAIM_PROOF', {
      claim: { ...made('another-scope'), scope: PARTNER.scope },
    }),
    refused('made-for-another-challenge', 'CLAIM_PROOF', {
      claim: { ...made('another-challenge'), challenge: PARTNER.challenge },
    }),
    refused('nullifier-of-another-scope', 'CLAIM_PROOF', {
      claim: { nullifier: made('another-scope').nullifier },
    }),
    refused('nullifier-of-another-account', 'CLAIM_PROOF', {
      claim: { nullifier: made('another-account').nullifier },
    }),
    refused('proof-of-another-account', 'CLAIM_PROOF', { claim: { proof: made('another-account').proof } }),
    refused('another-tree', 'CLAIM_PROOF', resigned({ claimRoot: `0x${'07'.repeat(32)}` })),
    refused('tree-of-nothing', 'CLAIM_PROOF', resigned({ claimRoot: `0x${'00'.repeat(32)}` })),
    refused('a-negated', 'CLAIM_PROOF', proofWith('a', negatedG1(a))),
    refused('b-negated', 'CLAIM_PROOF', proofWith('b', negatedG2(b))),
    refused('c-negated', 'CLAIM_PROOF', proofWith('c', negatedG1(c))),
    refused('c-is-a', 'CLAIM_PROOF', proofWith('c', a)),
    refused('more-was-asked', 'CLAIM_THRESHOLD', {
      trusted: { threshold: (exact.threshold + 1n).toString() },
    }),
    refused('another-value-was-asked', 'CLAIM_VALUE', { trusted: { value: 1 } }),
    refused('another-scope-was-asked', 'CLAIM_SCOPE', {
      trusted: { scope: toHex(claimScope('lender.example', 'other')) },
    }),
    refused('another-challenge-was-asked', 'CLAIM_CHALLENGE', {
      trusted: { challenge: `0x${'00'.repeat(31)}` },
    }),
    refused('about-another-manifest', 'CLAIM_MANIFEST', { claim: { manifest: new Uint8Array(32) } }),
    refused('manifest-without-a-claim-tree', 'CLAIM_NONE', resigned({ claimRoot: null, claimKeys: null })),
    refused('key-not-named-by-the-manifest', 'CLAIM_KEY', resigned({ claimKeys: [`0x${'07'.repeat(32)}`] })),
    refused('made-with-another-key', 'CLAIM_KEY', { claim: { key: new Uint8Array(32) } }),
    refused('key-for-more-values', 'CLAIM_KEY', keyWith({ values: 3 })),
    refused(
      'key-of-another-set-up',
      'CLAIM_PROOF',
      keyWith({ delta: toHex(negatedG2(hexBytes(parsed.delta, 128))) }),
    ),
    refused('manifest-not-signed', 'SIGNATURE_INVALID', {
      manifest: { ...manifest, signature: `0x${'00'.repeat(64)}` },
    }),
    refused('another-operator-was-expected', 'OPERATOR_UNEXPECTED', {
      trusted: { operator: toHex(testKey('another')) },
    }),

    ...(['a', 'c'] as const).flatMap((part) =>
      Object.entries(badG1(part === 'a' ? a : c)).map(([name, point]) =>
        malformed(`${part}-${name}`, 'CLAIM_POINT', proofWith(part, point)),
      ),
    ),
    ...Object.entries(badG2(b)).map(([name, point]) =>
      malformed(`b-${name}`, 'CLAIM_POINT', proofWith('b', point)),
    ),
    malformed('nullifier-plus-the-order', 'CLAIM_ELEMENT', {
      claim: { nullifier: exact.nullifier + BN254_R },
    }),
    malformed('nullifier-is-the-order', 'CLAIM_ELEMENT', { claim: { nullifier: BN254_R } }),
    malformed('nullifier-missing', 'CLAIM_MALFORMED', textWithout(json, 'nullifier')),
    malformed('challenge-missing', 'CLAIM_MALFORMED', textWithout(json, 'challenge')),
    malformed('proof-missing', 'CLAIM_MALFORMED', textWithout(json, 'proof')),
    malformed('nullifier-short', 'CLAIM_MALFORMED', textWith({ nullifier: '0x00' })),
    malformed('threshold-2-to-the-67', 'CLAIM_MALFORMED', textWith({ threshold: (1n << 67n).toString() })),
    malformed(
      'threshold-plus-the-order',
      'CLAIM_MALFORMED',
      textWith({ threshold: (5n + BN254_R).toString() }),
    ),
    malformed('threshold-negative', 'CLAIM_MALFORMED', textWith({ threshold: '-1' })),
    malformed('threshold-as-number', 'CLAIM_MALFORMED', textWith({ threshold: 1 })),
    malformed('value-negative', 'CLAIM_MALFORMED', textWith({ value: -1 })),
    malformed('value-1024', 'CLAIM_MALFORMED', textWith({ value: 1024 })),
    malformed('scope-of-32-bytes', 'CLAIM_MALFORMED', textWith({ scope: `0x${'00'.repeat(32)}` })),
    malformed('proof-short', 'CLAIM_MALFORMED', textWith({ proof: toHex(exact.proof.slice(1)) })),
    malformed('unknown-member', 'CLAIM_MALFORMED', textWith({ holds: true })),
    malformed('another-protocol', 'CLAIM_MALFORMED', textWith({ protocol: 'solvent/v2' })),
    malformed('final-line-break', 'DOCUMENT_NOT_CANONICAL', { text: `${canonicalJson(json)}\n` }),
    malformed('longer-than-4096-bytes', 'DOCUMENT_TOO_LARGE', { text: `"${'0'.repeat(4096)}"` }),
    malformed('empty', 'DOCUMENT_MALFORMED', { text: '' }),

    malformed('key-gamma-is-delta', 'CLAIM_KEY_MALFORMED', keyWith({ delta: parsed.gamma })),
    malformed(
      'key-without-contributions',
      'CLAIM_KEY_MALFORMED',
      keyWith({ setUp: { ...parsed.setUp, contributions: [] } }),
    ),
    malformed(
      'key-calls-itself-a-ceremony',
      'CLAIM_KEY_MALFORMED',
      keyWith({ setUp: { ...parsed.setUp, kind: 'ceremony' } }),
    ),
    malformed(
      'key-delta-is-gamma-negated',
      'CLAIM_KEY_MALFORMED',
      keyWith({ delta: toHex(negatedG2(hexBytes(parsed.gamma, 128))) }),
    ),
    malformed(
      'development-key-renamed-to-a-ceremony',
      'CLAIM_KEY_MALFORMED',
      keyWith({ setUp: { ...renamed, contributions: [{ name: 'Ada', hash }] } }),
    ),
    malformed(
      'key-that-lists-a-contribution-twice',
      'CLAIM_KEY_MALFORMED',
      keyWith({
        setUp: {
          ...parsed.setUp,
          contributions: ['Ada', 'Bob'].map((name) => ({ name, hash })),
        },
      }),
    ),
    malformed(
      'key-with-a-contribution-after-the-beacon',
      'CLAIM_KEY_MALFORMED',
      keyWith({
        setUp: {
          ...parsed.setUp,
          contributions: [...parsed.setUp.contributions, { name: 'Ada', hash: `0x${'07'.repeat(64)}` }],
        },
      }),
    ),
    malformed(
      'key-in-which-two-signals-can-be-exchanged',
      'CLAIM_KEY_MALFORMED',
      keyWith({
        ic: parsed.ic.map((point, i) => (i === 5 ? toHex(negatedG1(hexBytes(parsed.ic[3]!, 64))) : point)),
      }),
    ),
    malformed('key-with-a-signal-less', 'CLAIM_KEY_MALFORMED', keyWith({ ic: parsed.ic.slice(1) })),
    malformed(
      'key-with-a-signal-more',
      'CLAIM_KEY_MALFORMED',
      keyWith({ ic: [...parsed.ic, parsed.ic[0]!] }),
    ),
    malformed(
      'key-in-which-the-challenge-has-no-weight',
      'CLAIM_POINT',
      keyWith({ ic: parsed.ic.map((point, i) => (i === 5 ? `0x${'00'.repeat(64)}` : point)) }),
    ),
    malformed(
      'key-with-delta-off-the-subgroup',
      'CLAIM_POINT',
      keyWith({ delta: toHex(badG2(b)['not-in-the-subgroup']!) }),
    ),
    malformed(
      'key-with-alpha-off-the-curve',
      'CLAIM_POINT',
      keyWith({ alpha: toHex(badG1(a)['not-on-the-curve']!) }),
    ),
  ];
}

interface Change {
  readonly manifest?: Manifest;
  readonly key?: string;
  readonly claim?: Partial<Claim>;
  /** In place of the claim. */
  readonly text?: string;
  readonly trusted?: Partial<ClaimVectorInput>;
}

function textWithout(json: Readonly<Record<string, unknown>>, member: string): Change {
  const { [member]: _, ...rest } = json;
  return { text: canonicalJson(rest) };
}
