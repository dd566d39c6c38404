import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Operation } from '../../access/operation';
import { InclusionLookup } from '../../lookup/inclusion-lookup';
import { InclusionVerifier } from '../../verify/verify-inclusion';
import { JsonScalar } from '../scalars';
import { InclusionProofType, InclusionVerificationType } from '../types/inclusion.types';
import { InclusionView } from '../views/inclusion-view';

/** A user's own balance. */
@Resolver()
export class InclusionResolver {
  constructor(
    private readonly lookup: InclusionLookup,
    private readonly verifier: InclusionVerifier,
  ) {}

  @Query(() => InclusionProofType, {
    complexity: 20,
    description:
      'The inclusion proof of an account. Its id, 64 hex digits, is all that is asked for: keep it secret.',
  })
  @Operation({ counts: 'lookup' })
  async inclusionProof(
    @Args('snapshotId', { type: () => String }) snapshotId: string,
    @Args('accountId', { type: () => String }) accountId: string,
  ): Promise<InclusionProofType> {
    return new InclusionView(await this.lookup.get(snapshotId, accountId));
  }

  @Mutation(() => InclusionVerificationType, {
    complexity: 20,
    description: 'Verifies an inclusion proof: the text of its document, or its JSON value.',
  })
  @Operation({ counts: 'verification' })
  verifyInclusion(
    @Args('proof', { type: () => JsonScalar }) proof: unknown,
    @Args('accountId', {
      type: () => String,
      nullable: true,
      description:
        'The id that it must be of. Left out, the id is not checked, and idChecked says so; null is refused.',
    })
    accountId: string | null | undefined,
  ): Promise<InclusionVerificationType> {
    return this.verifier.verify({ proof, ...(accountId !== undefined && { accountId }) });
  }
}
