import { readOperatorKey, type Manifest, type ManifestTrust } from '@solvent-por/verifier';
import { tidiedOption, type Given } from './arguments';
import { readManifest } from './files';

/** What a verifier brought along, as options of the verify commands. */
export interface TrustOptions {
  readonly operator?: string;
  readonly previous?: readonly string[];
}

/**
 * @throws SolventError OPERATOR_KEY_MALFORMED; FILE_UNREADABLE, MANIFEST_MALFORMED, … for the earlier
 *   manifests
 */
export async function readTrust({ operator, previous = [] }: TrustOptions): Promise<Given<ManifestTrust>> {
  const known: Manifest[] = [];
  for (const file of previous) known.push((await readManifest(file)).manifest);
  const key = operator === undefined ? undefined : readOperatorKey(operator);
  return {
    value: { ...(key && { operator: key.bytes }), ...(known.length > 0 && { previous: known }) },
    tidied: tidiedOption('--operator', key?.tidied ?? []),
  };
}
