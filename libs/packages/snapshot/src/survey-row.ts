import { AccountRow, type ReadAmount } from './account-row';
import type { SnapshotConfig } from './config-schema';
import { sourceScale } from './input-names';

/** What a survey found of one asset (in `aggregate`: of one token). */
export interface AssetSurvey {
  readonly symbol: string;
  /** Accounts that hold or owe some. */
  readonly holders: number;
  /** The largest amount of one account, equity or debt, in units of 10^(−from). */
  readonly largest: bigint;
  /** Decimals of the input. */
  readonly from: number;
  /** The fewest decimals at which every amount is exact. */
  readonly decimals: number;
}

/**
 * Takes every amount, refuses none, and remembers what there is of each asset: how a configuration is found
 * that fits.
 */
export class SurveyRow extends AccountRow {
  private readonly scales: readonly number[];
  private readonly holders: number[];
  private readonly largest: bigint[];
  private readonly decimals: number[];
  private readonly equity: bigint[];
  private readonly debt: bigint[];
  private touched: number[] = [];
  /** The largest equity or debt of an account over all tokens. */
  largestSum = 0n;

  constructor(config: SnapshotConfig) {
    super(config, 0);
    const none = this.tokens.map(() => 0);
    this.scales = this.tokens.map((_, token) => sourceScale(config, token));
    [this.holders, this.decimals] = [[...none], [...none]];
    [this.largest, this.equity, this.debt] = [none.map(() => 0n), none.map(() => 0n), none.map(() => 0n)];
  }

  override begin(): void {
    super.begin();
    for (const token of this.touched) this.equity[token] = this.debt[token] = 0n;
    this.touched = [];
  }

  override take(token: number, { lo, hi, overflow, magnitude }: ReadAmount, isDebt: boolean): void {
    if (lo === 0 && hi === 0 && !overflow) return;
    const amount = overflow ? magnitude : (BigInt(hi) << 32n) | BigInt(lo);
    if (this.equity[token] === 0n && this.debt[token] === 0n) this.touched.push(token);
    if (isDebt) this.debt[token]! += amount;
    else this.equity[token]! += amount;
    this.needDecimals(token, amount);
  }

  /** What lies in a pool is equity, and counted there. */
  override takePool(token: number, _pool: number, { lo, hi, overflow, magnitude }: ReadAmount): void {
    this.needDecimals(token, overflow ? magnitude : (BigInt(hi) << 32n) | BigInt(lo));
  }

  private needDecimals(token: number, amount: bigint): void {
    const scale = this.scales[token]!;
    while (this.decimals[token]! < scale && amount % 10n ** BigInt(scale - this.decimals[token]!) !== 0n)
      this.decimals[token]!++;
  }

  override finish(): void {
    let [equity, debt] = [0n, 0n];
    for (const token of this.touched) {
      this.holders[token]!++;
      this.largest[token] = most(this.largest[token]!, this.equity[token]!, this.debt[token]!);
      equity += this.equity[token]!;
      debt += this.debt[token]!;
    }
    this.largestSum = most(this.largestSum, equity, debt);
  }

  /** By asset, those of `unheldAssets` last. */
  found(): AssetSurvey[] {
    return this.tokens.map((symbol, token) => ({
      symbol,
      holders: this.holders[token]!,
      largest: this.largest[token]!,
      from: this.scales[token]!,
      decimals: this.decimals[token]!,
    }));
  }
}

function most(...amounts: readonly bigint[]): bigint {
  return amounts.reduce((a, b) => (a > b ? a : b));
}
