import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { fromHex } from '@solvent-por/kzg';
import { SnapshotReads } from '@solvent-por/services/database';
import { mayActAs } from '../../access/caller';
import { Operation } from '../../access/operation';
import type { GatewayContext } from '../../access/operation.guard';
import { refusals } from '../../errors/answered';
import { LatestSnapshot } from '../../snapshots/latest-snapshot';
import { ProgressReader } from '../../snapshots/progress-reader';
import { ManifestConnection } from '../types/manifest.types';
import { checkPage, connection, PageArgs } from '../types/page.types';
import {
  SnapshotConnection,
  SnapshotOperationsType,
  SnapshotProgressType,
  SnapshotType,
} from '../types/snapshot.types';
import { operationsView, SnapshotView, SnapshotViews } from '../views/snapshot-view';

/** What anybody may know of snapshots, and what operators may. */
@Resolver(() => SnapshotType)
export class SnapshotsResolver {
  constructor(
    private readonly reads: SnapshotReads,
    private readonly views: SnapshotViews,
    private readonly progressReader: ProgressReader,
    private readonly latest: LatestSnapshot,
  ) {}

  @Query(() => SnapshotConnection, {
    complexity: 20,
    description: 'Published snapshots, newest first; operators also see unfinished and failed ones.',
  })
  @Operation({ counts: 'other' })
  async snapshots(
    @Args() page: PageArgs,
    @Context() { caller }: GatewayContext,
  ): Promise<SnapshotConnection> {
    const { first, ...rest } = checkPage(page);
    const unfinished = mayActAs(caller, 'OPERATOR');
    const rows = await this.reads.page({ first, ...rest }, { unfinished });
    return connection(
      rows,
      first,
      (row) => this.reads.cursorOf(row),
      (row) => this.views.snapshot(row),
    );
  }

  @Query(() => SnapshotType, { nullable: true, complexity: 20 })
  @Operation({ counts: 'other' })
  async snapshot(
    @Args('id', { type: () => String }) id: string,
    @Context() { caller }: GatewayContext,
  ): Promise<SnapshotType | null> {
    const row = await this.reads.find(id);
    const seen = row && (row.state === 'PUBLISHED' || mayActAs(caller, 'OPERATOR'));
    return seen ? this.views.snapshot(row) : null;
  }

  @Query(() => SnapshotType, { nullable: true, complexity: 20 })
  @Operation({ counts: 'other' })
  async latestSnapshot(): Promise<SnapshotType | null> {
    const row = await this.latest.read();
    return row && this.views.snapshot(row);
  }

  @Query(() => ManifestConnection, {
    complexity: 20,
    description:
      'Published manifests in the order of their time; `after` is the digest of the last one known.',
  })
  @Operation({ counts: 'other' })
  async manifests(@Args() page: PageArgs): Promise<ManifestConnection> {
    const { first, after } = checkPage(page);
    const digest = after === undefined ? undefined : fromHex(after, 32);
    if (after !== undefined && !digest) throw refusals.argument('after', "must be a manifest's digest");
    const rows = await this.reads.manifestsAfter(digest, first);
    const nodes = rows.map((row) => this.views.manifest(row));
    return connection(
      nodes,
      first,
      (manifest) => manifest.digest,
      (manifest) => manifest,
    );
  }

  @ResolveField(() => SnapshotProgressType, {
    nullable: true,
    complexity: 20,
    description: 'Operators only; null for others.',
  })
  async progress(
    @Parent() { row }: SnapshotView,
    @Context() { caller }: GatewayContext,
  ): Promise<SnapshotProgressType | null> {
    return mayActAs(caller, 'OPERATOR') ? this.progressReader.read(row.id) : null;
  }

  @ResolveField(() => SnapshotOperationsType, {
    nullable: true,
    description: 'Operators only; null for others.',
  })
  operations(
    @Parent() { row }: SnapshotView,
    @Context() { caller }: GatewayContext,
  ): SnapshotOperationsType | null {
    return mayActAs(caller, 'OPERATOR') ? operationsView(row) : null;
  }
}
