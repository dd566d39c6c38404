import { SolventError } from '@solvent/algebra';
import { parseOperatorKey, type Manifest, type ManifestTrust } from '@solvent/proof/verify';
import { readManifest } from './files';

/** What a verifier brought along, as options of the verify commands. */
export interface TrustOptions {
  readonly operator?: string;
  readonly previous?: readonly string[];
}

/**
 * @throws SolventError OPERATOR_KEY_MALFORMED; FILE_UNREADABLE, MANIFEST_MALFORMED, … for the earlier manifests
 */
export async function readTrust({ operator, previous = [] }: TrustOptions): Promise<ManifestTrust> {
  const known: Manifest[] = [];
  for (const file of previous) known.push((await readManifest(file)).manifest);
  return {
    ...(operator === undefined ? {} : { operator: operatorKey(operator) }),
    ...(known.length === 0 ? {} : { previous: known }),
  };
}

/** People paste keys in any case, and without 0x. */
function operatorKey(text: string): Uint8Array {
  const digits = /^(?:0x)?([0-9a-f]{64})$/i.exec(text)?.[1];
  if (digits === undefined)
    throw new SolventError(
      'OPERATOR_KEY_MALFORMED',
      'malformed',
      '--operator must be the Ed25519 public key that the operator publishes: 0x and 64 hex digits',
    );
  return parseOperatorKey(`0x${digits.toLowerCase()}`);
}
