import * as claims from './claim-shapes';
import { operation } from './operation';
import { flag, nullable } from './shape';
import * as reserves from './reserves-shapes';
import * as shapes from './shapes';

export type ApiRole = 'PARTNER' | 'AUDITOR' | 'OPERATOR';

/** A JSON value, as far as TypeScript can say it. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json | undefined };

export interface NewApiKey {
  /** Whose it is: 1 to 100 characters. */
  readonly name: string;
  readonly role: ApiRole;
  /** ISO 8601. */
  readonly expiresAt?: string;
  /** Names that it may ask for private claims in, at most 16. */
  readonly partners?: readonly string[];
}

export interface SnapshotRequest {
  /** The configuration as `solvent check` takes it: an object, or the text of the file. */
  readonly config: Json;
  /** The balances: a path below ingest's source folder. */
  readonly source: string;
}

export interface ReservesRequest {
  /** The snapshot whose liabilities they are compared with. */
  readonly snapshotId: string;
  /** A folder below ingest's source folder with the two files that `solvent reserves build` writes. */
  readonly source: string;
}

/** Which lines of reserves; a member that is null is not asked for. */
export interface LineFilter {
  /** What the address begins with. */
  readonly search: string | null;
  readonly network: string | null;
  readonly asset: string | null;
}

/** As GraphQL takes it: integers that may be large are text. */
interface ServerClaimInput extends Omit<claims.ServerClaim, 'threshold'> {
  readonly threshold: string;
}

interface ClaimInput extends Omit<claims.AskedClaim, 'threshold'> {
  readonly claim: Json;
  readonly threshold: string;
}

interface Page {
  readonly first: number;
  readonly after: string | null;
}

interface OfSnapshot {
  readonly snapshotId: string;
}

const PAGE = { first: 'Int!', after: 'String' } as const;
const OF_SNAPSHOT = { snapshotId: 'String!' } as const;

/** What `subscription.ts` hands out: this client opens no WebSocket itself. */
export const progressOperation = operation<OfSnapshot, shapes.SnapshotProgress>(
  'subscription',
  'snapshotProgress',
  OF_SNAPSHOT,
  shapes.snapshotProgress,
);

