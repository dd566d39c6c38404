import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { SolventError } from '@solvent-por/kzg';
import type { ProofRequested } from '@solvent-por/services/contracts';
import { sealContext, type WitnessKeyring } from '@solvent-por/services/database';
import { decodeBatches, maxEncodedBatches } from '@solvent-por/prover';
import type { AccountBatch, Layout } from '@solvent-por/verifier';

const unpack = promisify(gunzip);

/** How ingest cut the snapshot. */
export interface Cut {
  readonly batchCount: number;
  readonly batchesPerProof: number;
}

/**
 * The batches of a job's whole payload: unsealed, unpacked no further than the largest job of the layout,
 * read, and compared with the place that the message names.
 *
 * @throws SolventError WITNESS_KEY_UNKNOWN (usage), WITNESS_SEAL_BROKEN (invalid), JOB_PAYLOAD_DAMAGED |
 *   BATCHES_MALFORMED | JOB_MISPLACED (malformed)
 */
export async function openJob(
  message: Pick<ProofRequested, 'snapshotId' | 'attempt' | 'first' | 'batches' | 'keyId'>,
  payload: Uint8Array,
  { layout, cut }: { readonly layout: Layout; readonly cut: Cut },
  keyring: Pick<WitnessKeyring, 'open'>,
): Promise<AccountBatch[]> {
  const { snapshotId, attempt, first, keyId } = message;
  checkPlace(message, cut);
  const packed = keyring.open(payload, keyId, sealContext.job(snapshotId, attempt, first));
  let bytes: Uint8Array;
  try {
    bytes = await unpack(packed, { maxOutputLength: maxEncodedBatches(layout) });
  } catch {
    throw malformed('JOB_PAYLOAD_DAMAGED', first, 'cannot be unpacked');
  }
  const batches = decodeBatches(bytes, layout.inputs.length, layout.maxBatches);
  if (batches.length !== message.batches)
    throw malformed('JOB_MISPLACED', first, 'holds another number of batches than it says');
  return batches;
}

/** A job proved at another place than ingest cut would overlap others, and never fit between them. */
function checkPlace(
  { first, batches }: Pick<ProofRequested, 'first' | 'batches'>,
  { batchCount, batchesPerProof }: Cut,
): void {
  if (first % batchesPerProof !== 0 || batches !== Math.min(batchesPerProof, batchCount - first))
    throw malformed('JOB_MISPLACED', first, 'is not one that the snapshot was cut into');
}

function malformed(code: string, first: number, what: string): SolventError {
  return new SolventError(code, 'malformed', `the job from batch ${first} on ${what}`, { first });
}
