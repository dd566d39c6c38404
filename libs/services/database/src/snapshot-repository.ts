import { fromHex, SolventError, toHex } from '@solvent-por/kzg';
import type { SnapshotRun } from '@solvent-por/services/contracts';
import { owned } from './bytes';
import type { Snapshot as SnapshotRecord } from './generated/prisma/client';
import type { SnapshotState } from './generated/prisma/enums';
import type { IngestPlan, RequestKey } from './request-key';
import { SnapshotReads } from './snapshot-reads';
import { publishSnapshot, type Publication } from './snapshot-publication';
import { requestSnapshot, type SnapshotRequest } from './snapshot-request';

export interface SnapshotFailure {
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, string | number>>;
}

export interface SnapshotProgress {
  readonly state: SnapshotState;
  readonly attempt: number;
  /** Null until ingest has counted. */
  readonly accounts: number | null;
  readonly batches: number | null;
  readonly batchesProved: number;
  readonly proofs: number;
  readonly failure: SnapshotFailure | null;
  readonly requestedAt: Date;
  readonly publishedAt: Date | null;
}

const UNFINISHED: SnapshotState[] = ['REQUESTED', 'INGESTING', 'PROVING'];

/**
 * What is read of snapshots, and a snapshot's way from REQUESTED to PUBLISHED or FAILED. Every step names its
 * attempt and the states it may come from, so a message that comes late, twice or out of order changes
 * nothing.
 */
export class SnapshotRepository extends SnapshotReads {
  /**
   * Idempotent: the same configuration and source again give the same row; a FAILED one begins its next
   * attempt.
   *
   * @throws SolventError SNAPSHOT_EXISTS (usage: other content under this id), CHAIN_TIME (invalid: not later
   *   than every published one)
   */
  async request(
    request: SnapshotRequest,
    key: RequestKey,
  ): Promise<{ snapshot: SnapshotRecord; created: boolean }> {
    const created = await requestSnapshot(this.db, request, key);
    const id = request.header.snapshot;
    return { snapshot: await this.db.prisma.snapshot.findUniqueOrThrow({ where: { id } }), created };
  }

  /** Oldest request first. */
  async unfinished(): Promise<SnapshotRecord[]> {
    return this.db.prisma.snapshot.findMany({
      where: { state: { in: UNFINISHED } },
      orderBy: { requestedAt: 'asc' },
    });
  }

  /** REQUESTED or INGESTING → INGESTING. @returns null for a stale attempt and in any other state */
  async beginIngest(run: SnapshotRun): Promise<SnapshotRecord | null> {
    await this.db.prisma.snapshot.updateMany({
      where: { ...attempt(run), state: 'REQUESTED' },
      data: { state: 'INGESTING', ingestingAt: new Date() },
    });
    return this.db.prisma.snapshot.findFirst({ where: { ...attempt(run), state: 'INGESTING' } });
  }

  /**
   * Keeps the plan of the first call: whoever ingests again must find the same source and gets the same cut.
   *
   * @param key says to provers and signer that ingest found this
   * @throws SolventError INPUT_CHANGED | PLAN_FORGED (invalid), SNAPSHOT_STALE (invalid: another attempt, or it ended)
   */
  async recordPlan(run: SnapshotRun, plan: IngestPlan, key: RequestKey): Promise<IngestPlan> {
    const digest = fromHex(plan.sourceDigest, 32);
    if (!digest)
      throw new SolventError('SOURCE_DIGEST_MALFORMED', 'usage', 'the digest must be 0x and 64 hex digits');
    const { accounts, batchesPerProof, batchCount } = plan;
    await this.db.prisma.snapshot.updateMany({
      where: { ...attempt(run), state: 'INGESTING', sourceDigest: null },
      data: {
        ...{ sourceDigest: owned(digest), accounts, batchesPerProof, batchCount },
        planMac: owned(key.planMac({ ...run, ...plan })),
      },
    });
    const stored = await this.db.prisma.snapshot.findFirst({
      where: { ...attempt(run), state: { in: ['INGESTING', 'PROVING'] }, sourceDigest: { not: null } },
    });
    if (!stored)
      throw new SolventError(
        'SNAPSHOT_STALE',
        'invalid',
        `attempt ${run.attempt} of the snapshot ${run.snapshotId} is over`,
        { snapshot: run.snapshotId },
      );
    key.checkPlan(stored);
    const kept = {
      sourceDigest: toHex(stored.sourceDigest!),
      accounts: stored.accounts!,
      batchesPerProof: stored.batchesPerProof!,
      batchCount: stored.batchCount!,
    };
    if (kept.sourceDigest !== toHex(digest))
      throw new SolventError(
        'INPUT_CHANGED',
        'invalid',
        `the source of the snapshot ${run.snapshotId} is not what it was when it was read first`,
        { snapshot: run.snapshotId },
      );
    return kept;
  }

