import { SolventError } from '@solvent-por/kzg';
import type { PoolClient } from 'pg';
import { lockInTransaction } from './advisory-lock';
import { inTransaction, type Database } from './database';

/** Seconds in which a challenge must be answered. */
const CHALLENGE_SECONDS = 600;
/** So long after it expired it is known why it is refused; then it is unknown. */
const KEPT_SECONDS = 3600;
/** Challenges of one key that are neither taken nor expired. */
const MOST_OPEN = 10_000;
/** Removed with each that is given out: more than come. */
const MOST_FORGOTTEN = 100;

/** A challenge, for whom and for what. */
export interface Challenge {
  /** 31 bytes. */
  readonly challenge: Uint8Array;
  /** 31 bytes: `claimScope` of partner and purpose. */
  readonly scope: Uint8Array;
  /** Of the partner. */
  readonly apiKeyId: string;
}

/** What a claim that holds is remembered by. */
export interface AnsweredClaim extends Challenge {
  /** 32 bytes. */
  readonly claimRoot: Uint8Array;
  /** 32 bytes, big-endian. */
  readonly nullifier: Uint8Array;
}

/** Why a challenge is not taken. `unknown`: never given to this key, or so long ago that it was forgotten. */
export type ChallengeRefusal = 'unknown' | 'taken' | 'expired' | 'scope';

export type TakenClaim =
  | { readonly refused: ChallengeRefusal }
  /** When the nullifier was taken first; null: now. */
  | { readonly refused?: undefined; readonly seenBefore: Date | null };

/** Challenges that were given out, and nullifiers that were seen, over all gateways. */
export class ClaimRecords {
  constructor(private readonly db: Database) {}

  /**
   * Remembers a challenge that is given out, and forgets those that nobody can ask about any more.
   * @returns until when it can be taken
   * @throws SolventError CLAIM_CHALLENGES_MANY (usage, details.retryAfter in seconds)
   */
  async give({ challenge, scope, apiKeyId }: Challenge): Promise<Date> {
    return inTransaction(this.db.pool, async (client) => {
      // Of many at once each counts those before it.
      await lockInTransaction(client, `claim challenges of ${apiKeyId}`);
      await client.query(
        // Gateways that forget at the same time don't wait for each other.
        `DELETE FROM claim_challenge WHERE challenge IN (
           SELECT challenge FROM claim_challenge WHERE expires_at < clock_timestamp() - make_interval(secs => $1)
           LIMIT $2 FOR UPDATE SKIP LOCKED)`,
        [KEPT_SECONDS, MOST_FORGOTTEN],
      );
      const { rows } = await client.query<{ expires_at: Date }>(
        `INSERT INTO claim_challenge (challenge, scope, api_key_id, expires_at)
           SELECT $1::bytea, $2::bytea, $3::text, clock_timestamp() + make_interval(secs => $4)
           WHERE (SELECT count(*) FROM claim_challenge
                  WHERE api_key_id = $3::text AND taken_at IS NULL AND expires_at > clock_timestamp()) < $5
         RETURNING expires_at`,
        [challenge, scope, apiKeyId, CHALLENGE_SECONDS, MOST_OPEN],
      );
      if (rows[0]) return rows[0].expires_at;
      throw new SolventError(
        'CLAIM_CHALLENGES_MANY',
        'usage',
        `${MOST_OPEN} challenges of your key wait to be answered: have claims verified, or ask again when some have expired, which takes ${CHALLENGE_SECONDS / 60} minutes`,
        { retryAfter: 60 },
      );
    });
  }

  /**
   * Takes a challenge for a claim that holds, and its nullifier with it: both or neither. Of two at once with
   * one challenge one takes it.
   */
  async take(claim: AnsweredClaim): Promise<TakenClaim> {
    const { challenge, scope, apiKeyId, claimRoot, nullifier } = claim;
    return inTransaction(this.db.pool, async (client) => {
      const { rowCount } = await client.query(
        `UPDATE claim_challenge SET taken_at = clock_timestamp()
         WHERE challenge = $1 AND scope = $2 AND api_key_id = $3 AND taken_at IS NULL AND expires_at > clock_timestamp()`,
        [challenge, scope, apiKeyId],
      );
      if (rowCount !== 1) return { refused: await whyNot(client, claim) };
      const first = await client.query(
        `INSERT INTO claim_nullifier (claim_root, scope, nullifier, seen_at) VALUES ($1, $2, $3, clock_timestamp())
         ON CONFLICT DO NOTHING`,
        [claimRoot, scope, nullifier],
      );
      if (first.rowCount === 1) return { seenBefore: null };
      const { rows } = await client.query<{ seen_at: Date }>(
        'SELECT seen_at FROM claim_nullifier WHERE claim_root = $1 AND scope = $2 AND nullifier = $3',
        [claimRoot, scope, nullifier],
      );
      return { seenBefore: rows[0]!.seen_at };
    });
  }
}

interface KnownChallenge {
  readonly same_scope: boolean;
  readonly taken: boolean;
}

async function whyNot(
  client: PoolClient,
  { challenge, scope, apiKeyId }: Challenge,
): Promise<ChallengeRefusal> {
  const { rows } = await client.query<KnownChallenge>(
    `SELECT scope = $2 AS same_scope, taken_at IS NOT NULL AS taken FROM claim_challenge
     WHERE challenge = $1 AND api_key_id = $3`,
    [challenge, scope, apiKeyId],
  );
  const [known] = rows;
  if (!known) return 'unknown';
  if (known.taken) return 'taken';
  return known.same_scope ? 'expired' : 'scope';
}
