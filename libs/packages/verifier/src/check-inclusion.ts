import { nobleVerifier, type KzgVerifier } from '@solvent-por/kzg';
import { verifyManifestTrust } from './chain';
import { readAccountKey, readOperatorKey } from './given-hex';
import { parseInclusion } from './inclusion';
import { verifyInclusion, type InclusionVerdict } from './inclusion-verifier';
import { joinFindings } from './findings';
import { layoutOf, type PublishedValue } from './layout';
import { parseManifest } from './manifest';
import type { Invalid } from './verdict';

/**
 * What the caller knows by other ways than the files. Both as people copy them: 64 hex digits; a member that
 * is there must be that.
 */
export interface InclusionKeys {
  /** The account key. It stays here. */
  readonly key?: string;
  /** The operator's key, as the exchange publishes it elsewhere. */
  readonly operator?: string;
}

/** One published value of an account: an amount of `amount` · 10^−scale units of its asset. */
export interface AccountValue extends Pick<PublishedValue, 'symbol' | 'side' | 'scale'> {
  readonly pool?: string;
  /** A decimal integer. */
  readonly amount: string;
}

export type CheckedInclusion =
  | Invalid
  | (Extract<InclusionVerdict, { valid: true }> & {
      readonly snapshot: string;
      readonly takenAt: string;
      readonly values: readonly AccountValue[];
    });

/**
 * Verifies one account's inclusion proof from the bytes of two files: the manifest's signature, that the
 * account is in its snapshot, and that the account's values are part of the published totals (sections 9 and
 * 10). That the totals hold for all accounts is what the global proof shows.
 *
 * @param manifest bytes of manifest.json
 * @param inclusion bytes of the account's proof
 * @param kzg pure JavaScript by default
 * @throws SolventError MANIFEST_MALFORMED, INCLUSION_MALFORMED, DOCUMENT_*, POINT_MALFORMED; of kind usage
 *   where a key is there but is none
 */
export function checkInclusion(
  manifest: Uint8Array,
  inclusion: Uint8Array,
  keys: InclusionKeys = {},
  kzg: KzgVerifier = nobleVerifier(),
): CheckedInclusion {
  const key = 'key' in keys ? { key: readAccountKey(keys.key).bytes } : {};
  const operator = 'operator' in keys ? { operator: readOperatorKey(keys.operator).bytes } : {};
  const trusted = parseManifest(manifest);
  const trust = verifyManifestTrust(trusted, { ...operator, now: new Date() });
  if (!trust.valid) return trust;
  const parsed = parseInclusion(inclusion);
  const verdict = verifyInclusion(parsed, { manifest: trusted, ...key }, kzg);
  if (!verdict.valid) return verdict;
  const { header } = trusted;
  const values = layoutOf(header).published.map(({ symbol, side, scale, pool }, i) => ({
    ...{ symbol, side, scale, amount: String(parsed.values[i]) },
    ...(pool !== undefined && { pool }),
  }));
  return {
    ...verdict,
    ...joinFindings(trust, verdict),
    snapshot: header.snapshot,
    takenAt: header.takenAt,
    values,
  };
}
