import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import { LookupCounts } from '../../access/lookup-counts';
import { Operation } from '../../access/operation';
import type { GatewayContext } from '../../access/operation.guard';
import { ServerClaims } from '../../claims/prove-claim';
import { ProveClaimInput, ProvedClaimType } from '../types/claim-proving.types';

/** Claims that are made here, for users whose device cannot. */
@Resolver()
export class ClaimProvingResolver {
  constructor(
    private readonly claims: ServerClaims,
    private readonly counts: LookupCounts,
  ) {}

  @Mutation(() => ProvedClaimType, {
    // One a document: each may wait for a prover.
    complexity: 6000,
    description:
      'Makes a private claim on the server, for clients that cannot prove themselves: it takes seconds, and the server sees the whole request, which serverSeesRequest must say. The same request again gives the same claim for ten minutes, so after CLAIM_PROVER_SILENT ask again. Whose the account is, is asked as for claimFile.',
  })
  @Operation({ counts: 'proving' })
  async proveClaim(
    @Args('input') input: ProveClaimInput,
    @Context() { caller }: GatewayContext,
  ): Promise<ProvedClaimType> {
    this.counts.add(caller.keyId, 'claimsMade');
    return this.claims.prove(caller, input);
  }
}
