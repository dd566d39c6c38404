import type { Header } from '@solvent/proof/verify';
import { AccountRow, RowRefusal, type ReadAmount } from './account-row';
import type { SnapshotConfig } from './config';
import { inputNames } from './input-names';
import { conversionOf, convert, rangeProblem, wholeTokens, type Conversion } from './scale';

const WORD = 2 ** 32;

/** The conversion of section 3 that fits the header's mode. */
export function accountRow(config: SnapshotConfig, header: Header): AccountRow {
  return header.mode === 'aggregate'
    ? new AggregateRow(config, header.assets[0]!.limbs)
    : new AssetRow(config, header);
}

/** A row whose amounts are proved, converted to the published scale where the configuration says so. */
abstract class ProvedRow extends AccountRow {
  /** By asset of the configuration. */
  protected readonly conversions: readonly (Conversion | undefined)[];

  protected constructor(
    protected readonly config: SnapshotConfig,
    values: number,
  ) {
    super(config, values);
    this.conversions = config.assets.map(conversionOf);
  }

  /** Adds hi·2^32 + lo, below 2^64 and not 0. */
  protected abstract add(token: number, lo: number, hi: number, isDebt: boolean): void;

  /** An amount was rounded: the account's net is overstated by so much, in units of the input. */
  protected abstract rounded(token: number, excess: bigint, isDebt: boolean): void;

  /** Which of the configuration's assets a token is published as. */
  protected abstract assetOf(token: number): number;

  override take(token: number, amount: ReadAmount, isDebt: boolean): void {
    const { lo, hi, overflow } = amount;
    if (lo === 0 && hi === 0 && !overflow) return;
    if (token >= this.held) throw this.unheld(token);
    const conversion = this.conversions[this.assetOf(token)];
    if (conversion !== undefined) this.takeConverted(token, unitsOf(amount), conversion, isDebt);
    else if (overflow) throw this.outOfRange(token, amount.magnitude);
    else this.add(token, lo, hi, isDebt);
  }

  protected outOfRange(token: number, units: bigint): RowRefusal {
    const asset = this.assetOf(token);
    const { symbol, scale, limbs } = this.config.assets[asset]!;
    const from = this.conversions[asset]?.from ?? scale;
    return this.refusal(
      'ROW_AMOUNT_OUT_OF_RANGE',
      token,
      rangeProblem({ symbol, units, scale, from, limbs }),
    );
  }

  private takeConverted(token: number, amount: bigint, conversion: Conversion, isDebt: boolean): void {
    const converted = convert(amount, conversion, isDebt);
    if (!converted) {
      const { scale } = this.config.assets[this.assetOf(token)]!;
      throw this.refusal(
        'ROW_AMOUNT_INEXACT',
        token,
        `has more than the ${scale} decimals that are published. Give it a larger "scale", or "rounding": "up" in its convertScale, which rounds what a user is owed up and a debt down`,
      );
    }
    const { units, excess } = converted;
    if (excess > 0n) this.rounded(token, excess, isDebt);
    if (units >= 1n << 64n) throw this.outOfRange(token, units);
    if (units > 0n) this.add(token, Number(units & 0xffffffffn), Number(units >> 32n), isDebt);
  }
}

/** equity = sum of the positive amounts, debt = −sum of the negative ones; the values are debt and net = equity − debt. */
class AggregateRow extends ProvedRow {
  private equityLo = 0;
  private equityHi = 0;
  private debtLo = 0;
  private debtHi = 0;
  private excess = 0n;
  private readonly bound: WordBound;

  constructor(
    config: SnapshotConfig,
    private readonly limbs: number,
  ) {
    super(config, 2);
    this.bound = wordBound(11 * limbs);
  }

  override begin(): void {
    super.begin();
    this.equityLo = this.equityHi = this.debtLo = this.debtHi = 0;
    this.excess = 0n;
  }

  protected override assetOf(): number {
    return 0;
  }

  protected override rounded(_token: number, excess: bigint): void {
    this.excess += excess;
  }

  /** Sums of at most 2^20 words stay below 2^53: exact. */
  protected override add(_token: number, lo: number, hi: number, isDebt: boolean): void {
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
    if (netHi < 0 || this.roundedAbove(netLo, netHi))
      throw new RowRefusal(
        'ROW_NET_NEGATIVE',
        'the debts of this account exceed its equity: its net is negative. Correct the row: the excess is owed to you, and no liability',
      );
    for (const [what, lo, hi] of [
      ['debt', debtLo, debtHi],
      ['net', netLo, netHi],
    ] as const)
      if (!below(this.bound, lo, hi)) throw this.tooLarge(what);
    if (debtLo !== 0 || debtHi !== 0) this.put(0, debtLo, debtHi % WORD, Math.floor(debtHi / WORD));
    if (netLo !== 0 || netHi !== 0) this.put(1, netLo, netHi % WORD, Math.floor(netHi / WORD));
  }

