import { DEVELOPMENT_WARNING } from '@solvent-por/claims';
import { SolventError } from '@solvent-por/kzg';
import {
  AuditTrail,
  ApiKeyRepository,
  AuditLog,
  BundleReads,
  ClaimProving,
  ClaimRecords,
  LookupRepository,
  ProofReads,
  PublishedDigests,
  ProofStore,
  RequestCounts,
  ReservesMarks,
  ReservesReads,
  ReservesRepository,
  SealedBundles,
  SnapshotReads,
  SnapshotRepository,
  SourceListings,
  VerificationTable,
} from '@solvent-por/services/database';
import { AddressTags } from './access/address-tag';
import { Allowances } from './access/allowances';
import { Callers, turnOf } from './access/caller';
import { LookupCounts } from './access/lookup-counts';
import { RateLimits } from './access/rate-limits';
import { ClaimChallenges } from './claims/claim-challenges';
import { ClaimKeyFiles } from './claims/claim-keys';
import { ServerClaims } from './claims/prove-claim';
import { ClaimVerifier } from './claims/verify-claim';
import type { GatewayConfiguration } from './configuration';
import { VERIFICATION_THREADS, type GatewayResources } from './gateway-resources';
import { GlobalProofs } from './global/global-proofs';
import { ErrorAnswers } from './errors/answer-errors';
import { CheckedBundles } from './http/checked-bundles';
import { SnapshotViews } from './graphql/views/snapshot-view';
import { Downloads } from './http/downloads';
import { BatchMaterials } from './lookup/batch-materials';
import { claimLookup } from './lookup/claim-queue';
import { DocumentCache } from './lookup/document-cache';
import { DocumentKeeper } from './lookup/document-keeper';
import { FairQueue } from './lookup/fair-queue';
import { InclusionLookup } from './lookup/inclusion-lookup';
import { InclusionQueue } from './lookup/inclusion-queue';
import { KeptRecords } from './lookup/kept-records';
import { PlainOpenings } from './lookup/plain-openings';
import { TreePlaces } from './lookup/tree-places';
import { GatewayMetrics, type StoredThing } from './metrics';
import { ReservesFiles } from './reserves/published-reserves';
import { ReservesRequests } from './reserves/request-reserves';
import { ReservesFeed } from './reserves/reserves-feed';
import { LatestSnapshot } from './snapshots/latest-snapshot';
import { PreviousManifests } from './snapshots/previous-manifests';
import { ProgressFeed } from './snapshots/progress-feed';
import { ProgressReader } from './snapshots/progress-reader';
import { PublishedManifests } from './snapshots/published-manifests';
import { BundleRequests } from './snapshots/request-bundle';
import { SnapshotRequests } from './snapshots/request-snapshot';
import { GlobalVerifications } from './verify/global-verifications';
import { verifyStoredProof } from './verify/stored-global-proofs';
import { InclusionVerifier } from './verify/verify-inclusion';

export type GatewayParts = ReturnType<typeof assembleGateway>;

