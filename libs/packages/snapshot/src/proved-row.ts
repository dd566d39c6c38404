import { AccountRow, type ReadAmount, type RowRefusal } from './account-row';
import type { SnapshotConfig } from './config-schema';
import { conversionOf, convert, rangeProblem, type Conversion } from './scale';
import { wordsOf } from './words';

/** A row whose amounts are proved, converted to the published scale where the configuration says so. */
export abstract class ProvedRow extends AccountRow {
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

  /** In an asset with pools: hi·2^32 + lo of its equity, below 2^64 and not 0, lie in this one. */
  protected abstract addToPool(token: number, pool: number, lo: number, hi: number): void;

  override take(token: number, amount: ReadAmount, isDebt: boolean): void {
    const { lo, hi, overflow } = amount;
    if (lo === 0 && hi === 0 && !overflow) return;
    if (token >= this.held) throw this.unheld(token);
    const conversion = this.conversions[this.assetOf(token)];
    if (conversion !== undefined) this.takeConverted(token, unitsOf(amount), conversion, isDebt);
    else if (overflow) throw this.outOfRange(token, amount.magnitude);
    else this.add(token, lo, hi, isDebt);
  }

  override takePool(token: number, pool: number, amount: ReadAmount): void {
    const { lo, hi, overflow } = amount;
    if (lo === 0 && hi === 0 && !overflow) return;
    const conversion = this.conversions[this.assetOf(token)];
    if (overflow && !conversion) throw this.outOfRange(token, amount.magnitude);
    if (!conversion) return this.addToPool(token, pool, lo, hi);
    const units = this.converted(token, unitsOf(amount), conversion, false).units;
    this.addToPool(token, pool, Number(units & 0xffffffffn), Number(units >> 32n));
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
    const { units, excess } = this.converted(token, amount, conversion, isDebt);
    if (excess > 0n) this.rounded(token, excess, isDebt);
    if (units > 0n) this.add(token, Number(units & 0xffffffffn), Number(units >> 32n), isDebt);
  }

  private converted(
    token: number,
    amount: bigint,
    conversion: Conversion,
    isDebt: boolean,
  ): { readonly units: bigint; readonly excess: bigint } {
    const converted = convert(amount, conversion, isDebt);
    if (!converted) {
      const { scale } = this.config.assets[this.assetOf(token)]!;
      throw this.refusal(
        'ROW_AMOUNT_INEXACT',
        token,
        `has more than the ${scale} decimals that are published. Give it a larger "scale", or "rounding": "up" in its convertScale, which rounds what a user is owed up and a debt down`,
      );
    }
    if (converted.units >= 1n << 64n) throw this.outOfRange(token, converted.units);
    return converted;
  }
}

function unitsOf({ lo, hi, overflow, magnitude }: ReadAmount): bigint {
  return overflow ? magnitude : wordsOf(lo, hi);
}
