import { SolventClient } from './client';
import type { TransportOptions } from './transport';

export { apiKeyText, isApiKeyId, LIKE_AN_API_KEY, parseApiKey, type ApiKeyParts } from './api-key';
export { SolventClient, type ReserveLineOptions } from './client';
export {
  type AskedClaim,
  type ClaimChallenge,
  type ClaimKey,
  type ClaimPurpose,
  type ClaimVerification,
  type OwnAccount,
  type ProvedClaim,
  type ServerClaim,
} from './claim-shapes';
export { type GlobalProofStream, type ResumeOptions } from './download';
export { SolventApiError, type ClientCode } from './errors';
export { snapshotProgress, type ProgressSubscription } from './subscription';
export {
  type ApiRole,
  type Json,
  type NewApiKey,
  type ReservesRequest,
  type SnapshotRequest,
} from './operations';
export { type Page, type PageOptions } from './pages';
export {
  type AssetSolvency,
  type RequestedReserves,
  type ReserveLevel,
  type ReserveLine,
  type Reserves,
  type ReservesState,
  type Solvency,
  type SolvencyVerdict,
} from './reserves-shapes';
export {
  type Amount,
  type CreatedApiKey,
  type GlobalProof,
  type GlobalVerification,
  type Health,
  type ClaimFile,
  type InclusionProof,
  type InclusionVerification,
  type Loss,
  type NamedSnapshot,
  type OfferedSources,
  type PlainOpening,
  type PublishedManifest,
  type RequestedBundle,
  type RequestedSnapshot,
  type SealedBundle,
  type Snapshot,
  type SnapshotFailure,
  type SnapshotProgress,
  type SnapshotState,
  type VerificationFinding,
} from './shapes';
export { type RequestOptions, type TransportOptions } from './transport';
export { type WatchOptions } from './watch-reserves';

/**
 * A client of one gateway; it opens nothing before its first request.
 * @throws SolventApiError ENDPOINT_MALFORMED, API_KEY_MALFORMED
 */
export function createClient(options: TransportOptions): SolventClient {
  return new SolventClient(options);
}
