import { hexBytes, SolventError } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import { WorkerLineVerifier } from '@solvent-por/prover';
import type { SnapshotReads } from '@solvent-por/services/database';
import { verifyGlobalProof, type GlobalVerdict } from '@solvent-por/verifier';
import type { GlobalProofs } from '../global/global-proofs';
import type { PublishedManifests } from '../snapshots/published-manifests';

/** What a stored global proof is verified with. */
export interface StoredGlobalProofs {
  readonly proofs: Pick<GlobalProofs, 'open'>;
  readonly manifests: Pick<PublishedManifests, 'of'>;
  readonly reads: Pick<SnapshotReads, 'earlierManifests'>;
  /** The operator's key that it must be of, 0x and 64 hex digits; of anybody when left out. */
  readonly operator: string | undefined;
  /** Threads for its lines. */
  readonly workers: number;
}

/**
 * Verifies a global proof as it is stored, after the manifests before it.
 * @throws SolventError STORED_DATA_MISSING (internal); the signal's reason
 */
export async function verifyStoredProof(
  { proofs, manifests, reads, operator, workers }: StoredGlobalProofs,
  snapshotId: string,
  onProgress: (batches: number) => void,
  signal: AbortSignal,
): Promise<GlobalVerdict> {
  const opened = await proofs.open(snapshotId);
  if (!opened)
    throw new SolventError(
      'STORED_DATA_MISSING',
      'internal',
      `snapshot ${snapshotId} has no manifest any more`,
    );
  const { manifest } = manifests.of(opened.row);
  const earlier = await reads.earlierManifests(manifest.header.operator, manifest.header.takenAt);
  const lines = new WorkerLineVerifier(workers);
  try {
    return await verifyGlobalProof(until(signal, opened.file.read(undefined, 'as stored')), {
      kzg: nativeVerifier(),
      lines,
      now: new Date(),
      ...(operator && { operator: hexBytes(operator, 32) }),
      previous: earlier.map((row) => manifests.of(row).manifest),
      onProgress: ({ batches }) => onProgress(batches),
    });
  } finally {
    await lines.close();
  }
}

async function* until(signal: AbortSignal, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    signal.throwIfAborted();
    yield piece;
  }
}
