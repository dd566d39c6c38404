import {
  claimFragment,
  claimNullifier,
  claimScope,
  elementBytes,
  parseClaim,
  parseClaimFile,
  SHORT_BYTES,
  verifyClaim,
} from '@solvent-por/claims';
import { hexBytes, SolventError, toHex } from '@solvent-por/kzg';
import { expectedKey } from './check-one';
import { fetchVerifyingKey } from './claim-keys';
import type { ClaimMade, ClaimTasks } from './claims-protocol';
import { readSigned } from './make-claim';

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
  const claim = parseClaim(document);
  const verifyingKey = await fetchVerifyingKey(manifest, address);
  const request = {
    value: wanted.value,
    threshold: BigInt(wanted.threshold),
    scope: claimScope(wanted.partner, wanted.purpose),
    challenge: hexBytes(wanted.challenge, SHORT_BYTES),
  };
  const trusted = { ...request, manifest, verifyingKey, trust: expectedKey(expected) };
  const verdict = verifyClaim(claim, { ...trusted, allowDevelopment: true });
  if (!verdict.valid) throw new SolventError('CLAIM_SELF_CHECK', 'internal', verdict.reason);
  // One that shows more than was wanted would pass, and so would another account's.
  if (claim.threshold !== request.threshold || claim.nullifier !== claimNullifier(claimKey, request.scope))
    throw new SolventError(
      'CLAIM_SELF_CHECK',
      'internal',
      'the server made another claim than it was asked for',
    );
  return {
    document,
    fragment: claimFragment(document),
    nullifier: toHex(elementBytes(claim.nullifier)),
    key: toHex(verifyingKey.digest),
    development: verdict.developmentSetUp,
    contributions: verifyingKey.document.setUp.contributions.length,
    milliseconds,
    byServer: true,
  };
}
