import { hexBytes, SolventError } from '@solvent-por/kzg';
import type { ManifestClaims } from '../sign';
import type { FinalisedSnapshot } from '../snapshot-finaliser';

/**
 * What a manifest says of the claim tree: the root that its batches lead to, and the verifying keys that the
 * operator asked for.
 *
 * @param keys digests of verifying keys, 0x and 64 hex digits each; undefined where no claims were asked for
 * @throws SolventError CLAIMS_MISSING (invalid): some batch was proved without its part of the tree
 */
export function manifestClaims(
  { claims }: Pick<FinalisedSnapshot, 'claims'>,
  keys: readonly string[] | undefined,
): ManifestClaims | undefined {
  if (!keys) return undefined;
  if (!claims)
    throw new SolventError(
      'CLAIMS_MISSING',
      'invalid',
      'the snapshot is to have a claim tree, and some batch was stored without its part of it: request it again, with provers of this version',
    );
  return { root: claims.root, keys: keys.map((key) => hexBytes(key, 32)) };
}
