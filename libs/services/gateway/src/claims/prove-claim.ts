import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  claimNullifier,
  claimScope,
  DEVELOPMENT_WARNING,
  parseClaim,
  parseClaimFile,
  type Claim,
  type ClaimFile,
} from '@solvent-por/claims';
import { equalBytes, SolventError, toHex, utf8 } from '@solvent-por/kzg';
import { refuseWithoutClaims, type ClaimAnswer, type ClaimVerificationTask } from '@solvent-por/prover';
import { claimRequested, type ClaimRequested } from '@solvent-por/services/contracts';
import type { ClaimAsker, ClaimProving, ClaimToProve } from '@solvent-por/services/database';
import { sizeOf, type Manifest } from '@solvent-por/verifier';
import { turnOf, type Caller } from '../access/caller';
import { refusals } from '../errors/answered';
import type { AskedClaimFile, ClaimDocument } from '../lookup/claim-lookup';
import { SingleFlight } from '../lookup/single-flight';
import type { PublishedManifest } from '../snapshots/published-manifests';
import { challengeOf, thresholdOf, valueOf, type AskedValue } from './asked-claim';
import type { ServedKey } from './claim-keys';

/** A claim that is to be made here. */
export interface WantedClaim extends AskedClaimFile, AskedValue {
  readonly partner: string;
  readonly purpose: string;
  /** 31 bytes in hex, the partner's. */
  readonly challenge: string;
  /** In smallest units: decimal. */
  readonly threshold: string;
  /** The caller's word that they know what is seen here. */
  readonly serverSeesRequest: boolean;
}

/** A claim that was made here, and verified. */
export interface MadeClaim {
  readonly document: string;
  /** SHA-256 of the document. */
  readonly documentDigest: string;
  readonly key: string;
  readonly nullifier: string;
  readonly developmentSetUp: boolean;
  readonly snapshot: string;
  readonly takenAt: string;
}

/** `silent`: no prover answered in time; `failed`: one answered that it cannot; `invalid`: with what is no such claim. */
export type ProvingOutcome = 'proved' | 'refused' | 'silent' | 'failed' | 'invalid';

export interface ServerClaimsPorts {
  /** Whether provers were told to make claims, and how long they are waited for, in milliseconds. */
  readonly offered: boolean;
  readonly patience: number;
  readonly allowDevelopment: boolean;
  readonly manifest: (snapshotId: string) => Promise<PublishedManifest | undefined>;
  readonly key: (digest: string) => Promise<ServedKey | undefined>;
  /** As `claimFile` answers. */
  readonly file: (caller: Caller, asked: AskedClaimFile) => Promise<ClaimDocument>;
  readonly proving: Pick<ClaimProving, 'idOf' | 'ask' | 'answer' | 'forget'>;
  readonly publish: (contract: typeof claimRequested, message: ClaimRequested) => Promise<void>;
  /** Verifies in a worker thread, in the caller's turn. @throws SolventError VERIFICATION_BUSY */
  readonly verify: (caller: Caller, task: ClaimVerificationTask) => Promise<ClaimAnswer>;
  readonly onOutcome: (outcome: ProvingOutcome) => void;
  readonly onNotPublished: (error: unknown) => void;
  readonly onNotForgotten: (error: unknown) => void;
}

/** Between two looks for an answer. */
const LOOK_MS = 200;
/** So long what is over stays at most, while a gateway runs. */
const FORGET_MS = 60_000;

/**
 * Has provers make claims for clients that cannot. All that is cheap is looked at first; then one request a
 * caller and account, and a few of all, wait for a prover. The same request again finds the claim that was made meanwhile,
 * at this gateway or another.
 */
export class ServerClaims {
  readonly #asked = new SingleFlight<Uint8Array>();
  readonly #closing = new AbortController();
  #forgetting: NodeJS.Timeout | undefined;

  constructor(private readonly ports: ServerClaimsPorts) {}

