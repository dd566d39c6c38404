import {
  accountIdOf,
  accountIdText,
  claimAccessText,
  ownAccountOf,
  trustedAccount,
  type TrustedAccount,
} from './account-id';
import type * as claims from './claim-shapes';
import {
  downloadManifest,
  downloadReserves,
  streamFile,
  type GlobalProofStream,
  type ResumeOptions,
} from './download';
import { SolventApiError } from './errors';
import type { Operation } from './operation';
import {
  operations,
  type Json,
  type LineFilter,
  type NewApiKey,
  type ReservesRequest,
  type SnapshotRequest,
} from './operations';
import type * as held from './reserves-shapes';
import type * as shapes from './shapes';
import { pageAsked, pageOf, walk, type Nodes, type Page, type PageOptions } from './pages';
import { Transport, type RequestOptions, type TransportOptions } from './transport';
import { watched, type WatchOptions } from './watch-reserves';

export interface ReserveLineOptions extends PageOptions, Partial<LineFilter> {}

/**
 * One gateway, typed. Every method rejects with SolventApiError, or with the reason of the signal that ended
 * it.
 */
export class SolventClient {
  readonly #transport: Transport;

  /** @throws SolventApiError ENDPOINT_MALFORMED, API_KEY_MALFORMED */
  constructor(options: TransportOptions) {
    this.#transport = new Transport(options);
  }

  /**
   * The id of an account in a snapshot, made here from its key, which is not sent, and the snapshot's
   * manifest.
   * @param accountKey 64 hex digits as people hand them over
   * @returns 0x and 64 hex digits
   * @throws SolventApiError KEY_MALFORMED; SNAPSHOT_NOT_FOUND; RESPONSE_MALFORMED: what came is no manifest
   */
  async accountId(snapshotId: string, accountKey: string, options: RequestOptions = {}): Promise<string> {
    return accountIdOf(accountKey, () => this.downloadManifest(snapshotId, options));
  }

  /**
   * Proof of one account, and the manifest that it belongs to.
   * @param accountId the account's id in that snapshot (see `accountId`), never its key: 64 hex digits as
   *   people hand them over, blanks and quotes around them, `0X` and capital letters are forgiven
   * @throws SolventApiError ID_MALFORMED; ACCOUNT_NOT_FOUND, for whatever is unknown: account or snapshot
   */
  async inclusionProof(
    snapshotId: string,
    accountId: string,
    options: RequestOptions = {},
  ): Promise<shapes.InclusionProof> {
    return this.#run(operations.inclusionProof, { snapshotId, accountId: accountIdText(accountId) }, options);
  }

  /**
   * What an account's owner asks for its claim file with, made here from the account's key, which is not sent,
   * and the snapshot's manifest. `access` is secret.
   * @param accountKey as accountId takes it
   * @throws as accountId
   */
  async ownAccount(
    snapshotId: string,
    accountKey: string,
    options: RequestOptions = {},
  ): Promise<claims.OwnAccount> {
    const made = await ownAccountOf(accountKey, () => this.downloadManifest(snapshotId, options));
    return { snapshotId, ...made };
  }

  /**
   * What the account's owner makes private claims with: to be kept like a key. Have `checkClaimFile` of the
   * claims package look whether the account is in the claim tree: nobody else can.
   * @param own as `ownAccount` makes it: the id alone, which users show to auditors, is not enough
   * @throws SolventApiError ID_MALFORMED, ACCESS_MALFORMED; ACCOUNT_NOT_FOUND, for whatever is unknown: account,
   *   access or snapshot; CLAIMS_NOT_OFFERED: the snapshot has no claim tree
   */
  async claimFile(own: claims.OwnAccount, options: RequestOptions = {}): Promise<shapes.ClaimFile> {
    return this.#run(operations.claimFile, { input: ownInput(own) }, options);
  }

  /**
   * Verifying keys that a snapshot's manifest names, as far as the service has them; empty where it has no claim
   * tree. The manifest's digests say which they are.
   * @throws SolventApiError SNAPSHOT_NOT_FOUND
   */
  claimKeys(snapshotId: string, options: RequestOptions = {}): Promise<readonly claims.ClaimKey[]> {
    return this.#run(operations.claimKeys, { snapshotId }, options);
  }