  /** INGESTING → PROVING, once the plan is recorded. */
  async finishIngest(run: SnapshotRun): Promise<boolean> {
    const { count } = await this.db.prisma.snapshot.updateMany({
      where: { ...attempt(run), state: 'INGESTING', batchCount: { not: null } },
      data: { state: 'PROVING', provingAt: new Date() },
    });
    return count === 1;
  }

  /** Any unfinished state → FAILED, and its line in the audit: both or neither. */
  async fail(
    run: SnapshotRun,
    { code, message, details = {} }: SnapshotFailure,
    by: { readonly actor: 'ingest' | 'prover' | 'signer'; readonly action?: 'snapshot.refuse' },
  ): Promise<boolean> {
    const { rowCount } = await this.db.pool.query(
      `WITH failed AS (
         UPDATE snapshot SET state = 'FAILED', failure = $3, failed_at = now()
         WHERE id = $1 AND attempt = $2 AND state::text = ANY($4) RETURNING id)
       INSERT INTO audit_event (actor, action, target, details) SELECT $5, $6, id, $7 FROM failed`,
      [
        ...[run.snapshotId, run.attempt, JSON.stringify({ code, message, details }), UNFINISHED],
        ...[by.actor, by.action ?? 'snapshot.fail', JSON.stringify({ attempt: run.attempt, code })],
      ],
    );
    return rowCount === 1;
  }

  /** First batches of the proofs that are stored. */
  async provedFirsts(id: string): Promise<Set<number>> {
    const proofs = await this.db.prisma.proof.findMany({
      where: { snapshotId: id },
      select: { first: true },
    });
    return new Set(proofs.map(({ first }) => first));
  }

  /** @returns null when there is no such snapshot */
  async progress(id: string): Promise<SnapshotProgress | null> {
    const [snapshot, proved] = await Promise.all([
      this.db.prisma.snapshot.findUnique({
        where: { id },
        omit: { manifest: true, config: true, header: true },
      }),
      this.db.prisma.proof.aggregate({ where: { snapshotId: id }, _sum: { batches: true }, _count: true }),
    ]);
    return (
      snapshot && {
        state: snapshot.state,
        attempt: snapshot.attempt,
        accounts: snapshot.accounts,
        batches: snapshot.batchCount,
        batchesProved: proved._sum.batches ?? 0,
        proofs: proved._count,
        failure: snapshot.failure as SnapshotFailure | null,
        requestedAt: snapshot.requestedAt,
        publishedAt: snapshot.publishedAt,
      }
    );
  }

  /**
   * PROVING → PUBLISHED with the tree's nodes, in one transaction.
   *
   * @returns false when the run is not PROVING any more
   * @throws SolventError SNAPSHOT_INCOMPLETE | CHAIN_MOVED (internal; the latter: finalise again), CHAIN_TIME
   *   (invalid)
   */
  async publish(run: SnapshotRun, publication: Publication): Promise<boolean> {
    return publishSnapshot(this.db, run, publication);
  }
}

function attempt({ snapshotId, attempt: number }: SnapshotRun): { id: string; attempt: number } {
  return { id: snapshotId, attempt: number };
}
