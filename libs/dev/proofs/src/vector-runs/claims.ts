import {
  claimFragment,
  parseClaim,
  parseVerifyingKey,
  readClaimLink,
  verifyClaim,
} from '@solvent-por/claims';
import { hexBytes, toHex, utf8 } from '@solvent-por/kzg';
import { claimAccess, claimMark, parseManifest } from '@solvent-por/verifier';
import type { AccessVectorInput } from '../claims/access-vectors';
import type { ClaimVectorInput } from '../claims/claim-vectors';
import type { LinkVectorInput } from '../claims/link-vectors';

/** What an owner's claim file is handed out for. */
export function runClaimAccess({ headerDigest, key }: AccessVectorInput): object {
  const access = claimAccess(hexBytes(headerDigest, 32), hexBytes(key, 32));
  return { access: toHex(access), mark: toHex(claimMark(access)) };
}

/** The claim in a link, and the fragment that is made of it. */
export function runClaimLink({ link }: LinkVectorInput): object {
  const document = readClaimLink(link);
  return { claim: new TextDecoder().decode(document), fragment: claimFragment(document) };
}

/** A claim, as a partner takes it. */
export function runClaims(input: ClaimVectorInput): object {
  const verdict = verifyClaim(parseClaim(utf8(input.claim)), {
    manifest: parseManifest(utf8(input.manifest)),
    verifyingKey: parseVerifyingKey(utf8(input.key)),
    scope: hexBytes(input.scope, 31),
    challenge: hexBytes(input.challenge, 31),
    value: input.value,
    threshold: BigInt(input.threshold),
    trust: input.operator === undefined ? {} : { operator: hexBytes(input.operator, 32) },
    allowDevelopment: input.allowDevelopment,
  });
  if (!verdict.valid) return { valid: false, code: verdict.code };
  const { valid, claimRoot, nullifier, threshold, developmentSetUp } = verdict;
  return { valid, claimRoot, nullifier, threshold: threshold.toString(), developmentSetUp };
}
