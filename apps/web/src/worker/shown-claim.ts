import {
  claimScope,
  elementBytes,
  parseClaim,
  readClaimLink,
  SHORT_BYTES,
  verifyClaim,
  type Claim,
} from '@solvent-por/claims';
import { equalBytes, hexBytes, SolventError, toHex } from '@solvent-por/kzg';
import { layoutOf, manifestDigest, parseManifest, type Manifest } from '@solvent-por/verifier';
import { expectedKey, manifestOf } from './check-one';
import { fetchKey } from './claim-keys';
import type { AskedFor, ShownReport, ShownTasks } from './shown-protocol';

/**
 * Reads a claim that somebody shows, and finds its manifest.
 * @throws SolventError CLAIM_LINK_NONE | CLAIM_LINK_DAMAGED | CLAIM_MALFORMED | CLAIM_ELEMENT | DOCUMENT_* (malformed)
 */
export function readShown({ from, manifests }: ShownTasks['shown']['give']): ShownTasks['shown']['get'] {
  const document = 'link' in from ? readClaimLink(from.link) : from.file;
  const { manifest: digest } = parseClaim(document);
  const at = manifests.findIndex((text) => {
    const manifest = manifestOf(text);
    return manifest !== undefined && equalBytes(manifestDigest(manifest), digest);
  });
  return { document, at };
}

/**
 * Verifies a claim as a partner does. Without `asked` it is compared with the scope and challenge that it names
 * itself: whether it holds at all, for whomever it was made.
 *
 * @throws SolventError as `fetchKey`; CLAIM_POINT (malformed)
 */
export async function verifyShown({
  document,
  manifest: text,
  address,
  expected,
  asked,
}: ShownTasks['shownClaim']['give']): Promise<ShownReport> {
  const manifest = parseManifest(new TextEncoder().encode(text));
  const claim = parseClaim(document);
  const key = toHex(claim.key);
  const { snapshot, takenAt, operator } = manifest.header;
  const report = {
    ...{ snapshot, takenAt, operator, keyKnown: expected !== undefined },
    ...publishedValue(manifest, claim),
    threshold: claim.threshold.toString(),
    ...(asked && { asked }),
    nullifier: toHex(elementBytes(claim.nullifier)),
    claimRoot: manifest.claimRoot ?? '',
    ...{ scope: toHex(claim.scope), challenge: toHex(claim.challenge) },
    ...{ key, manifest: toHex(claim.manifest) },
  };
  if (!manifest.claimKeys?.includes(key))
    return { ...report, refused: { code: 'CLAIM_KEY', reason: 'the operator did not sign for its key' } };
  const verifyingKey = await fetchKey(key, address);
  const verdict = verifyClaim(claim, {
    ...{ manifest, verifyingKey, ...wantedOf(claim, asked) },
    // Of what was asked for, the amount is what people see.
    ...{ value: claim.value, threshold: claim.threshold },
    trust: { ...expectedKey(expected), now: new Date() },
    allowDevelopment: true,
  });
  const { kind, contributions } = verifyingKey.document.setUp;
  return {
    ...report,
    setUp: { development: kind === 'development', contributions: contributions.length },
    ...(!verdict.valid && { refused: { code: verdict.code, reason: verdict.reason } }),
  };
}

/** What the partner's own records say, or else the claim's own. */
function wantedOf(claim: Claim, asked: AskedFor | undefined): Pick<Claim, 'scope' | 'challenge'> {
  if (!asked) return { scope: claim.scope, challenge: claim.challenge };
  return {
    scope: claimScope(asked.partner, asked.purpose),
    challenge: hexBytes(asked.challenge, SHORT_BYTES),
  };
}

function publishedValue(
  { header }: Manifest,
  { value }: Claim,
): Pick<ShownReport, 'symbol' | 'side' | 'pool' | 'scale' | 'hasDebts'> {
  const { published } = layoutOf(header);
  const own = published[value];
  if (!own)
    throw new SolventError(
      'CLAIM_MALFORMED',
      'malformed',
      `the claim is about value ${value}; the snapshot publishes ${published.length}`,
    );
  const { symbol, side, pool, scale } = own;
  const hasDebts = published.some((one) => one.side === 'debt');
  return { symbol, side, scale, hasDebts, ...(pool !== undefined && { pool }) };
}
