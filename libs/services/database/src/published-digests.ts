import { SolventError } from '@solvent-por/kzg';
import type { SnapshotRun } from '@solvent-por/services/contracts';
import { slices } from './bytes';
import type { Database } from './database';
import { sealContext, type WitnessKeyring } from './witness-keyring';

const DIGEST_BYTES = 32;

/** SHA-256 of what is published of a snapshot. */
export interface FileDigests {
  /** Of manifest.json. */
  readonly manifest: Uint8Array;
  /** Of each line of global-proof.ndjson after the first, in order, without LF. */
  readonly lines: readonly Uint8Array[];
}

/** What `publishSnapshot` stores of them. */
export interface SealedDigests {
  readonly keyId: string;
  readonly sealed: Uint8Array;
}

/**
 * Seals digests for the moment of publication: who may write to the database, and holds no witness key, cannot
 * change a file together with its digest.
 */
export function sealDigests(
  keyring: WitnessKeyring,
  { snapshotId, attempt }: SnapshotRun,
  { manifest, lines }: FileDigests,
): SealedDigests {
  return keyring.seal(Buffer.concat([manifest, ...lines]), sealContext.digests(snapshotId, attempt));
}

/** The digests that were kept when snapshots were published. */
export class PublishedDigests {
  constructor(
    private readonly db: Database,
    private readonly keyring: WitnessKeyring,
  ) {}

  /**
   * Of a published snapshot.
   * @throws SolventError PUBLISHED_DIGESTS_DAMAGED (internal): they are gone, changed, or under an unknown key
   */
  async of(snapshotId: string): Promise<FileDigests> {
    const { rows } = await this.db.pool.query<{ digests: Buffer; witness_key_id: string; attempt: number }>(
      `SELECT d.digests, d.witness_key_id, s.attempt FROM published_digests d JOIN snapshot s ON s.id = d.snapshot_id
       WHERE d.snapshot_id = $1 AND d.part = 0 AND s.state = 'PUBLISHED'`,
      [snapshotId],
    );
    const [row] = rows;
    if (!row) throw damaged(snapshotId, 'are gone');
    let plain: Uint8Array;
    try {
      const context = sealContext.digests(snapshotId, row.attempt);
      plain = this.keyring.open(row.digests, row.witness_key_id, context);
    } catch (error) {
      throw error instanceof SolventError ? damaged(snapshotId, `do not open (${error.code})`) : error;
    }
    const [manifest, ...lines] = slices(plain, DIGEST_BYTES);
    if (!manifest) throw damaged(snapshotId, 'are empty');
    return { manifest, lines };
  }
}

/** What is stored is not what was published: it is not served. */
export function alteredFile(snapshotId: string, what: string): SolventError<'PUBLISHED_FILE_ALTERED'> {
  return new SolventError(
    'PUBLISHED_FILE_ALTERED',
    'internal',
    `${what} of the snapshot ${snapshotId} is not what was published: it is not served; restore the row from a backup, and find out who changed it`,
    { snapshot: snapshotId },
  );
}

function damaged(snapshotId: string, how: string): SolventError {
  return new SolventError(
    'PUBLISHED_DIGESTS_DAMAGED',
    'internal',
    `the digests of the files of the snapshot ${snapshotId} ${how}: its files are not served; restore the row of published_digests from a backup`,
    { snapshot: snapshotId },
  );
}