/** Puts the domain together; nothing here knows HTTP, GraphQL or Nest. */
export function assembleGateway(
  configuration: GatewayConfiguration,
  resources: GatewayResources,
  publicUrl: () => string,
) {
  const { database, keyring, requestKey, bus, workers, verifiers, registry, now = Date.now } = resources;
  const { logger: log } = resources;
  const snapshots = new SnapshotRepository(database);
  const lookups = new LookupRepository(database, keyring);
  const store = new ProofStore(database, keyring);
  const keys = new ApiKeyRepository(database);
  const auditLog = new AuditLog(database);
  const reads = new SnapshotReads(database);
  const proofReads = new ProofReads(database);
  const manifests = new PublishedManifests((id) => reads.manifest(id), configuration.operator);
  const previous = new PreviousManifests(async (digests) => {
    const rows = await reads.manifestsByDigest(digests);
    return new Map(rows.map((row) => manifests.of(row)).map(({ digest, manifest }) => [digest, manifest]));
  });
  const keeper = new DocumentKeeper({
    store: (proofs) => lookups.keep(proofs),
    onNotKept: (error) => log.warn({ err: error }, 'inclusion proofs could not be kept'),
  });
  const cache = new DocumentCache({ bytes: configuration.cacheBytes, seconds: configuration.cacheSeconds });

  const damaged = (what: StoredThing, repaired: boolean) => (snapshotId: string, error: unknown) => {
    metrics.damaged(what);
    log.error({ snapshotId, what, repaired, err: error }, 'stored data is damaged');
  };
  const digests = new PublishedDigests(database, keyring);
  const globalProofs = new GlobalProofs(reads, proofReads, digests, damaged('global-proof', false));
  const places = new TreePlaces((id, ranges) => lookups.nodes(id, ranges));
  const materials = new BatchMaterials(
    {
      manifest: async (id) => (await manifests.ofSnapshot(id))?.manifest,
      place: (id, batch, batchCount) => places.of(id, batch, batchCount),
      witness: (id, batch) => store.witness(id, batch),
      cells: (id, batch) => lookups.cells(id, batch),
      keepCells: (id, batch, cells, repairs) => lookups.keepCells(id, batch, cells, repairs),
      onDamaged: damaged('cells', true),
      makeCells: (task) => workers.cells(task),
      onNotKept: (error) => log.warn({ err: error }, 'the cells of a batch could not be kept'),
    },
    { bytes: configuration.cacheBytes / 8, seconds: configuration.cacheSeconds },
  );
  const queue = new InclusionQueue({
    workers: configuration.inclusionWorkers,
    load: (id, batch) => materials.of(id, batch),
    async prove(id, material, rows) {
      const started = performance.now();
      // The witness is read only where no thread has the batch any more.
      const documents =
        (await workers.proveKept({ ...material, rows })) ??
        (await workers.prove({
          ...material,
          rows,
          witness: await materials.witness(id, material.batch),
        }));
      metrics.inclusionTask((performance.now() - started) / 1000);
      return documents;
    },
  });
  const claims = claimLookup({
    workers,
    inclusionWorkers: configuration.inclusionWorkers,
    lookups,
    manifest: async (id) => (await manifests.ofSnapshot(id))?.manifest,
    onOutcome: (outcome) => metrics.claimFile(outcome),
    witness: (id, batch) => materials.witness(id, batch),
  });
  const verifying = new FairQueue({
    atOnce: VERIFICATION_THREADS,
    mostWaiting: 64,
    mostOfOne: 16,
    busy: () =>
      new SolventError('VERIFICATION_BUSY', 'usage', 'too many verifications wait already; try again soon', {
        retryAfter: 5,
      }),
  });
  const downloads = new Downloads(configuration.downloads);
  const metrics = new GatewayMetrics(registry, {
    waiting: () => queue.waiting + claims.waiting(),
    verifying: () => verifying.waiting,
    downloads: () => downloads.taken,
    cacheBytes: () => cache.bytes,
  });
  const plainOpenings = new PlainOpenings((who, id, batch, row) =>
    verifying.run(who, async () => {
      const [{ manifest }, witness] = await Promise.all([
        materials.of(id, batch),
        materials.witness(id, batch),
      ]);
      return verifiers.plain({ manifest, batch, witness, row });
    }),
  );

  const stored = {
    ...{ proofs: globalProofs, manifests, reads },
    ...{ operator: configuration.operator, workers: configuration.verifyWorkers },
  };
  const allowances = new Allowances(
    new RequestCounts(database, keyring),
    (error) => log.warn({ err: error }, 'the gateways cannot count together: each counts for itself'),
    now,
  );
  const limits = new RateLimits(configuration.rates, (what) => metrics.limited(what), allowances);
  const lookupCounts = new LookupCounts(
    (entry) => auditLog.record(entry),
    (error) => log.warn({ err: error }, 'look-ups could not be recorded; they will be'),
    now,
  );
  const bundles = new SealedBundles(database);
  const claimRecords = new ClaimRecords(database);
  const claimKeys = new ClaimKeyFiles(configuration.claimKeys, (name, error) => {
    metrics.damaged('claim-key');
    log.error({ name, err: error }, 'a file of the claim keys is not served');
  });
  const reservesReads = new ReservesReads(database, keyring);
  const progressReader = new ProgressReader((id) => snapshots.progress(id));
  return {
    snapshots: reads,
    proofReads,
    manifests,
    previous,
    globalProofs,
    metrics,
    cache,
    keeper,
    keys,
    listings: new SourceListings(database),
    plainOpenings,
    lookup: new InclusionLookup({
      look: (id, key) => lookups.look(id, key),
      prove: (who, id, batch, row) => queue.prove(who, id, batch, row),
      records: new KeptRecords({
        published: (id) => manifests.ofSnapshot(id),
        place: (id, batch, batchCount) => places.of(id, batch, batchCount),
      }),
      keep: (proof) => keeper.keep(proof),
      onDamaged: damaged('kept-proof', true),
      cache,
      onOutcome: (outcome) => metrics.lookup(outcome),
    }),
    claims: claims.lookup,
    claimKeys,
    claimChallenges: new ClaimChallenges(async (challenge) => {
      const expiresAt = await claimRecords.give(challenge);
      metrics.challengeGiven();
      lookupCounts.add(challenge.apiKeyId, 'claimChallenges');
      return expiresAt;
    }),
    claimVerifier: new ClaimVerifier({
      manifest: (id) => manifests.ofSnapshot(id),
      key: (digest) => claimKeys.find(digest),
      verify: (caller, task) => verifying.run(turnOf(caller), () => verifiers.verifyClaim(task)),
      onVerified: ({ keyId }, seconds, outcome) => {
        metrics.verifiedClaim(seconds, outcome);
        lookupCounts.add(keyId, 'claims');
        if (outcome === 'taken') lookupCounts.add(keyId, 'claimsTaken');
      },
      take: (claim) => claimRecords.take(claim),
      allowDevelopment: configuration.claimDevelopment,
    }),
    serverClaims: new ServerClaims({
      ...{ offered: configuration.claimProving, patience: 1000 * configuration.claimSeconds },
      allowDevelopment: configuration.claimDevelopment,
      manifest: (id) => manifests.ofSnapshot(id),
      key: (digest) => claimKeys.find(digest),
      file: (caller, asked) => claims.lookup.get(turnOf(caller), asked),
      proving: new ClaimProving(database, keyring),
      publish: (contract, message) => bus.publish(contract, message),
      verify: (caller, task) => verifying.run(turnOf(caller), () => verifiers.verifyClaim(task)),
      onOutcome: (outcome) => metrics.provedClaim(outcome),
      onNotPublished: (error) =>
        log.warn({ err: error }, 'provers could not be told of a claim; its client asks again'),
      onNotForgotten: (error) =>
        log.warn({ err: error }, 'what is over of claims made here could not be removed; it will be'),
    }),
    verifier: new InclusionVerifier({
      manifest: async (digest) => {
        const row = await reads.manifestByDigest(digest);
        return row ? manifests.of(row) : undefined;
      },
      verify: (caller, task) => verifying.run(turnOf(caller), () => verifiers.verify(task)),
      charge: async (caller, verifications) => {
        for (let i = 0; i < verifications; i++) await limits.take(caller, 'verification');
      },
      onVerified: (seconds, outcome) => metrics.verifiedInclusion(seconds, outcome),
    }),
    verifications: new GlobalVerifications({
      store: new VerificationTable(database),
      batchCount: async (id) => {
        const row = await reads.manifest(id);
        return row ? manifests.of(row).manifest.batchCount : undefined;
      },
      verify: (id, onProgress, signal) => verifyStoredProof(stored, id, onProgress, signal),
      onFinished: (snapshotId, seconds, valid) => {
        metrics.verifiedGlobal(seconds);
        log.info({ snapshotId, seconds, valid }, 'a global proof was verified');
      },
      onError: (snapshotId, error) =>
        log.error({ snapshotId, err: error }, 'the verification of a global proof broke off'),
    }),
    requests: new SnapshotRequests({
      operator: configuration.operator,
      now: () => new Date(),
      request: (wanted) => snapshots.request(wanted, requestKey),
      claimKey: async (digest) => (await claimKeys.find(digest))?.key,
      claimDevelopment: configuration.claimDevelopment,
      onDevelopmentKey: (snapshotId, digest) =>
        log.warn({ snapshotId, digest }, `private claims: ${DEVELOPMENT_WARNING}`),
      publish: (contract, message) => bus.publish(contract, message),
      onNotPublished: (run, error) =>
        log.warn({ ...run, err: error }, 'a request could not be published; ingest will find it'),
    }),
    bundles,
    checkedBundles: new CheckedBundles({
      bundles: new BundleReads(database),
      manifest: async (id) => (await manifests.ofSnapshot(id))?.manifest,
      digests,
      onDamaged: damaged('bundle', false),
    }),
    bundleRequests: new BundleRequests({
      runOf: async (id) => {
        const row = await reads.find(id);
        return row && { snapshotId: row.id, attempt: row.attempt };
      },
      request: (id, requestedBy) => bundles.request(id, requestedBy, requestKey),
      progress: (id) => bundles.progress(id),
      publish: (contract, message) => bus.publish(contract, message),
      onNotPublished: (run, error) =>
        log.warn({ ...run, err: error }, 'a request could not be published; the signer will find it'),
    }),
    reservesReads,
    reservesFiles: new ReservesFiles(reservesReads, damaged('reserves', false)),
    reservesFeed: new ReservesFeed((id) => reservesReads.find(id)),
    reservesRequests: new ReservesRequests({
      request: (wanted) => new ReservesRepository(database).request(wanted, new ReservesMarks(requestKey)),
      publish: (contract, message) => bus.publish(contract, message),
      onNotPublished: (run, error) =>
        log.warn({ ...run, err: error }, 'a request could not be published; ingest will find it'),
    }),
    latest: new LatestSnapshot(reads, configuration.operator),
    progressReader,
    feed: new ProgressFeed((id) => progressReader.read(id)),
    callers: new Callers(
      (key) => keys.authenticate(key),
      limits,
      () => metrics.keyRefused(),
    ),
    limits,
    lookupCounts,
    tags: new AddressTags(now),
    downloads,
    audit: new AuditTrail((entry) => auditLog.record(entry)),
    answers: new ErrorAnswers(
      (error, requestId) => log.error({ err: error, requestId }, 'a request failed'),
      configuration.introspection,
    ),
    views: new SnapshotViews(manifests, publicUrl),
  };
}