  /**
   * Has the service make a private claim, for devices that cannot: it takes some seconds, and the service sees
   * the whole request. The same request again gives the same claim for ten minutes: ask again after
   * CLAIM_PROVER_SILENT, or when the connection was lost. Whether it is offered, `claimKeys` says.
   * @throws SolventApiError as claimFile; CLAIM_SERVER_SEES, CLAIM_PROVING_NOT_OFFERED, CLAIM_KEY_NOT_SERVED,
   *   CLAIM_DEVELOPMENT, CLAIM_BELOW, CLAIM_PROVING_ANOTHER, CLAIM_PROVING_BUSY, CLAIM_PROVER_SILENT,
   *   CLAIM_PROVER_FAILED, ARGUMENT_INVALID
   */
  async proveClaim(wanted: claims.ServerClaim, options: RequestOptions = {}): Promise<claims.ProvedClaim> {
    const { partner, purpose, challenge, symbol, value, threshold, serverSeesRequest } = wanted;
    const input = {
      ...{ ...ownInput(wanted), partner, purpose, challenge, serverSeesRequest },
      ...{ threshold: threshold.toString(), ...(symbol !== undefined && { symbol }) },
      ...(value !== undefined && { value }),
    };
    return this.#run(operations.proveClaim, { input }, options);
  }

  /**
   * Partners: a challenge to ask a user for a claim with, good once, for ten minutes, for your key.
   * @throws SolventApiError CLAIM_SCOPE_TEXT, CLAIM_PARTNER, CLAIM_CHALLENGES_MANY
   */
  claimChallenge(
    { partner, purpose }: claims.ClaimPurpose,
    options: RequestOptions = {},
  ): Promise<claims.ClaimChallenge> {
    return this.#run(operations.claimChallenge, { input: { partner, purpose } }, options);
  }

  /**
   * Partners: has a claim verified by the service, which takes its challenge if it holds. A claim that is false
   * is an answer (`valid: false`), one that cannot be read is an error. Look at `seenBefore` and
   * `developmentSetUp`, too.
   * @param claim the document's text, or its JSON value, as the user showed it
   * @param asked your own
   * @throws SolventApiError SNAPSHOT_NOT_FOUND, CLAIMS_NOT_OFFERED, CLAIM_KEY_NOT_SERVED, CLAIM_PARTNER,
   *   ARGUMENT_INVALID, CLAIM_MALFORMED, CLAIM_ELEMENT, CLAIM_POINT, VERIFICATION_BUSY
   */
  verifyClaim(
    claim: Json,
    asked: claims.AskedClaim,
    options: RequestOptions = {},
  ): Promise<claims.ClaimVerification> {
    const { snapshotId, partner, purpose, challenge, symbol, value, threshold } = asked;
    const input = {
      ...{ claim, snapshotId, partner, purpose, challenge, threshold: threshold.toString() },
      ...(symbol !== undefined && { symbol }),
      ...(value !== undefined && { value }),
    };
    return this.#run(operations.verifyClaim, { input }, options);
  }

  /**
   * For whoever can check nothing but EIP-4844's point evaluation, a contract say. It takes the service a
   * while.
   * @throws SolventApiError as inclusionProof; LOOKUPS_BUSY, VERIFICATION_BUSY
   */
  async plainOpening(
    snapshotId: string,
    accountId: string,
    options: RequestOptions = {},
  ): Promise<shapes.PlainOpening> {
    return this.#run(operations.plainOpening, { snapshotId, accountId: accountIdText(accountId) }, options);
  }

  /**
   * Has an inclusion proof verified by the service. A proof that is false is an answer (`valid: false`), one
   * that cannot be read is an error.
   * @param proof the document's text, or its JSON value
   * @param more the id that it must be of, as people hand it over (never the account key), then options; or
   *   options alone: then the answer says `idChecked: false`.
   *   An id that is given but undefined or null is an error: taken for "none" it would leave the check out
   * without a word.
   * @throws SolventApiError ID_MALFORMED, OPTIONS_UNKNOWN
   */
  async verifyInclusion(proof: Json, ...more: TrustedAccount): Promise<shapes.InclusionVerification> {
    const { options, ...trusted } = trustedAccount(more);
    return this.#run(operations.verifyInclusion, { proof, ...trusted }, options);
  }

  /** Published snapshots, newest first, a page at a time as they are needed; operators see the others too. */
  snapshots(options: PageOptions = {}): AsyncGenerator<shapes.Snapshot, void> {
    return walk((page) => this.snapshotPage(page), options);
  }

  snapshotPage(options: PageOptions = {}): Promise<Page<shapes.Snapshot>> {
    return this.#page(operations.snapshots, options);
  }

