import { SolventError } from '@solvent-por/kzg';
import { canonicalJson } from '@solvent-por/verifier';
import { lockInTransaction } from './advisory-lock';
import { inTransaction, type Database } from './database';
import { sealContext, type WitnessKeyring } from './witness-keyring';

/** A request that nobody asked about for so long is proved no more: whoever waited has gone. */
const WAITING_SECONDS = 60;
/** A claim is kept as long as its challenge is good. */
const KEPT_SECONDS = 600;
/** A prover that says nothing for so long was killed: another one may try. */
const TAKEN_SECONDS = 30;
/** Requests that wait or are proved, of all callers together: what one prover makes while somebody waits. */
const MOST_OPEN = 8;
/**
 * Of these, what is there for callers and accounts that had a claim lately: whoever comes again and again, with some
 * accounts and addresses, leaves the rest to those who come first.
 */
const MOST_OPEN_AGAIN = 4;
/** Of keyed hashes of callers and accounts. */
const NAME_BYTES = 16;

/** What a prover makes a claim from: all that an account's owner has, for one snapshot. */
export interface ClaimToProve {
  readonly snapshotId: string;
  /** The claim file, byte for byte as the owner gets it. */
  readonly file: string;
  /** Digest of the verifying key's document: 0x and 64 hex digits. */
  readonly key: string;
  readonly value: number;
  /** In smallest units: decimal. */
  readonly threshold: string;
  /** 31 bytes in hex, each. */
  readonly scope: string;
  readonly challenge: string;
}

/** Who asks, and about whom: neither has two requests under way. */
export interface ClaimAsker {
  /** Whose turn it takes. */
  readonly who: string;
  /** The account's id in the snapshot. */
  readonly account: string;
}

/** What became of a request. `code`: why a prover could not. */
export type ProvedClaim = { readonly claim: Uint8Array } | { readonly code: string };

const FORGET = 'DELETE FROM claim_proving WHERE until <= clock_timestamp()';

/** Requests under way: of all, of the one who asks; and what these were answered lately. */
interface Places {
  readonly open: number;
  readonly own: number;
  readonly before: number;
}

interface Row {
  readonly snapshot_id: string;
  readonly claim: Uint8Array | null;
  readonly witness_key_id: string;
  readonly failure: string | null;
}

/**
 * Claims that the gateways have the provers make. What is asked for and what is answered is sealed, and stands
 * here for minutes: of the claim key nothing is left as soon as there is an answer. The same request is the same
 * row, whoever asks and however often.
 */
export class ClaimProving {
  constructor(
    private readonly db: Database,
    private readonly keyring: WitnessKeyring,
  ) {}

  /** What a request is called: 32 bytes that say nothing without the witness key. */
  idOf(request: ClaimToProve): Buffer {
    return this.keyring.tag('claim-proving', canonicalJson({ ...request }));
  }

  /**
   * Asks for a claim; one that was asked for already is waited for longer.
   * @param asker each caller has one request at a time, and so has each account, from wherever it is asked about;
   *   who had a claim in the last minutes gets half of the places
   * @throws SolventError CLAIM_PROVING_ANOTHER, CLAIM_PROVING_BUSY (usage, details.retryAfter in seconds)
   */
  async ask(id: Uint8Array, request: ClaimToProve, { who, account }: ClaimAsker): Promise<void> {
    const { snapshotId } = request;
    const names = [this.#name('caller', who), this.#name('account', `${snapshotId}:${account}`)];
    const plain = Buffer.from(JSON.stringify(request), 'utf8');
    const { keyId, sealed } = this.keyring.seal(plain, sealContext.claimRequest(snapshotId, id));
    await inTransaction(this.db.pool, async (client) => {
      // Of many at once each counts those before it.
      await lockInTransaction(client, 'claim proving');
      await client.query(FORGET);
      const known = await client.query(
        `UPDATE claim_proving SET until =
           CASE WHEN request IS NULL THEN until ELSE clock_timestamp() + make_interval(secs => $2) END
         WHERE id = $1`,
        [id, WAITING_SECONDS],
      );
      if (known.rowCount === 1) return;
      const { rows } = await client.query<Places>(
        `SELECT (count(*) FILTER (WHERE request IS NOT NULL))::int AS open,
           (count(*) FILTER (WHERE request IS NOT NULL AND (caller = $1 OR account = $2)))::int AS own,
           (count(*) FILTER (WHERE request IS NULL AND (caller = $1 OR account = $2)))::int AS before
         FROM claim_proving WHERE until > clock_timestamp()`,
        names,
      );
      refuse(rows[0]!);
      await client.query(
        `INSERT INTO claim_proving (id, snapshot_id, caller, account, request, witness_key_id, until)
         VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp() + make_interval(secs => $7))`,
        [id, snapshotId, ...names, sealed, keyId, WAITING_SECONDS],
      );
    });
  }

  /** What is over goes, also where nobody asks any more: a request holds a claim key. */
  async forget(): Promise<void> {
    await this.db.pool.query(FORGET);
  }

  #name(what: 'caller' | 'account', text: string): Buffer {
    return this.keyring.tag(`claim-proving-${what}`, text).subarray(0, NAME_BYTES);
  }

