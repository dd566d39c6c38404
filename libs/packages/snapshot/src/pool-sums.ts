import type { Asset } from '@solvent-por/verifier';
import type { PoolConfig } from './haircut-schema';
import { wholeTokens } from './scale';
import { WORD, wordsOf } from './words';

/** An amount as two words, lowest first. */
export type Words = readonly [lo: number, hi: number];

/**
 * One account's equity in an asset, and how it is divided over the asset's pools. Sums of words stay below
 * 2^53: exact.
 */
export class PoolSums {
  readonly count: number;
  private readonly rest: number;
  /** Two words a pool, then the equity's. */
  private readonly words: Float64Array;
  isEmpty = true;

  constructor(
    private readonly asset: Asset,
    private readonly pools: readonly PoolConfig[],
  ) {
    this.count = pools.length;
    this.rest = pools.findIndex(({ rest }) => rest);
    this.words = new Float64Array(2 * (this.count + 1));
  }

  clear(): void {
    this.words.fill(0);
    this.isEmpty = true;
  }

  addEquity(lo: number, hi: number): void {
    this.addToPool(this.count, lo, hi);
  }

  addToPool(pool: number, lo: number, hi: number): void {
    this.words[2 * pool]! += lo;
    this.words[2 * pool + 1]! += hi;
    this.isEmpty = false;
  }

  equity(): Words {
    return this.amount(this.count);
  }

  /** What lies in a pool; hi is 2^32 or more where it is too much. */
  amount(pool: number): Words {
    const lo = this.words[2 * pool]!;
    return [lo % WORD, this.words[2 * pool + 1]! + Math.floor(lo / WORD)];
  }

  /**
   * Puts what is in no pool into the one that takes the rest.
   * @returns why the pools don't divide the equity, the end of a sentence that begins with the symbol
   */
  settle(): string | undefined {
    const [equityLo, equityHi] = this.equity();
    let [lo, hi] = [equityLo, equityHi];
    for (let pool = 0; pool < this.count; pool++) {
      lo -= this.words[2 * pool]!;
      hi -= this.words[2 * pool + 1]!;
    }
    hi += Math.floor(lo / WORD);
    lo -= Math.floor(lo / WORD) * WORD;
    if (hi < 0) return this.problem('more than its equity');
    if (lo === 0 && hi === 0) return undefined;
    if (this.rest < 0)
      return this.problem('less than its equity, and no pool takes the rest ("rest": true of a pool)');
    this.words[2 * this.rest]! += lo;
    this.words[2 * this.rest + 1]! += hi;
    return undefined;
  }

  private problem(comparison: string): string {
    const shown = ([lo, hi]: Words) => wholeTokens(wordsOf(lo, hi), this.asset.scale);
    const parts = this.pools.flatMap(({ name, rest }, pool) => {
      const amount = this.amount(pool);
      return rest && wordsOf(...amount) === 0n ? [] : [`${shown(amount)} in ${name}`];
    });
    const sum = this.pools.reduce((total, _, pool) => total + wordsOf(...this.amount(pool)), 0n);
    return `has pools that hold ${wholeTokens(sum, this.asset.scale)}, ${comparison} of ${shown(this.equity())}: ${parts.join(', ')}`;
  }
}
