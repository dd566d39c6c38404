import { claimNullifier, parseClaimFile } from '@solvent-por/claims';
import { SolventError } from '@solvent-por/kzg';
import { fetchVerifyingKey } from './claim-keys';
import type { ClaimMade, ClaimTasks } from './claims-protocol';
import { readSigned, requestOf, verified } from './make-claim';

/**
 * Looks at a claim that the server made, before anybody is shown it: that it holds, that it says what was asked
 * for and no more, and that it is the account's own. Nothing of it needs GPL code.
 *
 * @throws SolventError CLAIM_SELF_CHECK (kind internal), those of `verifyManifestTrust`, and of what can't be read
 */
export async function takeServedClaim({
  manifest: text,
  file: bytes,
  wanted,
  document,
  milliseconds,
  address,
  expected,
}: ClaimTasks['servedClaim']['give']): Promise<ClaimMade> {
  const manifest = readSigned(text, expected);
  const { claimKey } = parseClaimFile(bytes);
  const verifyingKey = await fetchVerifyingKey(manifest, address);
  const request = requestOf(wanted);
  const { claim, made } = verified(document, { ...request, manifest, verifyingKey }, expected);
  // One that shows more than was wanted would pass, and so would another account's.
  if (claim.threshold !== request.threshold || claim.nullifier !== claimNullifier(claimKey, request.scope))
    throw new SolventError(
      'CLAIM_SELF_CHECK',
      'internal',
      'the server made another claim than it was asked for',
    );
  return { ...made, milliseconds, byServer: true };
}
