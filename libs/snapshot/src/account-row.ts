import type { Header } from '@solvent/proof/verify';
import { tokensOf } from './header';
import type { SnapshotConfig } from './config';

/**
 * Why a row of the input is refused.
 *
 * - ROW_ID_MALFORMED: not 64 hex digits (or no identifier of 1…1,024 bytes)
 * - ROW_DUPLICATE_ACCOUNT: the id stands in an earlier row, of this or another file
 * - ROW_TOKEN_UNKNOWN: not in the configuration
 * - ROW_TOKEN_REPEATED, ROW_MEMBER_REPEATED: a key stands twice in one object
 * - ROW_MEMBER_UNKNOWN, ROW_MEMBER_MISSING: a record has `id` and `assets` and nothing else
 * - ROW_COLUMN_COUNT: a CSV row has more or fewer cells than the header
 * - ROW_AMOUNT_MALFORMED: not an integer at the asset's scale
 * - ROW_AMOUNT_OUT_OF_RANGE: not below 2^64 or 2^(11·limbs); in `aggregate` also an account's debt or net
 * - ROW_DEBT_IN_SPOT: debts need `margin` or `aggregate`
 * - ROW_NET_NEGATIVE: debts exceed equity
 */
export type RowCode =
  | 'ROW_ID_MALFORMED'
  | 'ROW_DUPLICATE_ACCOUNT'
  | 'ROW_TOKEN_UNKNOWN'
  | 'ROW_TOKEN_REPEATED'
  | 'ROW_MEMBER_REPEATED'
  | 'ROW_MEMBER_UNKNOWN'
  | 'ROW_MEMBER_MISSING'
  | 'ROW_COLUMN_COUNT'
  | 'ROW_AMOUNT_MALFORMED'
  | 'ROW_AMOUNT_OUT_OF_RANGE'
  | 'ROW_DEBT_IN_SPOT'
  | 'ROW_NET_NEGATIVE';

/** Thrown where a row is converted; readers turn it into a SolventError with file and row. Reasons name no amount and no id. */
export class RowRefusal extends Error {
  constructor(
    readonly code: RowCode,
    readonly reason: string,
    readonly token?: string,
  ) {
    super(reason);
  }
}

const WORD = 2 ** 32;

/**
 * One account on its way from a reader to a batch. It is made once and used again for every row, so that reading allocates nothing:
 * `begin`, then `id` is filled in (and `hasId` set) and `add` called for every amount other than 0, then `finish`. After that `entries` non-zero input
 * values stand in `indexes` and `words`.
 */
export abstract class AccountRow {
  readonly id = new Uint8Array(32);
  /** Whether `id` is this row's already. */
  hasId = false;
  /** How many values of this account are not 0. */
  entries = 0;
  /** Entry e is value indexes[e] of AccountBatch's order … */
  readonly indexes: Uint16Array;
  /** … and these three words, lowest first. */
  readonly words: Uint32Array;
  private readonly lastSeen: Float64Array;
  private serial = 0;

  /**
   * @param tokens names of the input's columns
   * @param values V of AccountBatch
   */
  protected constructor(
    readonly tokens: readonly string[],
    readonly values: number,
  ) {
    this.indexes = new Uint16Array(values);
    this.words = new Uint32Array(3 * values);
    this.lastSeen = new Float64Array(tokens.length);
  }

  begin(): void {
    this.entries = 0;
    this.hasId = false;
    this.serial++;
  }

  /** @throws RowRefusal ROW_TOKEN_REPEATED when it was called for this token of this row before */
  see(token: number): void {
    if (this.lastSeen[token] === this.serial)
      throw this.refusal('ROW_TOKEN_REPEATED', token, 'stands twice in this record');
    this.lastSeen[token] = this.serial;
  }

  /**
   * Adds hi·2^32 + lo, below 2^64 and not 0; at most once a token and sign.
   * @throws RowRefusal ROW_AMOUNT_OUT_OF_RANGE, ROW_DEBT_IN_SPOT
   */
  abstract add(token: number, lo: number, hi: number, isDebt: boolean): void;

  /** @throws RowRefusal ROW_NET_NEGATIVE, ROW_AMOUNT_OUT_OF_RANGE */
  abstract finish(): void;

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

/** The conversion of section 3 that fits the header's mode. */
export function accountRow(config: SnapshotConfig, header: Header): AccountRow {
  return header.mode === 'aggregate'
    ? new AggregateRow(tokensOf(config), header.assets[0]!.limbs)
    : new AssetRow(header);
}

/** equity = sum of the positive amounts, debt = −sum of the negative ones; the values are debt and net = equity − debt. */
class AggregateRow extends AccountRow {
  private equityLo = 0;
  private equityHi = 0;
  private debtLo = 0;
  private debtHi = 0;
  private readonly bound: WordBound;

  constructor(tokens: readonly string[], limbs: number) {
    super(tokens, 2);
    this.bound = wordBound(11 * limbs);
  }

