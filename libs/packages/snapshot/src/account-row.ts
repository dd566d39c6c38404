import { KEY_BYTES } from '@solvent-por/verifier';
import type { SnapshotConfig } from './config-schema';
import { tokensOf } from './header';
import { inputNames, readTokens } from './input-names';

/**
 * Why a row of the input is refused.
 *
 * - ROW_ID_MALFORMED: not 64 hex digits (or no identifier of 1…1,024 bytes)
 * - ROW_ID_WEAK: a plain identifier that can be guessed (`acceptWeakIds` of the configuration accepts it)
 * - ROW_TOTAL: not an account but a row of totals (`acceptIds` accepts the identifier)
 * - ROW_DUPLICATE_ACCOUNT: the id stands in an earlier row, of this or another file
 * - ROW_TOKEN_UNKNOWN: not in the configuration
 * - ROW_TOKEN_AMBIGUOUS: beside what `columns` reads as its equity: the net of it, or more
 * - ROW_TOKEN_REPEATED, ROW_MEMBER_REPEATED: a key stands twice in one object
 * - ROW_MEMBER_UNKNOWN, ROW_MEMBER_MISSING: a record has `id` and `assets` and nothing else
 * - ROW_COLUMN_COUNT: a CSV row has more or fewer cells than the header
 * - ROW_AMOUNT_MALFORMED: not an integer at the asset's scale
 * - ROW_AMOUNT_INEXACT: has more decimals than the published scale, and `convertScale` does not round
 * - ROW_ASSET_UNHELD: not 0 in an asset of `unheldAssets`
 * - ROW_AMOUNT_OUT_OF_RANGE: not below 2^64 or 2^(11·limbs); in `aggregate` also an account's debt or net
 * - ROW_DEBT_IN_SPOT: debts need `margin` or `aggregate`
 * - ROW_NET_NEGATIVE: debts exceed equity, in `margin` what of it counts
 * - ROW_POOLS: an asset's pools hold more than its equity; or less, where none takes the rest
 * - ROW_POOL_UNKNOWN: the asset has no such pool, or none at all
 */
export type RowCode =
  | 'ROW_ID_MALFORMED'
  | 'ROW_ID_WEAK'
  | 'ROW_TOTAL'
  | 'ROW_DUPLICATE_ACCOUNT'
  | 'ROW_TOKEN_UNKNOWN'
  | 'ROW_TOKEN_AMBIGUOUS'
  | 'ROW_TOKEN_REPEATED'
  | 'ROW_MEMBER_REPEATED'
  | 'ROW_MEMBER_UNKNOWN'
  | 'ROW_MEMBER_MISSING'
  | 'ROW_COLUMN_COUNT'
  | 'ROW_AMOUNT_MALFORMED'
  | 'ROW_AMOUNT_INEXACT'
  | 'ROW_ASSET_UNHELD'
  | 'ROW_AMOUNT_OUT_OF_RANGE'
  | 'ROW_DEBT_IN_SPOT'
  | 'ROW_NET_NEGATIVE'
  | 'ROW_POOLS'
  | 'ROW_POOL_UNKNOWN';

/**
 * Thrown where a row is converted; readers turn it into a SolventError with file and row. Reasons name no id,
 * and amounts only where these are why the account cannot be proved.
 */
export class RowRefusal extends Error {
  constructor(
    readonly code: RowCode,
    readonly reason: string,
    readonly token?: string,
  ) {
    super(reason);
  }
}

/**
 * The magnitude of an amount as a reader found it, in units of the input: hi·2^32 + lo, or where that is 2^64
 * or more `magnitude`.
 */
export interface ReadAmount {
  readonly lo: number;
  readonly hi: number;
  readonly overflow: boolean;
  readonly magnitude: bigint;
}

/**
 * One account on its way from a reader to a batch. It is made once and used again for every row, so that
 * reading allocates nothing:
 * `begin`, then `key` is filled in (and `hasKey` set) and `take` called for every amount, then `finish`.
 * After that `entries` non-zero input values stand in `indexes` and `words`.
 */
export abstract class AccountRow {
  /** The account key (section 5). It stands in no document: batches have the id that is made from it. */
  readonly key = new Uint8Array(KEY_BYTES);
  /** Whether `key` is this row's already. */
  hasKey = false;
  /** How many values of this account are not 0. */
  entries = 0;
  /** Entry e is value indexes[e] of AccountBatch's order … */
  readonly indexes: Uint16Array;
  /** … and these three words, lowest first. */
  readonly words: Uint32Array;
  /** What amounts are counted as: those below `held` are proved, the others may only be 0. */
  readonly tokens: readonly string[];
  protected readonly held: number;
  private readonly lastSeen: Float64Array;
  private serial = 0;

  /** @param values V of AccountBatch */
  protected constructor(
    config: SnapshotConfig,
    readonly values: number,
  ) {
    this.tokens = readTokens(config);
    this.held = tokensOf(config).length;
    this.indexes = new Uint16Array(values);
    this.words = new Uint32Array(3 * values);
    this.lastSeen = new Float64Array(inputNames(config).length);
  }

  begin(): void {
    this.entries = 0;
    this.hasKey = false;
    this.serial++;
  }

  /**
   * @param name index into `inputNames`.
   * @throws RowRefusal ROW_TOKEN_REPEATED when it was called for this name of this row before
   */
  see(name: number, token = name): void {
    if (this.lastSeen[name] === this.serial)
      throw this.refusal('ROW_TOKEN_REPEATED', token, 'stands twice in this record');
    this.lastSeen[name] = this.serial;
  }

  /**
   * Takes an amount of the input; any number of times a token and sign: they are added up.
   * @throws RowRefusal ROW_AMOUNT_OUT_OF_RANGE, ROW_AMOUNT_INEXACT, ROW_ASSET_UNHELD, ROW_DEBT_IN_SPOT
   */
  abstract take(token: number, amount: ReadAmount, isDebt: boolean): void;

  /**
   * Takes how much of a token's equity lies in one of its pools; any number of times: it is added up.
   * @param pool index among the asset's pools, not the one that takes the rest
   * @throws RowRefusal ROW_AMOUNT_OUT_OF_RANGE, ROW_AMOUNT_INEXACT
   */
  abstract takePool(token: number, pool: number, amount: ReadAmount): void;

  /** @throws RowRefusal ROW_NET_NEGATIVE, ROW_POOLS, ROW_AMOUNT_OUT_OF_RANGE */
  abstract finish(): void;

  protected unheld(token: number): RowRefusal {
    return this.refusal(
      'ROW_ASSET_UNHELD',
      token,
      'is not 0 here, but the configuration says that nobody holds it: take it out of unheldAssets',
    );
  }

  refusal(code: RowCode, token: number, problem: string): RowRefusal {
    const name = this.tokens[token]!;
    return new RowRefusal(code, `${name} ${problem}`, name);
  }

  protected put(index: number, w0: number, w1: number, w2: number): void {
    const e = this.entries++;
    this.indexes[e] = index;
    this.words[3 * e] = w0;
    this.words[3 * e + 1] = w1;
    this.words[3 * e + 2] = w2;
  }
}