  /** Whether the net was negative before amounts were rounded. */
  private roundedAbove(netLo: number, netHi: number): boolean {
    if (this.excess === 0n) return false;
    const net = BigInt(netHi) * BigInt(WORD) + BigInt(netLo);
    return net * this.conversions[0]!.divisor < this.excess;
  }

  private tooLarge(what: string): RowRefusal {
    const { symbol, scale } = this.config.assets[0]!;
    return new RowRefusal(
      'ROW_AMOUNT_OUT_OF_RANGE',
      `the ${what} of this account is not below 2^${this.bound.bits} at scale ${scale}: ${wholeTokens((1n << BigInt(this.bound.bits)) - 1n, scale)} ${symbol} at most. ` +
        (this.limbs < 6
          ? 'Give the asset more "limbs", up to 6'
          : `Publish at a lower "scale", with "convertScale": { "from": ${this.conversions[0]?.from ?? scale} }`),
    );
  }
}

/** `spot` and `margin`: a value an asset, in `margin` also one for its debt. */
class AssetRow extends ProvedRow {
  private readonly bounds: readonly WordBound[];
  private readonly prices: readonly bigint[];
  private readonly roundedPrices: Float64Array;
  /** Tokens that may be named more than once in a row. */
  private readonly joined: readonly boolean[];
  private hasDebt = false;
  /** Tokens whose amounts were rounded, and by how much. */
  private readonly excesses: Array<readonly [token: number, excess: bigint]> = [];

  constructor(config: SnapshotConfig, { mode, assets }: Header) {
    super(config, mode === 'margin' ? 2 * assets.length : assets.length);
    this.bounds = assets.map(({ limbs }) => wordBound(11 * limbs));
    this.prices = mode === 'margin' ? assets.map(({ price }) => BigInt(price!)) : [];
    this.roundedPrices = Float64Array.from(this.prices, Number);
    const names = inputNames(config);
    this.joined = assets.map((_, token) => names.filter((name) => name.token === token).length > 1);
  }

  override begin(): void {
    super.begin();
    this.hasDebt = false;
    if (this.excesses.length > 0) this.excesses.length = 0;
  }

  protected override assetOf(token: number): number {
    return token;
  }

  protected override rounded(token: number, excess: bigint, isDebt: boolean): void {
    if (isDebt) this.owe(token);
    this.excesses.push([token, excess]);
  }

  protected override add(token: number, lo: number, hi: number, isDebt: boolean): void {
    if (isDebt) this.owe(token);
    const index = isDebt ? this.prices.length + token : token;
    const entry = this.joined[token] ? this.indexes.subarray(0, this.entries).indexOf(index) : -1;
    if (entry < 0) {
      if (!below(this.bounds[token]!, lo, hi)) throw this.outOfRange(token, wordsOf(lo, hi));
      return this.put(index, lo, hi, 0);
    }
    const low = this.words[3 * entry]! + lo;
    const high = this.words[3 * entry + 1]! + hi + Math.floor(low / WORD);
    if (high >= WORD || !below(this.bounds[token]!, low % WORD, high))
      throw this.outOfRange(token, wordsOf(low % WORD, high));
    this.words[3 * entry] = low % WORD;
    this.words[3 * entry + 1] = high;
  }

  private owe(token: number): void {
    if (this.prices.length === 0)
      throw this.refusal('ROW_DEBT_IN_SPOT', token, 'is a debt: debts need the mode margin or aggregate');
    this.hasDebt = true;
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
    if (net > magnitude * 2 ** -40 && this.excesses.length === 0) return;
    if (this.exactNet() < 0n)
      throw new RowRefusal(
        'ROW_NET_NEGATIVE',
        'the debts of this account exceed its equity at the configured prices',
      );
  }

  /** The net before amounts were rounded, in 10^(−36) of the header's unit of worth where some were. */
  private exactNet(): bigint {
    const T = this.prices.length;
    let net = 0n;
    for (let e = 0; e < this.entries; e++) {
      const index = this.indexes[e]!;
      const amount = wordsOf(this.words[3 * e]!, this.words[3 * e + 1]!);
      net += index < T ? amount * this.prices[index]! : -amount * this.prices[index - T]!;
    }
    if (this.excesses.length === 0) return net;
    const unit = 10n ** 36n;
    net *= unit;
    for (const [token, excess] of this.excesses)
      net -= (this.prices[token]! * excess * unit) / this.conversions[token]!.divisor;
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

function wordsOf(lo: number, hi: number): bigint {
  return BigInt(hi) * BigInt(WORD) + BigInt(lo);
}

function unitsOf({ lo, hi, overflow, magnitude }: ReadAmount): bigint {
  return overflow ? magnitude : wordsOf(lo, hi);
}