  override begin(): void {
    super.begin();
    this.equityLo = this.equityHi = this.debtLo = this.debtHi = 0;
  }

  /** Sums of at most 4,096 words stay below 2^44: exact. */
  override add(_token: number, lo: number, hi: number, isDebt: boolean): void {
    if (isDebt) {
      this.debtLo += lo;
      this.debtHi += hi;
    } else {
      this.equityLo += lo;
      this.equityHi += hi;
    }
  }

  override finish(): void {
    const debtHi = this.debtHi + Math.floor(this.debtLo / WORD);
    const debtLo = this.debtLo % WORD;
    // A borrow makes the floor −1.
    const low = this.equityLo - this.debtLo;
    const netHi = this.equityHi - this.debtHi + Math.floor(low / WORD);
    const netLo = low - Math.floor(low / WORD) * WORD;
    if (netHi < 0)
      throw new RowRefusal(
        'ROW_NET_NEGATIVE',
        'the debts of this account exceed its equity: its net is negative',
      );
    if (!below(this.bound, debtLo, debtHi) || !below(this.bound, netLo, netHi))
      throw new RowRefusal(
        'ROW_AMOUNT_OUT_OF_RANGE',
        `the debt or the net of this account is not below 2^${this.bound.bits} (limbs in the configuration)`,
      );
    if (debtLo !== 0 || debtHi !== 0) this.put(0, debtLo, debtHi % WORD, Math.floor(debtHi / WORD));
    if (netLo !== 0 || netHi !== 0) this.put(1, netLo, netHi % WORD, Math.floor(netHi / WORD));
  }
}

/** `spot` and `margin`: a value an asset, in `margin` also one for its debt. */
class AssetRow extends AccountRow {
  private readonly bounds: readonly WordBound[];
  private readonly prices: readonly bigint[];
  private readonly roundedPrices: Float64Array;
  private hasDebt = false;

  constructor({ mode, assets }: Header) {
    super(
      assets.map(({ symbol }) => symbol),
      mode === 'margin' ? 2 * assets.length : assets.length,
    );
    this.bounds = assets.map(({ limbs }) => wordBound(11 * limbs));
    this.prices = mode === 'margin' ? assets.map(({ price }) => BigInt(price!)) : [];
    this.roundedPrices = Float64Array.from(this.prices, Number);
  }

  override begin(): void {
    super.begin();
    this.hasDebt = false;
  }

  override add(token: number, lo: number, hi: number, isDebt: boolean): void {
    const bound = this.bounds[token]!;
    if (!below(bound, lo, hi))
      throw this.refusal(
        'ROW_AMOUNT_OUT_OF_RANGE',
        token,
        `is not below 2^${bound.bits} (limbs in the configuration)`,
      );
    if (!isDebt) return this.put(token, lo, hi, 0);
    if (this.prices.length === 0)
      throw this.refusal('ROW_DEBT_IN_SPOT', token, 'is a debt: debts need the mode margin or aggregate');
    this.hasDebt = true;
    this.put(this.prices.length + token, lo, hi, 0);
  }

  /** Σ price·(equity − debt) ≥ 0. Rounded first, exactly only where the rounded sum is too near to 0 to tell. */
  override finish(): void {
    if (!this.hasDebt) return;
    const T = this.prices.length;
    let net = 0;
    let magnitude = 0;
    for (let e = 0; e < this.entries; e++) {
      const index = this.indexes[e]!;
      const amount = this.words[3 * e + 1]! * WORD + this.words[3 * e]!;
      const worth = amount * this.roundedPrices[index < T ? index : index - T]!;
      net += index < T ? worth : -worth;
      magnitude += worth;
    }
    // 512 terms, each within 3·2^−53 of itself, summed: the error is below 2^−43 of the magnitude.
    if (net > magnitude * 2 ** -40) return;
    if (this.exactNet() < 0n)
      throw new RowRefusal(
        'ROW_NET_NEGATIVE',
        'the debts of this account exceed its equity at the configured prices',
      );
  }

  private exactNet(): bigint {
    const T = this.prices.length;
    let net = 0n;
    for (let e = 0; e < this.entries; e++) {
      const index = this.indexes[e]!;
      const amount = (BigInt(this.words[3 * e + 1]!) << 32n) | BigInt(this.words[3 * e]!);
      net += index < T ? amount * this.prices[index]! : -amount * this.prices[index - T]!;
    }
    return net;
  }
}

/** 2^bits as a bound on hi·2^32 + lo. */
interface WordBound {
  readonly bits: number;
  readonly hi: number;
  readonly lo: number;
}

/** 11, 22, …, 66 bits: never exactly 32. */
function wordBound(bits: number): WordBound {
  return { bits, hi: bits > 32 ? 2 ** (bits - 32) : 1, lo: bits > 32 ? WORD : 2 ** bits };
}

function below(bound: WordBound, lo: number, hi: number): boolean {
  return hi < bound.hi && lo < bound.lo;
}
