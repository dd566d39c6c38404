import { SolventError, utf8 } from '@solvent/algebra';
import { MAX_ASSETS, type Mode } from '@solvent/proof/verify';
import { sha256 } from '@noble/hashes/sha2.js';
import { MAX_TOKENS, type SnapshotConfigInput } from './config';
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
}

export interface GeneratedAccount {
  /** 32 bytes. */
  readonly id: Uint8Array;
  /** Smallest units by token, in the order of tokens; negative is debt. */
  readonly amounts: readonly bigint[];
}

export interface GeneratedSnapshot {
  readonly tokens: readonly string[];
  /** All of the configuration but `operator` and `keys`. */
  readonly config: (operator: string) => SnapshotConfigInput;
  /** Decimals of a token's amounts in CSV. */
  readonly scales: readonly number[];
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
 * Test data: accounts with random balances of 0.01 to about ten million dollars a token, some with a debt that their other balances cover.
 * Only integers are computed with, so that every machine makes the same.
 *
 * @throws SolventError GENERATOR_OPTION (kind usage)
 */
export function generateAccounts(options: GeneratorOptions): GeneratedSnapshot {
  const { accounts, assets, mode, seed, nonZeroShare, debtShare } = checked(options);
  const listed = Array.from({ length: assets }, (_, i) => WELL_KNOWN[i] ?? ([`T${i + 1}`, '2.5'] as const));
  const tokens = listed.map(([symbol]) => symbol);
  const prices = listed.map(([, price]) =>
    mode === 'aggregate'
      ? 10n ** BigInt(PRICE_SCALE - VALUE_SCALE)
      : (headerPrice(price, SCALE, PRICE_SCALE) as bigint),
  );
  const scale = mode === 'aggregate' ? VALUE_SCALE : SCALE;

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
      assets: plain.map((asset, i) => ({ ...asset, price: listed[i]![1] })),
    };
  };

  function* generate(): Generator<GeneratedAccount, void, void> {
    const random = new RandomSource(sha256(utf8(`solvent/v1/generator ${seed}`)));
    for (let n = 0; n < accounts; n++) {
      const id = random.bytes(32);
      const amounts = prices.map((price) =>
        random.chance(nonZeroShare) ? amountWorth(cents(random), price) : 0n,
      );
      if (random.chance(debtShare)) owe(amounts, prices, random);
      yield { id, amounts };
    }
  }
  return { tokens, config, scales: tokens.map(() => scale), accounts: generate };
}

/** 1…99,999 times a power of ten up to 10^4. */
function cents(random: RandomSource): bigint {
  return BigInt(1 + random.below(99_999)) * 10n ** BigInt(random.below(5));
}

function amountWorth(value: bigint, price: bigint): bigint {
  return (value * 10n ** BigInt(PRICE_SCALE - VALUE_SCALE)) / price;
}

/** Turns one token's amount into a debt of at most 80% of what the others are worth. */
function owe(amounts: bigint[], prices: readonly bigint[], random: RandomSource): void {
  const token = random.below(amounts.length);
  const worth = amounts.reduce((sum, amount, i) => (i === token ? sum : sum + amount * prices[i]!), 0n);
  amounts[token] = -((worth * BigInt(random.below(81))) / 100n / prices[token]!);
}

function checked(options: GeneratorOptions) {
  const mode = options.mode ?? 'aggregate';
  const {
    accounts,
    assets = 20,
    seed = 1,
    nonZeroShare = 0.25,
    debtShare = mode === 'spot' ? 0 : 0.1,
  } = options;
  const most = mode === 'aggregate' ? MAX_TOKENS : MAX_ASSETS;
  if (!Number.isSafeInteger(accounts) || accounts < 1) fail('accounts must be a positive integer');
  if (!Number.isInteger(assets) || assets < 1 || assets > most)
    fail(`assets must be an integer in 1…${most}`);
  for (const [name, share] of Object.entries({ nonZeroShare, debtShare }))
    if (!(share >= 0 && share <= 1)) fail(`${name} must be in 0…1`);
  if (mode === 'spot' && debtShare > 0) fail('there are no debts in mode spot: debtShare must be 0');
  return { accounts, assets, mode, seed, nonZeroShare, debtShare };
}

function fail(problem: string): never {
  throw new SolventError('GENERATOR_OPTION', 'usage', problem);
}
