import { concat, equalBytes, SolventError, toHex } from '@solvent-por/kzg';
import { parseHeader, type Header } from '@solvent-por/verifier';
import type { SnapshotRun } from '@solvent-por/services/contracts';
import type { ClientBase } from 'pg';
import { lockInTransaction } from './advisory-lock';
import { RECORD_EVENT } from './audit-log';
import { copyRows } from './binary-copy';
import { inTransaction, type Database } from './database';
import type { SealedDigests } from './published-digests';
import { refuseEarlier } from './snapshot-request';

/** A node of the sum tree by the leaves below it: what an inclusion proof shows of the others. */
export interface StoredTreeNode {
  readonly start: number;
  readonly size: number;
  readonly hash: Uint8Array;
  /** 48 bytes, compressed. */
  readonly sum: Uint8Array;
}

export interface Publication {
  /** JCS bytes of the signed manifest. */
  readonly manifest: Uint8Array;
  readonly manifestDigest: Uint8Array;
  readonly previousDigest: Uint8Array | null;
  readonly nodes: Iterable<StoredTreeNode>;
  /** Roots of the batches' claim trees, in order, 32 bytes each, where there are any. */
  readonly claimRoots?: readonly Uint8Array[];
  /** Of what is published: see `sealDigests`. */
  readonly digests: SealedDigests;
}

const NODE_COLUMNS = ['snapshot_id', 'start', 'size', 'hash', 'sum'];

/**
 * Makes a snapshot public in one transaction: manifest and tree are there together or not at all.
 *
 * @returns false when the run is not PROVING any more: another instance was faster, or it failed
 * @throws SolventError SNAPSHOT_INCOMPLETE (internal), CHAIN_MOVED (internal: another was published
 *   meanwhile; finalise again after it), CHAIN_TIME (invalid)
 */
export async function publishSnapshot(
  db: Database,
  run: SnapshotRun,
  { manifest, manifestDigest, previousDigest, nodes, claimRoots, digests }: Publication,
): Promise<boolean> {
  return inTransaction(db.pool, async (client) => {
    // Two snapshots that are finalised at once stand in line: the second sees the first. The unique index would stop
    // a fork without this.
    await lockInTransaction(client, 'publish');
    const header = await lockProving(client, run);
    if (!header) return false;
    await refuseIncomplete(client, run.snapshotId);
    await refuseEarlier(client, header);
    await refuseMoved(client, header, previousDigest);
    const id = Buffer.from(run.snapshotId, 'utf8');
    await copyRows(client, 'tree_node', NODE_COLUMNS, nodes, (rows, { start, size, hash, sum }) =>
      rows.bytes(id).int4(start).int4(size).bytes(hash).bytes(sum),
    );
    await client.query(
      `UPDATE snapshot SET state = 'PUBLISHED', manifest = $2, manifest_digest = $3, previous_digest = $4, published_at = now()
       WHERE id = $1`,
      [run.snapshotId, manifest, manifestDigest, previousDigest],
    );
    await client.query(
      'INSERT INTO published_digests (snapshot_id, part, digests, witness_key_id) VALUES ($1, 0, $2, $3)',
      [run.snapshotId, digests.sealed, digests.keyId],
    );
    if (claimRoots)
      await client.query('INSERT INTO claim_roots (snapshot_id, roots) VALUES ($1, $2)', [
        run.snapshotId,
        concat(...claimRoots),
      ]);
    await client.query('DELETE FROM job_part WHERE snapshot_id = $1', [run.snapshotId]);
    // With the rest or not at all, and last: lines of the audit stand in line.
    const details = { attempt: run.attempt, manifest: toHex(manifestDigest) };
    await client.query(RECORD_EVENT, [
      ...['signer', 'snapshot.publish', run.snapshotId],
      JSON.stringify(details),
    ]);
    return true;
  });
}

async function lockProving(client: ClientBase, run: SnapshotRun): Promise<Header | undefined> {
  const { rows } = await client.query<{ header: unknown }>(
    `SELECT header FROM snapshot WHERE id = $1 AND attempt = $2 AND state = 'PROVING' FOR UPDATE`,
    [run.snapshotId, run.attempt],
  );
  return rows[0] && parseHeader(rows[0].header);
}

/**
 * The proofs must cover the batches from the first to the last, each once, and hold every account that ingest
 * counted.
 */
async function refuseIncomplete(client: ClientBase, snapshotId: string): Promise<void> {
  const { rows } = await client.query<{ whole: boolean }>(
    `SELECT s.batch_count = b.batches AND s.batch_count = b.last + 1 AND s.batch_count = p.batches AND s.accounts = b.accounts AS whole
     FROM snapshot s,
       (SELECT count(*) AS batches, max(batch) AS last, sum(accounts) AS accounts FROM batch WHERE snapshot_id = $1) b,
       (SELECT sum(batches) AS batches FROM proof WHERE snapshot_id = $1) p
     WHERE s.id = $1`,
    [snapshotId],
  );
  if (!rows[0]?.whole)
    throw new SolventError(
      'SNAPSHOT_INCOMPLETE',
      'internal',
      `the snapshot ${snapshotId} cannot be published: its proofs do not cover every batch and account`,
      { snapshot: snapshotId },
    );
}

async function refuseMoved(client: ClientBase, header: Header, previous: Uint8Array | null): Promise<void> {
  const { rows } = await client.query<{ manifest_digest: Buffer }>(
    `SELECT manifest_digest FROM snapshot WHERE state = 'PUBLISHED' AND header ->> 'operator' = $1 ORDER BY taken_at DESC LIMIT 1`,
    [header.operator],
  );
  const last = rows[0]?.manifest_digest;
  if (last ? previous !== null && equalBytes(last, previous) : await mayBegin(client, header, previous))
    return;
  throw new SolventError(
    'CHAIN_MOVED',
    'internal',
    `the snapshot ${header.snapshot} was finalised after a manifest that is not the operator's last one: finalise it again`,
    { snapshot: header.snapshot },
  );
}

/** The first manifest of a key follows none, or an earlier one that was published here under a former key. */
async function mayBegin(client: ClientBase, header: Header, previous: Uint8Array | null): Promise<boolean> {
  if (previous === null) return true;
  const { rowCount } = await client.query(
    `SELECT FROM snapshot WHERE state = 'PUBLISHED' AND manifest_digest = $1 AND header ->> 'operator' <> $2 AND taken_at < $3`,
    [previous, header.operator, header.takenAt],
  );
  return rowCount === 1;
}
