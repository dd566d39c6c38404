import { SolventError } from '@solvent-por/kzg';
import { parseManifest, type Manifest } from '@solvent-por/verifier';
import { about } from '../files';

/**
 * The manifest that a service sent for a snapshot.
 * @throws SolventError MANIFEST_MALFORMED, …; ANSWER_MISMATCH (kind invalid): it is of another snapshot
 */
export function refuseOtherManifest(bytes: Uint8Array, snapshot: string): Manifest {
  const parsed = about('the manifest that the service sent', () => parseManifest(bytes));
  if (parsed.header.snapshot === snapshot) return parsed;
  throw new SolventError(
    'ANSWER_MISMATCH',
    'invalid',
    `the service sent the manifest of another snapshot, ${parsed.header.snapshot} (${parsed.header.takenAt}) in place of ${snapshot}: nothing is written`,
  );
}
