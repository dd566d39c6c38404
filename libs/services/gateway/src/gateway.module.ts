import { Module, type Abstract, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import { NoSchemaIntrospectionCustomRule, type ValidationRule } from 'graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import {
  AuditTrail,
  ApiKeyRepository,
  ProofReads,
  ReservesReads,
  SealedBundles,
  SnapshotReads,
  SourceListings,
} from '@solvent-por/services/database';
import { AccessMeter } from './access/access-meter';
import { Callers } from './access/caller';
import { LookupCounts } from './access/lookup-counts';
import { OperationGuard } from './access/operation.guard';
import { RateLimits } from './access/rate-limits';
import { MAX_QUERY_TOKENS, type GatewayConfiguration } from './configuration';
import type { GatewayParts } from './gateway-parts';
import { ClaimChallenges } from './claims/claim-challenges';
import { ClaimKeyFiles } from './claims/claim-keys';
import { ServerClaims } from './claims/prove-claim';
import { ClaimVerifier } from './claims/verify-claim';
import { CheckedBundles } from './http/checked-bundles';
import { GlobalProofs } from './global/global-proofs';
import { ErrorAnswers } from './errors/answer-errors';
import { formatExecution } from './graphql/graphql-route';
import { boundAnswers } from './graphql/limits/bound-answers';
import type { DocumentLimits } from './graphql/limits/documents';
import { RESOLVERS } from './graphql/resolvers';
import { SnapshotViews } from './graphql/views/snapshot-view';
import { AnswerFilter } from './http/answer.filter';
import { BundlesController } from './http/bundles.controller';
import { ClaimsController } from './http/claims.controller';
import { Downloads } from './http/downloads';
import { FilesController } from './http/files.controller';
import { ReservesController } from './http/reserves.controller';
import { ClaimLookup } from './lookup/claim-lookup';
import { InclusionLookup } from './lookup/inclusion-lookup';
import { PlainOpenings } from './lookup/plain-openings';
import { GatewayMetrics } from './metrics';
import { ReservesFiles } from './reserves/published-reserves';
import { ReservesRequests } from './reserves/request-reserves';
import { ReservesFeed } from './reserves/reserves-feed';
import { PreviousManifests } from './snapshots/previous-manifests';
import { ProgressFeed } from './snapshots/progress-feed';
import { LatestSnapshot } from './snapshots/latest-snapshot';
import { ProgressReader } from './snapshots/progress-reader';
import { PublishedManifests } from './snapshots/published-manifests';
import { BundleRequests } from './snapshots/request-bundle';
import { SnapshotRequests } from './snapshots/request-snapshot';
import { GlobalVerifications } from './verify/global-verifications';
import { InclusionVerifier } from './verify/verify-inclusion';

/**
 * Documents kept parsed, and compiled from their n-th run on: one that is asked once is not worth compiling.
 */
const KEPT_DOCUMENTS = 256;
const COMPILED_FROM = 4;
/** Of a document that cannot be run: a short one must not have a long answer. */
const MOST_ERRORS = 5;

/**
 * Wires the assembled domain to Nest. No provider is request-scoped: a look-up that memory answers must not
 * build objects.
 */
@Module({})
export class GatewayModule {
  static with(parts: GatewayParts, configuration: GatewayConfiguration): DynamicModule {
    return {
      module: GatewayModule,
      imports: [
        GraphQLModule.forRoot<MercuriusDriverConfig>({
          driver: MercuriusDriver,
          autoSchemaFile: true,
          sortSchema: true,
          // Ours is in graphql-route.ts and subscriptions.ts.
          routes: false,
          cache: KEPT_DOCUMENTS,
          jit: COMPILED_FROM,
          graphql: {
            parseOptions: { maxTokens: MAX_QUERY_TOKENS },
            validateOptions: { maxErrors: MOST_ERRORS },
          },
          // Limits come first, before the specification's rules: in graphql-route.ts.
          validationRules: ownRules(configuration),
          transformSchema: boundAnswers,
          errorFormatter: (execution, context) => formatExecution(execution, context, parts.answers),
        }),
      ],
      controllers: [FilesController, BundlesController, ReservesController, ClaimsController],
      providers: [
        { provide: APP_GUARD, useClass: OperationGuard },
        { provide: APP_FILTER, useClass: AnswerFilter },
        ...RESOLVERS,
        ...values([
          [SnapshotReads, parts.snapshots],
          [ProofReads, parts.proofReads],
          [SnapshotViews, parts.views],
          [GlobalProofs, parts.globalProofs],
          [GatewayMetrics, parts.metrics],
          [AccessMeter, parts.metrics],
          [LookupCounts, parts.lookupCounts],
          [ApiKeyRepository, parts.keys],
          [SourceListings, parts.listings],
          [PublishedManifests, parts.manifests],
          [PreviousManifests, parts.previous],
          [InclusionLookup, parts.lookup],
          [ClaimLookup, parts.claims],
          [ClaimKeyFiles, parts.claimKeys],
          [ClaimChallenges, parts.claimChallenges],
          [ClaimVerifier, parts.claimVerifier],
          [ServerClaims, parts.serverClaims],
          [PlainOpenings, parts.plainOpenings],
          [InclusionVerifier, parts.verifier],
          [GlobalVerifications, parts.verifications],
          [SnapshotRequests, parts.requests],
          [BundleRequests, parts.bundleRequests],
          [SealedBundles, parts.bundles],
          [CheckedBundles, parts.checkedBundles],
          [LatestSnapshot, parts.latest],
          [ProgressReader, parts.progressReader],
          [ProgressFeed, parts.feed],
          [ReservesReads, parts.reservesReads],
          [ReservesFiles, parts.reservesFiles],
          [ReservesRequests, parts.reservesRequests],
          [ReservesFeed, parts.reservesFeed],
          [Downloads, parts.downloads],
          [Callers, parts.callers],
          [RateLimits, parts.limits],
          [AuditTrail, parts.audit],
          [ErrorAnswers, parts.answers],
        ]),
      ],
    };
  }
}

export function limitsOf({ queryDepth, queryCost, queryLength }: GatewayConfiguration): DocumentLimits {
  return { depth: queryDepth, cost: queryCost, length: queryLength, tokens: MAX_QUERY_TOKENS };
}

/** Rules beside those of the specification. */
export function ownRules({ introspection }: GatewayConfiguration): ValidationRule[] {
  return introspection ? [] : [NoSchemaIntrospectionCustomRule];
}

function values(parts: ReadonlyArray<readonly [Type | Abstract<unknown>, object]>): Provider[] {
  return parts.map(([provide, useValue]) => ({ provide, useValue }));
}
