import { join } from 'node:path';
import { equalBytes, SolventError } from '@solvent-por/kzg';
import { originOf, type Origin } from '@solvent-por/snapshot/files';
import { INDEX_FILE } from './account-index';
import { BATCHES_FILE } from './batch-digests';
import { OUTPUT } from './files';
import { LEAVES_FILE } from './leaves-file';

const FILES = [INDEX_FILE, LEAVES_FILE, BATCHES_FILE];

/**
 * Where a manifest lies among files that all belong to another one, it is the manifest that is in the wrong
 * place, and not the first of them that is read.
 * @param origin of the manifest
 * @throws SolventError WITNESS_FILE_FOREIGN (invalid; details.file)
 */
export async function refuseForeignManifest(witness: string, origin: Origin): Promise<void> {
  const [first, ...rest] = await Promise.all(FILES.map((file) => originOf(join(witness, file))));
  if (!first || equalBytes(first.digest, origin.digest)) return;
  if (!rest.every((other) => other && equalBytes(other.digest, first.digest))) return;
  const named = ({ snapshot, takenAt }: Origin) => `snapshot ${snapshot} (taken at ${takenAt})`;
  throw new SolventError(
    'WITNESS_FILE_FOREIGN',
    'invalid',
    `${OUTPUT.manifest} of the witness belongs to ${named(origin)}, and ${FILES.join(', ')} beside it to another manifest, of ${named(first)}: put the published ${OUTPUT.manifest} of that one in its place, or give the right folder`,
    { file: OUTPUT.manifest },
  );
}