  /** Forgets what is over, now and from time to time: also where no more claims are made. */
  start(): void {
    const { proving, onNotForgotten } = this.ports;
    const forget = () => void proving.forget().catch(onNotForgotten);
    forget();
    this.#forgetting = setInterval(forget, FORGET_MS).unref();
  }

  /** Whether claims are made here with a key. */
  offers({ key }: ServedKey): boolean {
    return this.ports.offered && (this.ports.allowDevelopment || !isDevelopment(key));
  }

  /**
   * @throws SolventError CLAIM_SERVER_SEES, CLAIM_PROVING_NOT_OFFERED, CLAIM_DEVELOPMENT, CLAIM_BELOW,
   *   CLAIM_PROVING_ANOTHER, CLAIM_PROVING_BUSY, CLAIM_PROVER_SILENT, CLAIM_PROVER_FAILED (usage); as claimFile
   *   and ClaimVerifier.verify
   */
  async prove(caller: Caller, wanted: WantedClaim): Promise<MadeClaim> {
    const { ports } = this;
    if (!wanted.serverSeesRequest) throw serverSees();
    if (!ports.offered) throw notOffered();
    const [challenge, threshold] = [challengeOf(wanted.challenge), thresholdOf(wanted.threshold)];
    const scope = claimScope(wanted.partner, wanted.purpose);
    const published = await ports.manifest(wanted.snapshotId);
    if (!published) throw refusals.snapshotNotFound();
    const { manifest, trust } = published;
    refuseWithoutClaims(manifest);
    if (!trust.valid) throw new SolventError(trust.code, 'usage', trust.reason);
    const value = valueOf(wanted, published);
    const served = await this.#keyOf(manifest);
    const { text } = await ports.file(caller, wanted);
    const file = parseClaimFile(utf8(text));
    if (file.values[value]! < threshold) throw below();
    const asked = { value, threshold, scope, challenge };
    const asker = { who: turnOf(caller), account: toHex(file.id) };
    const made = await this.#made(asker, {
      ...{ snapshotId: wanted.snapshotId, file: text, key: toHex(served.key.digest) },
      ...{ value, threshold: threshold.toString(), scope: toHex(scope), challenge: toHex(challenge) },
    });
    const verdict = await ports.verify(caller, {
      ...{ claim: made, manifest: utf8(published.document), verifyingKey: new Uint8Array(served.bytes) },
      ...{ ...asked, allowDevelopment: true },
    });
    if ('malformed' in verdict || !verdict.valid || !isAsked(parseClaim(made), file, asked)) {
      ports.onOutcome('invalid');
      throw wrong();
    }
    ports.onOutcome('proved');
    const { snapshot, takenAt } = manifest.header;
    return {
      ...{ document: Buffer.from(made).toString('utf8'), nullifier: verdict.nullifier, snapshot, takenAt },
      documentDigest: toHex(createHash('sha256').update(made).digest()),
      ...{ key: toHex(served.key.digest), developmentSetUp: verdict.developmentSetUp },
    };
  }

  /** Whoever waits is told to ask again: elsewhere, or here when this gateway is back. */
  close(): void {
    clearInterval(this.#forgetting);
    this.#closing.abort();
  }

  /** @throws SolventError CLAIM_KEY_NOT_SERVED, CLAIM_DEVELOPMENT (usage) */
  async #keyOf({ claimKeys, header }: Manifest): Promise<ServedKey> {
    const { published } = sizeOf(header);
    for (const digest of claimKeys ?? []) {
      const served = await this.ports.key(digest);
      if (served?.key.document.values !== published) continue;
      if (this.offers(served)) return served;
      throw new SolventError(
        'CLAIM_DEVELOPMENT',
        'usage',
        `the key of these claims is of a ${DEVELOPMENT_WARNING}: no claim is made with it here`,
      );
    }
    throw refusals.claimKeyNotServed();
  }

  async #made(asker: ClaimAsker, request: ClaimToProve): Promise<Uint8Array> {
    const id = this.ports.proving.idOf(request);
    return this.#asked.run(id.toString('hex'), () => this.#ask(id, request, asker));
  }

  async #ask(id: Buffer, request: ClaimToProve, asker: ClaimAsker): Promise<Uint8Array> {
    const { proving, onOutcome } = this.ports;
    await proving.ask(id, request, asker).catch((error: unknown) => {
      onOutcome('refused');
      throw error;
    });
    const claim = (await this.#answer(id)) ?? (await this.#wait(id));
    if (claim) return claim;
    // A gateway that ends has not waited.
    if (!this.#closing.signal.aborted) onOutcome('silent');
    throw silent();
  }

  /** Tells provers again each time: a message may have been lost, and a second one does nothing. */
  async #wait(id: Buffer): Promise<Uint8Array | undefined> {
    const { publish, onNotPublished, patience } = this.ports;
    void publish(claimRequested, { id: id.toString('hex') }).catch(onNotPublished);
    const { signal } = this.#closing;
    for (const end = performance.now() + patience; performance.now() < end && !signal.aborted;) {
      await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
      const claim = await this.#answer(id);
      if (claim) return claim;
    }
    return undefined;
  }

  /** @throws SolventError CLAIM_PROVER_FAILED (usage) */
  async #answer(id: Buffer): Promise<Uint8Array | undefined> {
    const answer = await this.ports.proving.answer(id);
    if (answer && 'code' in answer) {
      this.ports.onOutcome('failed');
      throw failed();
    }
    return answer?.claim;
  }
}

