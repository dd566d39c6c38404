import type { Tier } from './asset';

/**
 * What of an amount counts against debts, in hundredths of it: tiers filled from the bottom (section 3). As
 * percentages fall, it is the most that any way of filling them gives, and a concave function of the amount.
 */
export class HaircutCurve {
  private readonly steps: ReadonlyArray<{
    readonly percent: number;
    readonly from: bigint;
    readonly before: bigint;
    readonly roundedFrom: number;
    readonly roundedBefore: number;
  }>;

  /** @param tiers of a header */
  constructor(tiers: readonly Tier[]) {
    let [from, before] = [0n, 0n];
    this.steps = tiers.map(({ percent, upTo }) => {
      const step = { percent, from, before, roundedFrom: Number(from), roundedBefore: Number(before) };
      if (upTo !== undefined) {
        before += BigInt(percent) * (BigInt(upTo) - from);
        from = BigInt(upTo);
      }
      return step;
    });
  }

  /**
   * @param amount in units of 10^(−scale)/divisor
   * @param divisor how many of these are a smallest unit of the asset
   * @returns in the same units, times 100
   */
  exact(amount: bigint, divisor = 1n): bigint {
    let i = this.steps.length - 1;
    while (i > 0 && amount < this.steps[i]!.from * divisor) i--;
    const { percent, from, before } = this.steps[i]!;
    return before * divisor + BigInt(percent) * (amount - from * divisor);
  }

  /** The same in doubles: within 2^(−50) of 100 times the amount. */
  rounded(amount: number): number {
    let i = this.steps.length - 1;
    while (i > 0 && amount < this.steps[i]!.roundedFrom) i--;
    const { percent, roundedFrom, roundedBefore } = this.steps[i]!;
    return roundedBefore + percent * (amount - roundedFrom);
  }
}
