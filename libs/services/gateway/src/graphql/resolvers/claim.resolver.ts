import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { turnOf } from '../../access/caller';
import { LookupCounts } from '../../access/lookup-counts';
import { Operation } from '../../access/operation';
import type { GatewayContext } from '../../access/operation.guard';
import { refusals } from '../../errors/answered';
import { ClaimLookup } from '../../lookup/claim-lookup';
import { PublishedManifests } from '../../snapshots/published-manifests';
import { ClaimFileInput, ClaimFileType } from '../types/claim.types';
import { SnapshotViews } from '../views/snapshot-view';

/** What a user makes private claims with. */
@Resolver()
export class ClaimResolver {
  constructor(
    private readonly lookup: ClaimLookup,
    private readonly manifests: PublishedManifests,
    private readonly views: SnapshotViews,
    private readonly counts: LookupCounts,
  ) {}

  @Query(() => ClaimFileType, {
    complexity: 300,
    description:
      'What the owner of an account makes private claims with, with the manifest it belongs to. CLAIMS_NOT_OFFERED where the snapshot has no claim tree. Its id in that snapshot is not enough: who shows an inclusion file shows it, too.',
  })
  @Operation({ counts: 'lookup' })
  async claimFile(
    @Args('input') input: ClaimFileInput,
    @Context() { caller }: GatewayContext,
  ): Promise<ClaimFileType> {
    this.counts.add(caller.keyId, 'claimFiles');
    const { text, digest } = await this.lookup.get(turnOf(caller), input);
    const published = await this.manifests.ofSnapshot(input.snapshotId);
    if (!published) throw refusals.claimFileNotFound();
    const { snapshot, takenAt } = published.manifest.header;
    const manifest = this.views.published(published);
    return { manifest, snapshot, takenAt, document: text, documentDigest: digest };
  }
}
