import { RowRefusal } from './account-row';
import type { SnapshotConfig } from './config-schema';
import { ProvedRow } from './proved-row';
import { wholeTokens } from './scale';
import { WORD, below, wordBound, type WordBound } from './words';

/**
 * equity = sum of the positive amounts, debt = −sum of the negative ones; the values are debt and net =
 * equity − debt.
 */
export class AggregateRow extends ProvedRow {
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

  /** Tokens of `aggregate` have no pools. */
  protected override addToPool(): void {}

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
