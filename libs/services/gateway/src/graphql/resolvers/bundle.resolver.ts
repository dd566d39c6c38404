import { Args, Context, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { AuditTrail, SealedBundles } from '@solvent-por/services/database';
import { mayActAs } from '../../access/caller';
import { Operation } from '../../access/operation';
import type { GatewayContext } from '../../access/operation.guard';
import { BundleRequests } from '../../snapshots/request-bundle';
import { RequestedBundleType, SealedBundleType } from '../types/bundle.types';
import { SnapshotType } from '../types/snapshot.types';
import { SnapshotViews, type SnapshotView } from '../views/snapshot-view';

/** Sealed bundles: operators ask for them, anybody sees those that are whole. */
@Resolver(() => SnapshotType)
export class BundleResolver {
  constructor(
    private readonly requests: BundleRequests,
    private readonly bundles: SealedBundles,
    private readonly views: SnapshotViews,
    private readonly audit: AuditTrail,
  ) {}

  @ResolveField(() => SealedBundleType, {
    nullable: true,
    complexity: 20,
    description: 'Once it is SEALED; operators also see one that is being made, or has failed.',
  })
  async sealedBundle(
    @Parent() { row }: SnapshotView,
    @Context() { caller }: GatewayContext,
  ): Promise<SealedBundleType | null> {
    if (row.state !== 'PUBLISHED') return null;
    const bundle = await this.bundles.progress(row.id);
    const seen = bundle && (bundle.state === 'SEALED' || mayActAs(caller, 'OPERATOR'));
    return seen ? this.views.bundle(bundle) : null;
  }

  @Mutation(() => RequestedBundleType, {
    complexity: 200,
    description:
      'Asks for the sealed bundle of a published snapshot. Asking again changes nothing; one that has failed is gone on with.',
  })
  @Operation({ counts: 'other', role: 'OPERATOR' })
  async sealBundle(
    @Args('snapshotId', { type: () => String }) snapshotId: string,
    @Args('keysAreSecret', {
      type: () => Boolean,
      description:
        "The operator's word that every account key has 128 bits that nobody can guess: whoever has a bundle can try keys for ever.",
    })
    keysAreSecret: boolean,
    @Context() { caller }: GatewayContext,
  ): Promise<RequestedBundleType> {
    const requestedBy = caller.keyId!;
    const action = {
      actor: requestedBy,
      action: 'bundle.request',
      target: snapshotId.slice(0, 64),
      details: { keysAreSecret },
    };
    const { bundle, created } = await this.audit.recorded(action, () =>
      this.requests.request({ snapshotId, keysAreSecret, requestedBy }),
    );
    return { bundle: this.views.bundle(bundle), created };
  }
}
