import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { toHex } from '@solvent-por/kzg';
import { turnOf } from '../../access/caller';
import { LookupCounts } from '../../access/lookup-counts';
import { Operation } from '../../access/operation';
import type { GatewayContext } from '../../access/operation.guard';
import { refusals } from '../../errors/answered';
import { InclusionLookup } from '../../lookup/inclusion-lookup';
import { PlainOpenings } from '../../lookup/plain-openings';
import { PublishedManifests } from '../../snapshots/published-manifests';
import { InclusionVerifier } from '../../verify/verify-inclusion';
import { JsonScalar } from '../scalars';
import { InclusionProofType, InclusionVerificationType, PlainOpeningType } from '../types/inclusion.types';
import { InclusionView } from '../views/inclusion-view';
import { SnapshotViews } from '../views/snapshot-view';
import { ID_OF_THE_SNAPSHOT } from './account-id-argument';

/** A user's own balance. */
@Resolver()
export class InclusionResolver {
  constructor(
    private readonly lookup: InclusionLookup,
    private readonly plainOpenings: PlainOpenings,
    private readonly manifests: PublishedManifests,
    private readonly views: SnapshotViews,
    private readonly verifier: InclusionVerifier,
    private readonly counts: LookupCounts,
  ) {}

  @Query(() => InclusionProofType, {
    complexity: 300,
    description:
      'The inclusion proof of an account, with the manifest it belongs to. Its id in that snapshot is all that is asked for: keep it secret.',
  })
  @Operation({ counts: 'lookup' })
  async inclusionProof(
    @Args('snapshotId', { type: () => String }) snapshotId: string,
    @Args('accountId', { type: () => String, description: ID_OF_THE_SNAPSHOT }) accountId: string,
    @Context() { caller }: GatewayContext,
  ): Promise<InclusionProofType> {
    this.counts.add(caller.keyId);
    const document = await this.lookup.get(turnOf(caller), snapshotId, accountId);
    const published = await this.manifests.ofSnapshot(snapshotId);
    if (!published) throw refusals.accountNotFound();
    return new InclusionView(document, published, this.views.published(published));
  }

  @Query(() => PlainOpeningType, {
    complexity: 1500,
    description:
      'For an account, one EIP-4844 opening in place of its three: a contract can check it. It takes a while to make: it counts as a verification, and few are made at once.',
  })
  @Operation({ counts: 'verification' })
  async plainOpening(
    @Args('snapshotId', { type: () => String }) snapshotId: string,
    @Args('accountId', { type: () => String, description: ID_OF_THE_SNAPSHOT }) accountId: string,
    @Context() { caller }: GatewayContext,
  ): Promise<PlainOpeningType> {
    this.counts.add(caller.keyId);
    const who = turnOf(caller);
    const { text } = await this.lookup.get(who, snapshotId, accountId);
    const { batch, row, sum } = JSON.parse(text) as Omit<PlainOpeningType, 'opening'>;
    return { batch, row, sum, opening: toHex(await this.plainOpenings.get(who, snapshotId, batch, row)) };
  }

  @Mutation(() => InclusionVerificationType, {
    complexity: 300,
    description:
      'Verifies an inclusion proof, the text of its document or its JSON value, against the manifest that was published here under the digest it names. Valid is it only if that manifest is signed by the operator this server is configured for; a server that is configured for none says so: OPERATOR_KEY, not checked.',
  })
  @Operation({ counts: 'verification' })
  verifyInclusion(
    @Args('proof', { type: () => JsonScalar }) proof: unknown,
    @Args('accountId', {
      type: () => String,
      nullable: true,
      description:
        'The id that it must be of, made from the account key by its owner: the key itself is never sent. Left out, the id is not checked, and idChecked says so; null is refused.',
    })
    accountId: string | null | undefined,
    @Context() { caller }: GatewayContext,
  ): Promise<InclusionVerificationType> {
    return this.verifier.verify(caller, { proof, ...(accountId !== undefined && { accountId }) });
  }
}
