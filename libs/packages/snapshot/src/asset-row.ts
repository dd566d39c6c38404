import { layoutOf, type Header } from '@solvent-por/verifier';
import { RowRefusal } from './account-row';
import type { SnapshotConfig } from './config-schema';
import { inputNames } from './input-names';
import { PoolSums } from './pool-sums';
import { ProvedRow } from './proved-row';
import { AccountSolvency } from './solvency';
import { WORD, below, wordBound, wordsOf, type WordBound } from './words';

/** So many assets of a row whose pools do not fit are named. */
const NAMED = 8;

/** `spot` and `margin`: an amount an asset, or one a pool; in `margin` also one for its debt. */
export class AssetRow extends ProvedRow {
  private readonly bounds: readonly WordBound[];
  /** Undefined in `spot`. */
  private readonly solvency: AccountSolvency | undefined;
  /** By token, where its equity stands among the amounts; of a token with pools that of its first pool. */
  private readonly equityAt: readonly number[];
  private readonly firstDebt: number;
  /** Tokens that may be named more than once in a row. */
  private readonly joined: readonly boolean[];
  /** By token; undefined where it has no pools. */
  private readonly pools: ReadonlyArray<PoolSums | undefined>;
  /** Of which there is something in this row. */
  private readonly pooled: number[] = [];
  private hasDebt = false;
  /** By place among the amounts: by how much they were rounded, in units of the input. */
  private readonly excesses = new Map<number, bigint>();

  constructor(config: SnapshotConfig, header: Header) {
    const { inputs } = layoutOf(header);
    super(config, inputs.length);
    const { assets } = header;
    this.bounds = assets.map(({ limbs }) => wordBound(11 * limbs));
    this.firstDebt = inputs.length - (header.mode === 'margin' ? assets.length : 0);
    const first = new Map<string, number>();
    inputs.slice(0, this.firstDebt).forEach(({ symbol }, at) => {
      if (!first.has(symbol)) first.set(symbol, at);
    });
    this.equityAt = assets.map(({ symbol }) => first.get(symbol)!);
    this.solvency = header.mode === 'margin' ? new AccountSolvency(header) : undefined;
    const names = inputNames(config).filter(({ side }) => side !== 'pool');
    this.joined = assets.map((_, token) => names.filter((name) => name.token === token).length > 1);
    this.pools = assets.map((asset, token) => {
      const given = config.mode === 'margin' ? config.assets[token]!.pools : undefined;
      return given && new PoolSums(asset, given);
    });
  }

  override begin(): void {
    super.begin();
    this.hasDebt = false;
    if (this.excesses.size > 0) this.excesses.clear();
    for (const token of this.pooled) this.pools[token]!.clear();
    this.pooled.length = 0;
  }

  protected override assetOf(token: number): number {
    return token;
  }

  protected override rounded(token: number, excess: bigint, isDebt: boolean): void {
    if (isDebt) this.owe(token);
    const at = isDebt ? this.firstDebt + token : this.equityAt[token]!;
    this.excesses.set(at, (this.excesses.get(at) ?? 0n) + excess);
  }

  protected override add(token: number, lo: number, hi: number, isDebt: boolean): void {
    if (isDebt) this.owe(token);
    else if (this.pools[token]) return this.poolsOf(token).addEquity(lo, hi);
    const index = isDebt ? this.firstDebt + token : this.equityAt[token]!;
    const entry = this.joined[token] ? this.indexes.subarray(0, this.entries).indexOf(index) : -1;
    if (entry < 0) return this.putBounded(token, index, lo, hi);
    const low = this.words[3 * entry]! + lo;
    const high = this.words[3 * entry + 1]! + hi + Math.floor(low / WORD);
    this.refuseLarge(token, low % WORD, high);
    this.words[3 * entry] = low % WORD;
    this.words[3 * entry + 1] = high;
  }

  protected override addToPool(token: number, pool: number, lo: number, hi: number): void {
    this.poolsOf(token).addToPool(pool, lo, hi);
  }

  private poolsOf(token: number): PoolSums {
    const pools = this.pools[token]!;
    if (pools.isEmpty) this.pooled.push(token);
    return pools;
  }

  private putBounded(token: number, index: number, lo: number, hi: number): void {
    this.refuseLarge(token, lo, hi);
    this.put(index, lo, hi, 0);
  }

  private refuseLarge(token: number, lo: number, hi: number): void {
    if (hi >= WORD || !below(this.bounds[token]!, lo, hi)) throw this.outOfRange(token, wordsOf(lo, hi));
  }

  private owe(token: number): void {
    if (!this.solvency)
      throw this.refusal('ROW_DEBT_IN_SPOT', token, 'is a debt: debts need the mode margin or aggregate');
    this.hasDebt = true;
  }

  override finish(): void {
    this.finishPools();
    if (!this.hasDebt) return;
    const { indexes, words, entries, excesses } = this;
    const divisor = (index: number) =>
      this.conversions[index < this.firstDebt ? this.solvency!.assetAt[index]! : index - this.firstDebt]
        ?.divisor ?? 1n;
    const problem = this.solvency!.problem({ indexes, words, entries, excesses, divisor });
    if (problem !== undefined) throw new RowRefusal('ROW_NET_NEGATIVE', problem);
  }

  /**
   * @throws RowRefusal ROW_POOLS, naming every asset that it is about: who corrects one shall not meet the
   * next
   */
  private finishPools(): void {
    let faults: { readonly token: number; readonly problem: string }[] | undefined;
    for (const token of this.pooled) {
      const problem = this.settledPools(token);
      if (problem !== undefined) (faults ??= []).push({ token, problem });
    }
    if (!faults) return;
    const [first, ...others] = faults;
    const named = others
      .slice(0, NAMED - 1)
      .map(({ token, problem }) => `; ${this.refusal('ROW_POOLS', token, problem).reason}`);
    const more = others.length - named.length;
    if (more > 0) named.push(`; and so ${more} more`);
    const problem = `${first!.problem}${named.join('')}. Correct the row: what serves as collateral is a part of what the account holds`;
    throw this.refusal('ROW_POOLS', first!.token, problem);
  }

  /** @returns what is wrong with them, if anything */
  private settledPools(token: number): string | undefined {
    const pools = this.pools[token]!;
    const [lo, hi] = pools.equity();
    this.refuseLarge(token, lo, hi);
    const problem = pools.settle();
    if (problem !== undefined) return problem;
    for (let pool = 0; pool < pools.count; pool++) {
      const [low, high] = pools.amount(pool);
      if (low !== 0 || high !== 0) this.put(this.equityAt[token]! + pool, low, high, 0);
    }
    return undefined;
  }
}
