import { SolventError, utf8 } from '@solvent-por/kzg';
import { HaircutCurve, MAX_ASSETS, MAX_POOLS, MAX_TIERS, MIN_POOLS, type Mode } from '@solvent-por/verifier';
import { sha256 } from '@noble/hashes/sha2.js';
import { MAX_TOKENS, type SnapshotConfigInput } from './config-schema';
import { headerHaircuts, type Haircuts } from './haircut-header';
import type { PoolConfig, TierConfig } from './haircut-schema';
import { headerPrice } from './price';
import { RandomSource } from './random-source';

export interface GeneratorOptions {
  readonly accounts: number;
  /** Tokens (of `aggregate`) or assets; default 20. */
  readonly assets?: number | undefined;
  /** Default `aggregate`. */
  readonly mode?: Mode | undefined;
  /** The same options and seed give the same data; default 1. */
  readonly seed?: string | number | undefined;
  /** Probability that a balance is not 0; default 0.25. */
  readonly nonZeroShare?: number | undefined;
  /** Probability that an account owes something; default 0.1, in `spot` 0. */
  readonly debtShare?: number | undefined;
  /** `margin` only: haircut tiers of each asset or pool, limits in value; none where it is missing. */
  readonly tiers?: number | undefined;
  /** `margin` only: pools of each asset, the first one the rest at 0 %; none where it is missing. */
  readonly pools?: number | undefined;
}

export interface GeneratedAccount {
  /** The account key: 32 bytes. */
  readonly key: Uint8Array;
  /** Smallest units by token, in the order of tokens; negative is debt. */
  readonly amounts: readonly bigint[];
  /** By token, what lies in each of `poolNames`. */
  readonly pools: readonly (readonly bigint[])[];
}

export interface GeneratedSnapshot {
  readonly tokens: readonly string[];
  /** All of the configuration but `operator` and `keys`. */
  readonly config: (operator: string) => SnapshotConfigInput;
  /** Decimals of a token's amounts in CSV. */
  readonly scales: readonly number[];
  /** Pools that don't take the rest; none where there are no pools. */
  readonly poolNames: readonly string[];
  readonly accounts: () => Generator<GeneratedAccount, void, void>;
}

const WELL_KNOWN: ReadonlyArray<readonly [symbol: string, price: string]> = [
  ['BTC', '65100.22'], ['ETH', '3620.56'], ['USDT', '1'], ['USDC', '1'], ['BNB', '610.23'],
  ['SOL', '171.4'], ['XRP', '0.5213'], ['DOGE', '0.1587'], ['ADA', '0.4471'], ['AVAX', '35.08'],
  ['TRX', '0.1121'], ['DOT', '7.13'], ['LINK', '16.92'], ['LTC', '83.4'], ['BCH', '472.9'],
  ['UNI', '10.07'], ['ATOM', '8.31'], ['ETC', '29.44'], ['FIL', '5.88'], ['APT', '9.02'],
]; // prettier-ignore
const SCALE = 8;
const PRICE_SCALE = 12;
/** Amounts are valued in cents of a dollar. */
const VALUE_SCALE = 2;

/**
 * Test data: accounts with random balances of 0.01 to about ten million dollars a token, some with a debt
 * that their other balances cover.
 * Only integers are computed with, so that every machine makes the same.
 *
 * @throws SolventError GENERATOR_OPTION (kind usage)
 */
export function generateAccounts(options: GeneratorOptions): GeneratedSnapshot {
  const { accounts, assets, mode, seed, nonZeroShare, debtShare, tiers, pools } = checked(options);
  const listed = Array.from({ length: assets }, (_, i) => WELL_KNOWN[i] ?? ([`T${i + 1}`, '2.5'] as const));
  const tokens = listed.map(([symbol]) => symbol);
  const prices = listed.map(([, price]) =>
    mode === 'aggregate'
      ? 10n ** BigInt(PRICE_SCALE - VALUE_SCALE)
      : (headerPrice(price, SCALE, PRICE_SCALE) as bigint),
  );
  const scale = mode === 'aggregate' ? VALUE_SCALE : SCALE;
  const haircuts = generatedHaircuts(tiers, pools);
  const poolNames = (haircuts.pools ?? []).filter(({ rest }) => !rest).map(({ name }) => name);
  const covers = prices.map((price) => new Cover(haircuts, price));

  const config = (operator: string): SnapshotConfigInput => {
    const common = { snapshot: 'generated', takenAt: '2026-01-01T00:00:00Z', operator };
    const plain = tokens.map((symbol) => ({ symbol, scale }));
    if (mode === 'spot') return { ...common, mode, assets: plain };
    if (mode === 'aggregate')
      return { ...common, mode, unit: 'USD', assets: [{ symbol: 'USD', scale }], tokens };
    return {
      ...common,
      mode,
      unit: 'USD',
      priceScale: PRICE_SCALE,
      assets: plain.map((asset, i) => ({ ...asset, price: listed[i]![1], ...haircuts })),
    };
  };

  function* generate(): Generator<GeneratedAccount, void, void> {
    const random = new RandomSource(sha256(utf8(`solvent/v1/generator ${seed}`)));
    for (let n = 0; n < accounts; n++) {
      const key = random.bytes(32);
      const amounts = prices.map((price) =>
        random.chance(nonZeroShare) ? amountWorth(cents(random), price) : 0n,
      );
      const divided = amounts.map((amount) => divide(amount, poolNames.length, random));
      if (random.chance(debtShare)) owe(amounts, divided, covers, random);
      yield { key, amounts, pools: divided };
    }
  }
  return { tokens, config, scales: tokens.map(() => scale), poolNames, accounts: generate };
}

