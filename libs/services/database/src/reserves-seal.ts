import { SolventError } from '@solvent-por/kzg';
import type { SnapshotRun } from '@solvent-por/services/contracts';
import { slices } from './bytes';
import type { SealedDigests } from './published-digests';
import { sealContext, type WitnessKeyring } from './witness-keyring';

const DIGEST_BYTES = 32;

/** SHA-256 of what is served of published reserves. */
export interface ReservesDigests {
  /** Of reserves.json. */
  readonly document: Uint8Array;
  /** Of the report. */
  readonly report: Uint8Array;
  /** Of each part, in order: of its content, and of the hashes of its listed lines. */
  readonly parts: ReadonlyArray<{ readonly content: Uint8Array; readonly lines: Uint8Array }>;
}

/**
 * Seals digests for the moment of publication, as those of a snapshot's files: whoever may write to the database
 * cannot change a file, the report or a listed line together with its digest.
 */
export function sealReserves(
  keyring: WitnessKeyring,
  { snapshotId, attempt }: SnapshotRun,
  { document, report, parts }: ReservesDigests,
): SealedDigests {
  const plain = Buffer.concat([document, report, ...parts.flatMap(({ content, lines }) => [content, lines])]);
  return keyring.seal(plain, sealContext.reserves(snapshotId, attempt));
}

/** @throws SolventError PUBLISHED_DIGESTS_DAMAGED (internal) */
export function openReserves(
  keyring: WitnessKeyring,
  { snapshotId, attempt }: SnapshotRun,
  { sealed, keyId }: SealedDigests,
): ReservesDigests {
  let plain: Uint8Array;
  try {
    plain = keyring.open(sealed, keyId, sealContext.reserves(snapshotId, attempt));
  } catch (error) {
    throw error instanceof SolventError ? damaged(snapshotId, error.code) : error;
  }
  const [document, report, ...rest] = slices(plain, DIGEST_BYTES);
  if (!document || !report || rest.length % 2 !== 0) throw damaged(snapshotId, 'their number');
  const parts = Array.from({ length: rest.length / 2 }, (_, i) => ({
    content: rest[2 * i]!,
    lines: rest[2 * i + 1]!,
  }));
  return { document, report, parts };
}

function damaged(snapshotId: string, how: string): SolventError {
  return new SolventError(
    'PUBLISHED_DIGESTS_DAMAGED',
    'internal',
    `the digests of the published reserves of ${snapshotId} do not open (${how}): they are not served; restore the row of reserves from a backup`,
    { snapshot: snapshotId },
  );
}
