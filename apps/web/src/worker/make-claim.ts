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
  const request = {
    value: wanted.value,
    threshold: BigInt(wanted.threshold),
    scope: claimScope(wanted.partner, wanted.purpose),
    challenge: hexBytes(wanted.challenge, SHORT_BYTES),
  };
  const { proveClaim } = await import('@solvent-por/claims/prove');
  // The page's policy lets no worker be made from text, so there are no threads.
  const claim = await proveClaim(
    file,
    request,
    { manifest, ...keys },
    { singleThread: true, onStep: (step) => progress({ step }) },
  );
  const document = encodeClaim(claim);
  const development = verified(parseClaim(document), request, manifest, verifyingKey, expected);
  return {
    document,
    fragment: claimFragment(document),
    nullifier: toHex(elementBytes(claim.nullifier)),
    key: toHex(verifyingKey.digest),
    development,
    contributions: verifyingKey.document.setUp.contributions.length,
    milliseconds: performance.now() - started,
  };
}

/** As a partner who allows development set-ups would. @returns whether it is one */
function verified(
  claim: Claim,
  request: Pick<Claim, 'value' | 'threshold' | 'scope' | 'challenge'>,
  manifest: Manifest,
  verifyingKey: VerifyingKey,
  expected: string | undefined,
): boolean {
  const trust = expectedKey(expected);
  const verdict = verifyClaim(claim, { ...request, manifest, verifyingKey, trust, allowDevelopment: true });
  if (!verdict.valid) throw new SolventError('CLAIM_SELF_CHECK', 'internal', verdict.reason);
  return verdict.developmentSetUp;
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