/** Every request this client makes. */
export const operations = {
  snapshots: operation<Page, shapes.SnapshotPage>('query', 'snapshots', PAGE, shapes.snapshotPage),
  snapshot: operation<{ readonly id: string }, shapes.NamedSnapshot | null>(
    'query',
    'snapshot',
    { id: 'String!' },
    nullable(shapes.namedSnapshot),
  ),
  snapshotLosses: operation<{ readonly id: string }, shapes.SnapshotLosses | null>(
    'query',
    'snapshot',
    { id: 'String!' },
    nullable(shapes.snapshotLosses),
  ),
  snapshotBundle: operation<{ readonly id: string }, shapes.SnapshotBundle | null>(
    'query',
    'snapshot',
    { id: 'String!' },
    nullable(shapes.snapshotBundle),
  ),
  latestSnapshot: operation<object, shapes.Snapshot | null>(
    'query',
    'latestSnapshot',
    {},
    nullable(shapes.snapshot),
  ),
  manifests: operation<Page, shapes.ManifestPage>('query', 'manifests', PAGE, shapes.manifestPage),
  inclusionProof: operation<OfSnapshot & { readonly accountId: string }, shapes.InclusionProof>(
    'query',
    'inclusionProof',
    { ...OF_SNAPSHOT, accountId: 'String!' },
    shapes.inclusionProof,
  ),
  claimFile: operation<{ readonly input: claims.OwnAccount }, shapes.ClaimFile>(
    'query',
    'claimFile',
    { input: 'ClaimFileInput!' },
    shapes.claimFile,
  ),
  claimKeys: operation<OfSnapshot, readonly claims.ClaimKey[]>(
    'query',
    'claimKeys',
    OF_SNAPSHOT,
    claims.claimKeys,
  ),
  claimChallenge: operation<{ readonly input: claims.ClaimPurpose }, claims.ClaimChallenge>(
    'mutation',
    'claimChallenge',
    { input: 'ClaimChallengeInput!' },
    claims.claimChallenge,
  ),
  proveClaim: operation<{ readonly input: ServerClaimInput }, claims.ProvedClaim>(
    'mutation',
    'proveClaim',
    { input: 'ProveClaimInput!' },
    claims.provedClaim,
  ),
  verifyClaim: operation<{ readonly input: ClaimInput }, claims.ClaimVerification>(
    'mutation',
    'verifyClaim',
    { input: 'VerifyClaimInput!' },
    claims.claimVerification,
  ),
  plainOpening: operation<OfSnapshot & { readonly accountId: string }, shapes.PlainOpening>(
    'query',
    'plainOpening',
    { ...OF_SNAPSHOT, accountId: 'String!' },
    shapes.plainOpening,
  ),
  verifyInclusion: operation<
    { readonly proof: Json; readonly accountId?: string },
    shapes.InclusionVerification
  >('mutation', 'verifyInclusion', { proof: 'JSON!', accountId: 'String' }, shapes.inclusionVerification),
  globalProof: operation<OfSnapshot, shapes.GlobalProof>(
    'query',
    'globalProof',
    OF_SNAPSHOT,
    shapes.globalProof,
  ),
  globalVerification: operation<OfSnapshot, shapes.GlobalVerification | null>(
    'query',
    'globalVerification',
    OF_SNAPSHOT,
    nullable(shapes.globalVerification),
  ),
  verifyGlobal: operation<OfSnapshot, shapes.GlobalVerification>(
    'mutation',
    'verifyGlobal',
    OF_SNAPSHOT,
    shapes.globalVerification,
  ),
  sources: operation<object, shapes.OfferedSources>('query', 'sources', {}, shapes.offeredSources),
  requestSnapshot: operation<{ readonly input: SnapshotRequest }, shapes.RequestedSnapshot>(
    'mutation',
    'requestSnapshot',
    { input: 'RequestSnapshotInput!' },
    shapes.requestedSnapshot,
  ),
  sealBundle: operation<OfSnapshot & { readonly keysAreSecret: boolean }, shapes.RequestedBundle>(
    'mutation',
    'sealBundle',
    { ...OF_SNAPSHOT, keysAreSecret: 'Boolean!' },
    shapes.requestedBundle,
  ),
  requestReserves: operation<{ readonly input: ReservesRequest }, reserves.RequestedReserves>(
    'mutation',
    'requestReserves',
    { input: 'RequestReservesInput!' },
    reserves.requestedReserves,
  ),
  reserves: operation<OfSnapshot, reserves.Reserves | null>(
    'query',
    'reserves',
    OF_SNAPSHOT,
    nullable(reserves.reserves),
  ),
  solvency: operation<OfSnapshot, reserves.Solvency | null>(
    'query',
    'solvency',
    OF_SNAPSHOT,
    nullable(reserves.solvency),
  ),
  reserveLines: operation<OfSnapshot & Page & LineFilter, reserves.ReserveLinePage>(
    'query',
    'reserveLines',
    { ...OF_SNAPSHOT, ...PAGE, search: 'String', network: 'String', asset: 'String' },
    reserves.reserveLinePage,
  ),
  createApiKey: operation<{ readonly input: NewApiKey }, shapes.CreatedApiKey>(
    'mutation',
    'createApiKey',
    { input: 'CreateApiKeyInput!' },
    shapes.createdApiKey,
  ),
  revokeApiKey: operation<{ readonly id: string }, boolean>(
    'mutation',
    'revokeApiKey',
    { id: 'String!' },
    flag,
  ),
  health: operation<object, shapes.Health>('query', 'health', {}, shapes.health),
} as const;