  /**
   * For gateways: what a prover answered; undefined for as long as none did.
   * @throws SolventError WITNESS_KEY_UNKNOWN (usage), WITNESS_SEAL_BROKEN (invalid): no prover wrote that
   */
  async answer(id: Uint8Array): Promise<ProvedClaim | undefined> {
    const { rows } = await this.db.pool.query<Row>(
      `SELECT snapshot_id, claim, witness_key_id, failure FROM claim_proving
       WHERE id = $1 AND request IS NULL AND until > clock_timestamp()`,
      [id],
    );
    const [row] = rows;
    if (!row) return undefined;
    if (row.claim === null) return { code: row.failure! };
    return {
      claim: this.keyring.open(row.claim, row.witness_key_id, sealContext.claim(row.snapshot_id, id)),
    };
  }

  /**
   * For provers: takes a request, so that no other one proves it too.
   * @returns undefined where it was answered, another prover has it, or nobody waits any more
   * @throws SolventError WITNESS_KEY_UNKNOWN (usage), WITNESS_SEAL_BROKEN (invalid): no gateway wrote that
   */
  async take(id: Uint8Array): Promise<ClaimToProve | undefined> {
    const { rows } = await this.db.pool.query<{
      snapshot_id: string;
      request: Uint8Array;
      witness_key_id: string;
    }>(
      `UPDATE claim_proving SET taken_at = clock_timestamp()
       WHERE id = $1 AND request IS NOT NULL AND until > clock_timestamp()
         AND (taken_at IS NULL OR taken_at < clock_timestamp() - make_interval(secs => $2))
       RETURNING snapshot_id, request, witness_key_id`,
      [id, TAKEN_SECONDS],
    );
    const [row] = rows;
    if (!row) return undefined;
    const context = sealContext.claimRequest(row.snapshot_id, id);
    const plain = this.keyring.open(row.request, row.witness_key_id, context);
    const request = JSON.parse(Buffer.from(plain).toString('utf8')) as ClaimToProve;
    plain.fill(0);
    return request;
  }

  /** For provers: a request that was taken is left to the next try. */
  async release(id: Uint8Array): Promise<void> {
    await this.db.pool.query(
      'UPDATE claim_proving SET taken_at = NULL WHERE id = $1 AND request IS NOT NULL',
      [id],
    );
  }

  /** For provers: the answer, in the place of the request. */
  async finish(id: Uint8Array, snapshotId: string, claim: Uint8Array): Promise<void> {
    const { keyId, sealed } = this.keyring.seal(claim, sealContext.claim(snapshotId, id));
    await this.db.pool.query(
      `UPDATE claim_proving SET request = NULL, claim = $2, witness_key_id = $3,
         until = clock_timestamp() + make_interval(secs => $4) WHERE id = $1 AND request IS NOT NULL`,
      [id, sealed, keyId, KEPT_SECONDS],
    );
  }

  /** For provers: there will be no claim. It may be asked for again in a minute. */
  async fail(id: Uint8Array, code: string): Promise<void> {
    await this.db.pool.query(
      `UPDATE claim_proving SET request = NULL, failure = $2,
         until = clock_timestamp() + make_interval(secs => $3) WHERE id = $1 AND request IS NOT NULL`,
      [id, code, WAITING_SECONDS],
    );
  }
}

function refuse({ open, own, before }: Places): void {
  if (own > 0)
    throw new SolventError(
      'CLAIM_PROVING_ANOTHER',
      'usage',
      'another claim is being proved for you, or about this account: ask for this one when that one is there, or make it on your own device',
      { retryAfter: 10 },
    );
  if (open >= (before > 0 ? MOST_OPEN_AGAIN : MOST_OPEN))
    throw new SolventError(
      'CLAIM_PROVING_BUSY',
      'usage',
      'too many claims wait to be proved here; try again soon, or make it on your own device',
      { retryAfter: 10 },
    );
}
