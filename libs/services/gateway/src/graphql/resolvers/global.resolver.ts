import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { toHex } from '@solvent-por/kzg';
import {
  ProofReads,
  type TreeLeaf,
  type VerdictRecord,
  type VerificationRecord,
} from '@solvent-por/services/database';
import { mayActAs } from '../../access/caller';
import { Operation } from '../../access/operation';
import type { GatewayContext } from '../../access/operation.guard';
import { refusals } from '../../errors/answered';
import { GlobalProofs } from '../../global/global-proofs';
import { GlobalVerifications, verificationState } from '../../verify/global-verifications';
import {
  BatchConnection,
  GlobalProofType,
  GlobalVerificationType,
  type BatchType,
} from '../types/global.types';
import { checkPage, connection, PageArgs } from '../types/page.types';
import { SnapshotViews } from '../views/snapshot-view';

/** What auditors look at. */
@Resolver(() => GlobalProofType)
export class GlobalResolver {
  constructor(
    private readonly proofs: GlobalProofs,
    private readonly reads: ProofReads,
    private readonly views: SnapshotViews,
    private readonly verifications: GlobalVerifications,
  ) {}

  @Query(() => GlobalProofType, { complexity: 50 })
  @Operation({ counts: 'other' })
  async globalProof(
    @Args('snapshotId', { type: () => String }) snapshotId: string,
  ): Promise<Omit<GlobalProofType, 'batches'>> {
    const published = await this.proofs.open(snapshotId);
    if (!published) throw refusals.snapshotNotFound();
    const { row, file } = published;
    return {
      snapshot: row.id,
      manifest: this.views.manifest(row),
      proofs: file.proofs,
      downloadUrl: this.views.globalProofUrl(row.id),
      bytes: file.size,
    };
  }

  @ResolveField(() => BatchConnection, { complexity: 20 })
  async batches(@Parent() { snapshot }: GlobalProofType, @Args() page: PageArgs): Promise<BatchConnection> {
    const { first, after } = checkPage(page);
    const leaves = await this.reads.leaves(snapshot, after === undefined ? 0 : batchAfter(after), first + 1);
    return connection(leaves, first, ({ start }) => String(start), batchView);
  }

  @Query(() => GlobalVerificationType, { nullable: true, complexity: 20 })
  @Operation({ counts: 'other' })
  async globalVerification(
    @Args('snapshotId', { type: () => String }) snapshotId: string,
  ): Promise<GlobalVerificationType | null> {
    const record = await this.verifications.find(snapshotId);
    return record && verificationView(record);
  }

  @Mutation(() => GlobalVerificationType, {
    complexity: 800,
    description:
      'Has the server verify a whole global proof. It takes a while: ask `globalVerification` how far it is. One that runs, or ended a short while ago, is answered as it is. One runs at a time for auditors, and one for anybody else.',
  })
  @Operation({ counts: 'verification' })
  async verifyGlobal(
    @Args('snapshotId', { type: () => String }) snapshotId: string,
    @Context() { caller }: GatewayContext,
  ): Promise<GlobalVerificationType> {
    const asker = mayActAs(caller, 'AUDITOR') ? 'auditor' : 'anybody';
    return verificationView(await this.verifications.start(snapshotId, asker));
  }
}

function batchAfter(cursor: string): number {
  if (/^\d{1,5}$/.test(cursor)) return Number(cursor) + 1;
  throw refusals.cursor();
}

function batchView({ start, hash, sum }: TreeLeaf): BatchType {
  return { batch: start, hash: toHex(hash), sum: toHex(sum) };
}

function verificationView(record: VerificationRecord): GlobalVerificationType {
  const verdict = record.verdict as VerdictRecord | null;
  return {
    snapshot: record.snapshotId,
    state: verificationState(record, Date.now()),
    startedAt: record.startedAt,
    finishedAt: record.finishedAt,
    batchesDone: record.batchesDone,
    batchCount: record.batchCount,
    valid: record.valid,
    code: verdict?.code ?? null,
    reason: verdict?.reason ?? null,
    checked: verdict?.checked ?? [],
    notChecked: verdict?.notChecked ?? [],
  };
}
