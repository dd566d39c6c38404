import { HaircutCurve, hasHaircuts, layoutOf, type Header } from '@solvent-por/verifier';
import { wholeTokens } from './scale';
import { WORD, wordsOf } from './words';

/** One account's amounts, those that are not 0. */
export interface Holdings {
  /** Entry e is amount indexes[e] of AccountBatch's order, … */
  readonly indexes: Uint16Array;
  /** … these three words, lowest first, … */
  readonly words: Uint32Array;
  /** … and there are so many. */
  readonly entries: number;
  /** By how much amounts were rounded to the account's good, in units of the input. */
  readonly excesses: ReadonlyMap<number, bigint>;
  /** So many units of the input are one of an amount. */
  readonly divisor: (index: number) => bigint;
}

/** Every divisor divides it: 10^36. */
const FINEST_SCALE = 36;
const FINEST = 10n ** BigInt(FINEST_SCALE);

/** Whether what of an account's equity counts covers its debts, in mode `margin` (section 3). */
export class AccountSolvency {
  /** Of each amount of equity: its asset's index. */
  readonly assetAt: readonly number[];
  private readonly prices: readonly bigint[];
  private readonly roundedPrices: Float64Array;
  private readonly curves: ReadonlyArray<HaircutCurve | undefined>;
  private readonly firstDebt: number;

  constructor(private readonly header: Header) {
    const { assets } = header;
    const { inputs } = layoutOf(header);
    this.firstDebt = inputs.length - assets.length;
    const places = new Map(assets.map(({ symbol }, t) => [symbol, t]));
    const byInput = inputs.map(({ symbol }) => places.get(symbol)!);
    this.assetAt = byInput.slice(0, this.firstDebt);
    this.prices = byInput.map((t) => BigInt(assets[t]!.price!));
    this.roundedPrices = Float64Array.from(this.prices, Number);
    this.curves = inputs.slice(0, this.firstDebt).map(({ pool }, at) => {
      const { tiers, pools } = assets[this.assetAt[at]!]!;
      const list = pool === undefined ? tiers : pools!.find(({ name }) => name === pool)!.tiers;
      return list && new HaircutCurve(list);
    });
  }

  /**
   * Σ price·(what counts − debt) ≥ 0: rounded first, exactly only where the rounded sum is too near to 0 to
   * tell.
   * @returns a sentence where it is not
   */
  problem(holdings: Holdings): string | undefined {
    const { indexes, words, entries, excesses } = holdings;
    let net = 0;
    let magnitude = 0;
    for (let e = 0; e < entries; e++) {
      const index = indexes[e]!;
      const amount = words[3 * e + 1]! * WORD + words[3 * e]!;
      const price = this.roundedPrices[index]!;
      if (index >= this.firstDebt) net -= 100 * amount * price;
      else net += (this.curves[index]?.rounded(amount) ?? 100 * amount) * price;
      magnitude += 100 * amount * price;
    }
    // Some thousand terms, each within 2^−49 of its magnitude, summed: the error is below 2^−43 of the sum of
    // magnitudes for 512 assets.
    if (net > magnitude * 2 ** -36 && excesses.size === 0) return undefined;
    return this.exactProblem(holdings);
  }

  private exactProblem({ indexes, words, entries, excesses, divisor }: Holdings): string | undefined {
    const finest = excesses.size > 0 ? FINEST : 1n;
    let [holds, counts, owes] = [0n, 0n, 0n];
    for (let e = 0; e < entries; e++) {
      const index = indexes[e]!;
      const units = wordsOf(words[3 * e]!, words[3 * e + 1]!);
      const fine = excesses.size > 0 ? divisor(index) : 1n;
      const excess = excesses.get(index) ?? 0n;
      const worth = (amount: bigint) => (this.prices[index]! * amount * finest) / fine;
      if (index >= this.firstDebt) owes += worth(100n * (units * fine + excess));
      else {
        const amount = units * fine - excess;
        holds += worth(100n * amount);
        counts += worth(this.curves[index]?.exact(amount, fine) ?? 100n * amount);
      }
    }
    // A debt that was rounded to 0 has no entry.
    for (const [index, excess] of excesses)
      if (index >= this.firstDebt && !indexes.subarray(0, entries).includes(index))
        owes += (100n * this.prices[index]! * excess * finest) / divisor(index);
    if (counts >= owes) return undefined;
    const decimals = this.header.priceScale! + 2 + (finest === 1n ? 0 : FINEST_SCALE);
    const shown = (value: bigint) => `${wholeTokens(value, decimals)} ${this.header.unit!}`;
    return hasHaircuts(this.header)
      ? `the debts of this account exceed what of its equity counts at the configured prices and haircuts: it holds ${shown(holds)}, of which ${shown(counts)} count, and owes ${shown(owes)}`
      : `the debts of this account exceed its equity at the configured prices: it holds ${shown(holds)} and owes ${shown(owes)}`;
  }
}
