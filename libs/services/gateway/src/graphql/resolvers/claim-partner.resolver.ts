import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { toHex } from '@solvent-por/kzg';
import { Operation } from '../../access/operation';
import type { GatewayContext } from '../../access/operation.guard';
import { ClaimChallenges } from '../../claims/claim-challenges';
import { ClaimKeyFiles } from '../../claims/claim-keys';
import { ServerClaims } from '../../claims/prove-claim';
import { ClaimVerifier } from '../../claims/verify-claim';
import { refusals } from '../../errors/answered';
import { PublishedManifests } from '../../snapshots/published-manifests';
import {
  ClaimChallengeInput,
  ClaimChallengeType,
  ClaimVerificationType,
  ClaimVerifyingKeyType,
  VerifyClaimInput,
} from '../types/claim.types';
import { SnapshotViews } from '../views/snapshot-view';

/** What partners ask for claims with, and have them verified by. */
@Resolver()
export class ClaimPartnerResolver {
  constructor(
    private readonly challenges: ClaimChallenges,
    private readonly verifier: ClaimVerifier,
    private readonly keys: ClaimKeyFiles,
    private readonly proving: ServerClaims,
    private readonly manifests: PublishedManifests,
    private readonly views: SnapshotViews,
  ) {}

  @Query(() => [ClaimVerifyingKeyType], {
    complexity: 100,
    description:
      'Verifying keys of private claims that the manifest of a snapshot names, as far as this server has them; empty where the snapshot has no claim tree.',
  })
  @Operation({ counts: 'other' })
  async claimKeys(
    @Args('snapshotId', { type: () => String }) snapshotId: string,
  ): Promise<readonly ClaimVerifyingKeyType[]> {
    const published = await this.manifests.ofSnapshot(snapshotId);
    if (!published) throw refusals.snapshotNotFound();
    const found = await Promise.all(
      (published.manifest.claimKeys ?? []).map((digest) => this.keys.find(digest)),
    );
    return found.flatMap((served) => {
      if (!served) return [];
      const digest = toHex(served.key.digest);
      return {
        digest,
        developmentSetUp: served.key.document.setUp.kind === 'development',
        serverProves: this.proving.offers(served),
        document: served.bytes.toString('utf8'),
        ...this.views.claimUrls(digest),
      };
    });
  }

  @Mutation(() => ClaimChallengeType, {
    complexity: 50,
    description:
      'A challenge to ask a user for a private claim with: good once, for ten minutes, for the API key that asked. A key has at most 10,000 open.',
  })
  @Operation({ counts: 'other', role: 'PARTNER' })
  async claimChallenge(
    @Args('input') { partner, purpose }: ClaimChallengeInput,
    @Context() { caller }: GatewayContext,
  ): Promise<ClaimChallengeType> {
    return this.challenges.new(caller, partner, purpose);
  }

  @Mutation(() => ClaimVerificationType, {
    complexity: 300,
    description:
      'Verifies a private claim against the published manifest of a snapshot and what was asked for. One that holds takes its challenge, which no other can then answer; a nullifier that was seen before is reported, and for the partner to refuse. A claim that does not hold is an answer, one that cannot be read an error.',
  })
  @Operation({ counts: 'verification', role: 'PARTNER' })
  async verifyClaim(
    @Args('input') input: VerifyClaimInput,
    @Context() { caller }: GatewayContext,
  ): Promise<ClaimVerificationType> {
    return this.verifier.verify(caller, input);
  }
}