  /** Null when there is none of this name, or none that the caller may see yet. */
  snapshot(id: string, options: RequestOptions = {}): Promise<shapes.NamedSnapshot | null> {
    return this.#run(operations.snapshot, { id }, options);
  }

  /** The newest that is published. */
  latestSnapshot(options: RequestOptions = {}): Promise<shapes.Snapshot | null> {
    return this.#run(operations.latestSnapshot, {}, options);
  }

  /**
   * How a snapshot shows less than the one that its manifest names as previous, as the service compares them:
   * an asset dropped, larger units, a weaker mode, months skipped, … . Empty where it shows no less; null
   * where no previous one was published there.
   * @throws SolventApiError SNAPSHOT_NOT_FOUND: none is published under this name
   */
  async lessThanPrevious(
    snapshotId: string,
    options: RequestOptions = {},
  ): Promise<readonly shapes.Loss[] | null> {
    const snapshot = await this.#run(operations.snapshotLosses, { id: snapshotId }, options);
    if (snapshot?.manifest) return snapshot.manifest.lessThanPrevious;
    throw new SolventApiError('SNAPSHOT_NOT_FOUND', 'there is no published snapshot of this name');
  }

  /**
   * The sealed bundle of a snapshot: where its files are, once it is SEALED; operators also see one that is
   * being made. Null where there is none.
   * @throws SolventApiError SNAPSHOT_NOT_FOUND: there is no snapshot of this name, or none that the caller
   *   may see yet
   */
  async sealedBundle(snapshotId: string, options: RequestOptions = {}): Promise<shapes.SealedBundle | null> {
    const snapshot = await this.#run(operations.snapshotBundle, { id: snapshotId }, options);
    if (snapshot) return snapshot.sealedBundle;
    throw new SolventApiError('SNAPSHOT_NOT_FOUND', 'there is no published snapshot of this name');
  }