/** 1…99,999 times a power of ten up to 10^4. */
function cents(random: RandomSource): bigint {
  return BigInt(1 + random.below(99_999)) * 10n ** BigInt(random.below(5));
}

function amountWorth(value: bigint, price: bigint): bigint {
  return (value * 10n ** BigInt(PRICE_SCALE - VALUE_SCALE)) / price;
}

/**
 * Of what an account holds of a token, up to three fifths in the first pool, as much of the remainder in the
 * next one …
 */
function divide(amount: bigint, pools: number, random: RandomSource): bigint[] {
  let left = amount;
  return Array.from({ length: pools }, () => {
    const part = (left * BigInt(random.below(61))) / 100n;
    left -= part;
    return part;
  });
}

/** Turns one token's amount into a debt of at most 80% of what counts of the others. */
function owe(amounts: bigint[], pools: bigint[][], covers: readonly Cover[], random: RandomSource): void {
  const token = random.below(amounts.length);
  const worth = amounts.reduce(
    (sum, amount, i) => (i === token ? sum : sum + covers[i]!.of(amount, pools[i]!)),
    0n,
  );
  amounts[token] = -((worth * BigInt(random.below(81))) / 10_000n / covers[token]!.price);
  pools[token]!.fill(0n);
}

/** What of a token's amounts counts against debts. */
class Cover {
  private readonly whole: HaircutCurve;
  private readonly inPools: readonly HaircutCurve[];

  constructor(
    haircuts: Haircuts,
    readonly price: bigint,
  ) {
    const asset = { symbol: '', scale: SCALE, limbs: 6, price, priceScale: PRICE_SCALE };
    const { tiers, pools = [] } = headerHaircuts(haircuts, asset);
    this.whole = new HaircutCurve(tiers ?? [{ percent: pools.length > 0 ? 0 : 100 }]);
    // The first one takes the rest, of which nothing counts.
    this.inPools = pools.slice(1).map((pool) => new HaircutCurve(pool.tiers));
  }

  /** In hundredths of 10^(−PRICE_SCALE) of the unit. */
  of(amount: bigint, pools: readonly bigint[]): bigint {
    return (
      this.price *
      pools.reduce((sum, part, q) => sum + this.inPools[q]!.exact(part), this.whole.exact(amount))
    );
  }
}

/** Names of pools, the first one the rest. */
const POOL_NAMES = ['free', 'loan', 'margin', 'portfolio', 'earn', 'staking', 'futures', 'options'];

/** Percentages fall evenly from 100; each tier is as wide as 10,000 of the unit. */
function generatedHaircuts(
  tiers: number | undefined,
  pools: number | undefined,
): { readonly tiers?: TierConfig[]; readonly pools?: PoolConfig[] } {
  if (tiers === undefined && pools === undefined) return {};
  const count = tiers ?? 1;
  const list = Array.from({ length: count }, (_, i): TierConfig => ({
    percent: 100 - Math.floor((100 * i) / count),
    ...(i < count - 1 ? { upToValue: String(10_000 * (i + 1)) } : {}),
  }));
  if (pools === undefined) return { tiers: list };
  return {
    pools: POOL_NAMES.slice(0, pools).map((name, q) =>
      q === 0 ? { name, rest: true, tiers: [{ percent: 0 }] } : { name, tiers: list },
    ),
  };
}

function checked(options: GeneratorOptions) {
  const mode = options.mode ?? 'aggregate';
  const {
    accounts,
    assets = 20,
    seed = 1,
    nonZeroShare = 0.25,
    debtShare = mode === 'spot' ? 0 : 0.1,
    tiers,
    pools,
  } = options;
  const most = mode === 'aggregate' ? MAX_TOKENS : MAX_ASSETS;
  if (!Number.isSafeInteger(accounts) || accounts < 1) fail('accounts must be a positive integer');
  if (!Number.isInteger(assets) || assets < 1 || assets > most)
    fail(`assets must be an integer in 1…${most}`);
  for (const [name, share] of Object.entries({ nonZeroShare, debtShare }))
    if (!(share >= 0 && share <= 1)) fail(`${name} must be in 0…1`);
  if (mode === 'spot' && debtShare > 0) fail('there are no debts in mode spot: debtShare must be 0');
  if ((tiers !== undefined || pools !== undefined) && mode !== 'margin')
    fail('haircut tiers and pools need mode margin');
  if (tiers !== undefined && (!Number.isInteger(tiers) || tiers < 1 || tiers > MAX_TIERS))
    fail(`tiers must be an integer in 1…${MAX_TIERS}`);
  if (pools !== undefined && (!Number.isInteger(pools) || pools < MIN_POOLS || pools > MAX_POOLS))
    fail(`pools must be an integer in ${MIN_POOLS}…${MAX_POOLS}`);
  return { accounts, assets, mode, seed, nonZeroShare, debtShare, tiers, pools };
}

function fail(problem: string): never {
  throw new SolventError('GENERATOR_OPTION', 'usage', problem);
}
