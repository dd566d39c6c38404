import { Args, Context, Resolver, Subscription } from '@nestjs/graphql';
import { SnapshotReads } from '@solvent-por/services/database';
import { mayActAs } from '../../access/caller';
import { Operation } from '../../access/operation';
import type { GatewayContext } from '../../access/operation.guard';
import { refusals } from '../../errors/answered';
import { ProgressFeed, type WatchedSnapshot } from '../../snapshots/progress-feed';
import { SnapshotProgressType } from '../types/snapshot.types';

@Resolver()
export class ProgressResolver {
  constructor(
    private readonly feed: ProgressFeed,
    private readonly reads: SnapshotReads,
  ) {}

  @Subscription(() => SnapshotProgressType, {
    description:
      'How far a snapshot is, until it is published or has failed. Operators watch unfinished ones.',
    resolve: (progress: WatchedSnapshot) => progress,
  })
  @Operation({ counts: 'other' })
  async snapshotProgress(
    @Args('snapshotId', { type: () => String }) snapshotId: string,
    @Context() { caller }: GatewayContext,
  ): Promise<AsyncIterableIterator<WatchedSnapshot>> {
    const known = await this.reads.stateOf(snapshotId);
    if (!known || (known.state !== 'PUBLISHED' && !mayActAs(caller, 'OPERATOR')))
      throw refusals.snapshotNotFound();
    return this.feed.watch(snapshotId);
  }
}