  /**
   * All published manifests in the order of their time: the chain. `after` is the digest of the last one
   * known.
   */
  manifests(options: PageOptions = {}): AsyncGenerator<shapes.PublishedManifest, void> {
    return walk((page) => this.#page(operations.manifests, page), options);
  }

  /** Where a global proof is, and the manifest it begins with. @throws SolventApiError SNAPSHOT_NOT_FOUND */
  globalProof(snapshotId: string, options: RequestOptions = {}): Promise<shapes.GlobalProof> {
    return this.#run(operations.globalProof, { snapshotId }, options);
  }

  /** manifest.json: its canonical bytes. */
  downloadManifest(snapshotId: string, options: RequestOptions = {}): Promise<Uint8Array> {
    return downloadManifest(this.#transport, snapshotId, options);
  }

  /** global-proof.ndjson, which may be large: piece by piece, from where an earlier download stopped. */
  streamGlobalProof(snapshotId: string, options: ResumeOptions = {}): Promise<GlobalProofStream> {
    return streamFile(this.#transport, snapshotId, 'global-proof.ndjson', options);
  }

  /** Starts the service's own check of a global proof, or joins the one under way. */
  verifyGlobal(snapshotId: string, options: RequestOptions = {}): Promise<shapes.GlobalVerification> {
    return this.#run(operations.verifyGlobal, { snapshotId }, options);
  }

  /** How that check stands; null when there was none. */
  globalVerification(
    snapshotId: string,
    options: RequestOptions = {},
  ): Promise<shapes.GlobalVerification | null> {
    return this.#run(operations.globalVerification, { snapshotId }, options);
  }

  /** Operators: the sources that ingest offers, as it saw them last. */
  sources(options: RequestOptions = {}): Promise<shapes.OfferedSources> {
    return this.#run(operations.sources, {}, options);
  }

  /** Operators: asks for a snapshot. The same request again changes nothing. */
  requestSnapshot(request: SnapshotRequest, options: RequestOptions = {}): Promise<shapes.RequestedSnapshot> {
    return this.#run(operations.requestSnapshot, { input: request }, options);
  }

  /**
   * Operators: asks for the sealed bundle of a published snapshot. The same request again changes nothing,
   * and goes on with one that has failed.
   * @param word `keysAreSecret` says that every account key has 128 bits that nobody can guess: whoever has a
   *   bundle can try keys for ever
   * @throws SolventApiError SEALED_KEYS without that word; SNAPSHOT_NOT_FOUND, SNAPSHOT_NOT_PUBLISHED,
   *   SEALED_WEAK_IDS, PRIVATE_DATA_DROPPED
   */
  sealBundle(
    snapshotId: string,
    { keysAreSecret }: { readonly keysAreSecret: boolean },
    options: RequestOptions = {},
  ): Promise<shapes.RequestedBundle> {
    return this.#run(operations.sealBundle, { snapshotId, keysAreSecret }, options);
  }

  /**
   * Operators: asks for reserves to be judged and published beside a snapshot, which may be published later. The
   * same request again changes nothing; reserves that have failed are tried anew.
   * @throws SolventApiError SNAPSHOT_NOT_FOUND, SOURCE_MALFORMED, RESERVES_EXISTS (others are under way),
   *   RESERVES_PUBLISHED (what is published stays)
   */
  requestReserves(request: ReservesRequest, options: RequestOptions = {}): Promise<held.RequestedReserves> {
    return this.#run(operations.requestReserves, { input: request }, options);
  }

  /**
   * The reserves beside a snapshot, as the service judged them; null where none are published, or none that the
   * caller may see yet.
   */
  reserves(snapshotId: string, options: RequestOptions = {}): Promise<held.Reserves | null> {
    return this.#run(operations.reserves, { snapshotId }, options);
  }

  /** The service's own comparison of what is held with what is owed; null where no reserves are published. */
  solvency(snapshotId: string, options: RequestOptions = {}): Promise<held.Solvency | null> {
    return this.#run(operations.solvency, { snapshotId }, options);
  }

  /**
   * Lines of published reserves, a page at a time as they are needed: in the order of the file, or, where
   * `search` says what addresses begin with, in theirs.
   * @throws SolventApiError RESERVES_NOT_FOUND, ARGUMENT_INVALID
   */
  reserveLines(snapshotId: string, options: ReserveLineOptions = {}): AsyncGenerator<held.ReserveLine, void> {
    return walk((page) => this.reserveLinePage(snapshotId, { ...options, ...page }), options);
  }

  /** One page of them. @throws as reserveLines */
  async reserveLinePage(
    snapshotId: string,
    options: ReserveLineOptions = {},
  ): Promise<Page<held.ReserveLine>> {
    const { search = null, network = null, asset = null, signal } = options;
    const asked = { snapshotId, ...pageAsked(options), search, network, asset };
    return pageOf(await this.#run(operations.reserveLines, asked, { signal }));
  }

  /**
   * Operators: reserves each time that they have come further, until they are PUBLISHED or FAILED; the last one
   * is that.
   * @throws SolventApiError RESERVES_NOT_FOUND: nobody asked for any
   */
  watchReserves(snapshotId: string, options: WatchOptions = {}): AsyncGenerator<held.Reserves, void> {
    return watched(() => this.reserves(snapshotId, { signal: options.signal }), options);
  }

  /** reserves.json: its canonical bytes, at most 8 MiB. @throws SolventApiError RESERVES_NOT_FOUND */
  downloadReserves(snapshotId: string, options: RequestOptions = {}): Promise<Uint8Array> {
    return downloadReserves(this.#transport, snapshotId, options);
  }

  /** reserve-addresses.ndjson, which may be large: piece by piece, from where an earlier download stopped. */
  downloadReserveAddresses(snapshotId: string, options: ResumeOptions = {}): Promise<GlobalProofStream> {
    return streamFile(this.#transport, snapshotId, 'reserve-addresses.ndjson', options);
  }

  /** Operators: the key in the answer is shown this once. */
  createApiKey(key: NewApiKey, options: RequestOptions = {}): Promise<shapes.CreatedApiKey> {
    return this.#run(operations.createApiKey, { input: key }, options);
  }

  /** Operators. @returns false when it was revoked before */
  revokeApiKey(id: string, options: RequestOptions = {}): Promise<boolean> {
    return this.#run(operations.revokeApiKey, { id }, options);
  }

  health(options: RequestOptions = {}): Promise<shapes.Health> {
    return this.#run(operations.health, {}, options);
  }

  #run<V extends object, T>(operation: Operation<V, T>, variables: V, options: RequestOptions): Promise<T> {
    return this.#transport.run(operation, variables, options);
  }

  async #page<T>(
    operation: Operation<{ readonly first: number; readonly after: string | null }, Nodes<T>>,
    { first, after, ...options }: PageOptions,
  ): Promise<Page<T>> {
    return pageOf(await this.#run(operation, pageAsked({ first, after }), options));
  }
}

/** @throws SolventApiError ID_MALFORMED, ACCESS_MALFORMED */
function ownInput({ snapshotId, accountId, access }: claims.OwnAccount): claims.OwnAccount {
  return { snapshotId, accountId: accountIdText(accountId), access: claimAccessText(access) };
}