function isDevelopment({ document }: ServedKey['key']): boolean {
  return document.setUp.kind === 'development';
}

/** That it holds was verified; that it is the account's own, with no more than was asked for, is seen here. */
function isAsked(
  claim: Claim,
  { claimKey }: ClaimFile,
  asked: Pick<Claim, 'value' | 'threshold' | 'scope' | 'challenge'>,
): boolean {
  return (
    claim.value === asked.value &&
    claim.threshold === asked.threshold &&
    equalBytes(claim.scope, asked.scope) &&
    equalBytes(claim.challenge, asked.challenge) &&
    claim.nullifier === claimNullifier(claimKey, asked.scope)
  );
}

function serverSees(): SolventError<'CLAIM_SERVER_SEES'> {
  return new SolventError(
    'CLAIM_SERVER_SEES',
    'usage',
    'a claim that is made here shows this server which account asks, for which partner and purpose, how much it wants to show and with which challenge; made on your own device it would not. If that is all right, say it with serverSeesRequest: true',
  );
}

function notOffered(): SolventError<'CLAIM_PROVING_NOT_OFFERED'> {
  return new SolventError(
    'CLAIM_PROVING_NOT_OFFERED',
    'usage',
    'no claims are made at this server: fetch the claim file (claimFile) and make the claim on your own device, on the page or with `solvent claim prove`',
  );
}

function below(): SolventError<'CLAIM_BELOW'> {
  return new SolventError(
    'CLAIM_BELOW',
    'usage',
    'the account holds less than the threshold: no such claim can be made; ask for less',
  );
}

function silent(): SolventError<'CLAIM_PROVER_SILENT'> {
  return new SolventError(
    'CLAIM_PROVER_SILENT',
    'usage',
    'no prover has answered yet: ask for the same claim again, which costs no second proof, or make it on your own device',
    { retryAfter: 10 },
  );
}

function failed(): SolventError<'CLAIM_PROVER_FAILED'> {
  return new SolventError(
    'CLAIM_PROVER_FAILED',
    'usage',
    'the provers of this server could not make this claim, and their log says why: make it on your own device, or ask again in a minute',
    { retryAfter: 60 },
  );
}

function wrong(): SolventError<'CLAIM_PROVED_WRONG'> {
  return new SolventError(
    'CLAIM_PROVED_WRONG',
    'internal',
    'what a prover gave as a claim is not the one that it was asked for, or does not hold: it was not handed out; look whether gateways and provers are of one version, and who may write to the database',
  );
}
