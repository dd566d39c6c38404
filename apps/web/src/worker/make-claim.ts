import {
  checkClaimFile,
  claimFragment,
  claimScope,
  elementBytes,
  encodeClaim,
  parseClaim,
  parseClaimFile,
  SHORT_BYTES,
  verifyClaim,
  type Claim,
  type ClaimFile,
  type VerifyingKey,
} from '@solvent-por/claims';
import { hexBytes, SolventError, toHex } from '@solvent-por/kzg';
import { layoutOf, parseManifest, verifyManifestTrust, type Manifest } from '@solvent-por/verifier';
import { expectedKey } from './check-one';
import { fetchProvingKeys, fetchVerifyingKey } from './claim-keys';
import type { ClaimableValue, ClaimMade, ClaimProgress, ClaimTasks, ClaimWanted } from './claims-protocol';

type ClaimRequest = Pick<Claim, 'value' | 'threshold' | 'scope' | 'challenge'>;

/**
 * What an account can claim, from its claim file.
 * @throws SolventError CLAIM_FILE_FOREIGN | CLAIM_FILE_OTHER (kind invalid), those of `verifyManifestTrust`, and of
 *   what can't be read (malformed)
 */
export function openClaimFile({
  manifest: text,
  file: bytes,
  id,
  expected,
}: ClaimTasks['claimFile']['give']): readonly ClaimableValue[] {
  const manifest = readSigned(text, expected);
  const file = parseClaimFile(bytes);
  checkClaimFile(file, manifest);
  if (toHex(file.id) !== id)
    throw new SolventError('CLAIM_FILE_OTHER', 'invalid', 'the claim file is of another account');
  return layoutOf(manifest.header).published.map(({ symbol, side, pool, scale }, v) => ({
    ...{ symbol, side, scale },
    ...(pool !== undefined && { pool }),
    units: file.values[v]!.toString(),
  }));
}

/**
 * Makes a claim. What proves is GPL code, and loaded when it is reached; what verifies is not, and has the last
 * word.
 */
export async function makeClaim(
  { manifest: text, file: bytes, wanted, address, expected }: ClaimTasks['claim']['give'],
  progress: (progress: ClaimProgress) => void,
): Promise<ClaimMade> {
  const manifest = readSigned(text, expected);
  const file = parseClaimFile(bytes);
  refuseMore(file, wanted);
  progress({ step: 'keys' });
  const verifyingKey = await fetchVerifyingKey(manifest, address);
  const keys = await fetchProvingKeys(verifyingKey, address, progress);
  const started = performance.now();
  const request = requestOf(wanted);
  const { proveClaim } = await import('@solvent-por/claims/prove');
  // The page's policy lets no worker be made from text, so there are no threads.
  const claim = await proveClaim(
    file,
    request,
    { manifest, ...keys },
    { singleThread: true, onStep: (step) => progress({ step }) },
  );
  const document = encodeClaim(claim);
  const { made } = verified(document, { ...request, manifest, verifyingKey }, expected);
  return { ...made, milliseconds: performance.now() - started };
}

/** What a claim says and is compared with: all of it the partner's own words. */
export function requestOf({ value, threshold, partner, purpose, challenge }: ClaimWanted): ClaimRequest {
  return {
    ...{ value, threshold: BigInt(threshold), scope: claimScope(partner, purpose) },
    challenge: hexBytes(challenge, SHORT_BYTES),
  };
}

/**
 * Verifies a claim as a partner does who allows development set-ups, before anybody is shown it.
 * @throws SolventError CLAIM_SELF_CHECK (internal)
 */
export function verified(
  document: Uint8Array,
  trusted: ClaimRequest & { readonly manifest: Manifest; readonly verifyingKey: VerifyingKey },
  expected: string | undefined,
): { readonly claim: Claim; readonly made: Omit<ClaimMade, 'milliseconds'> } {
  const claim = parseClaim(document);
  const verdict = verifyClaim(claim, { ...trusted, trust: expectedKey(expected), allowDevelopment: true });
  if (!verdict.valid) throw new SolventError('CLAIM_SELF_CHECK', 'internal', verdict.reason);
  const { digest, document: key } = trusted.verifyingKey;
  const made = {
    ...{ document, fragment: claimFragment(document) },
    nullifier: toHex(elementBytes(claim.nullifier)),
    ...{ key: toHex(digest), development: verdict.developmentSetUp },
    contributions: key.setUp.contributions.length,
  };
  return { claim, made };
}

/** Before anything large is fetched. */
function refuseMore({ values }: ClaimFile, { value, threshold }: ClaimWanted): void {
  const held = values[value];
  if (held === undefined || held < BigInt(threshold))
    throw new SolventError('CLAIM_BELOW', 'invalid', 'the account holds less than what is to be shown');
}

/** A manifest that is not the operator's is no ground for a claim. */
export function readSigned(text: string, expected: string | undefined): Manifest {
  const manifest = parseManifest(new TextEncoder().encode(text));
  const trust = verifyManifestTrust(manifest, expectedKey(expected));
  if (!trust.valid) throw new SolventError(trust.code, 'invalid', trust.reason);
  return manifest;
}
