import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Made-up balances in the very form of OKX's and Binance's published samples, which are theirs and not part
 * of this repository.
 */

const examples = join(__dirname, '../../../../docs/examples');
const BINANCE_USERS = 100;
/** Smallest units of a whole token in Binance's files. */
const SCALE = 8;
const ASSETS = ['btc', 'eth', 'bnb', 'shib'] as const;
const PRICES = ['65100.22000000', '3620.56000000', '610.23000000', '0.00001797'];

/**
 * 8 accounts of the 220 tokens of OKX's PoR V2: signed whole numbers, pretty-printed in one file. Each
 * account's tokens add up to more than nothing.
 */
export function writeOkx(folder: string): void {
  const { tokens } = JSON.parse(readFileSync(join(examples, 'okx-v2-aggregate.json'), 'utf8')) as {
    tokens: string[];
  };
  const records = Array.from({ length: 8 }, (_, account) => ({
    id: createHash('sha256').update(`okx ${account}`).digest('hex'),
    assets: Object.fromEntries(
      tokens.map((token, i) => [
        token,
        (i + account) % 3 === 0 ? '-1' : String(9_195_990 + 1_009 * i * (account + 1)),
      ]),
    ),
  }));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'batch0.json'), JSON.stringify(records, null, 4));
}

/**
 * Binance's list of four assets, each with three lists of ten tiers, and 100 users. As in the sample, the
 * first ten cannot be proved, by its own rules too: the first, third, … have more collateral in pools than
 * equity, the others owe 1.01 times what counts.
 */
export function writeBinance(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const tiers = Array.from({ length: 10 }, (_, i) => `${i * 10_000}-${(i + 1) * 10_000}:${100 - 10 * i}`);
  const lists = Array(3).fill(`"[${tiers.join(',')}]"`);
  const assets = ASSETS.map((symbol, i) => [symbol, PRICES[i], ...lists].join(','));
  const list = ['symbol,usdt_price,loan_tiers_ratio,margin_tiers_ratio,portfolio_tiers_ratio', ...assets, ''];
  writeFileSync(join(folder, 'cex_assets_info.csv'), list.join('\n'));
  const columns = ASSETS.flatMap((asset) => ['e_', 'd_', '', 'vl_', 'm_', 'pm_'].map((kind) => kind + asset));
  const head = ['rn', 'id', ...columns, 'total_net_balance_usdt'].join(',');
  const rows = Array.from({ length: BINANCE_USERS }, (_, i) => [
    i,
    i.toString(16).padStart(64, '0'),
    ...userCells(i),
    '0.0',
  ]);
  writeFileSync(
    join(folder, 'sample_users0.csv'),
    `${[head, ...rows.map((row) => row.join(','))].join('\n')}\n`,
  );
}

/**
 * What a user holds, owes, and has in the pools `loan`, `margin` and `portfolio`, an asset after the other.
 */
function userCells(i: number): string[] {
  const [crowded, owing] = [i < 10 && i % 2 === 0, i < 10 && i % 2 === 1];
  return ASSETS.flatMap((asset) => {
    // In hundredths of a token, so that what lies in a pool is wholly within the first tier, which counts at
    // 100 %.
    const equity = 10 + (i % 9);
    const pool = crowded ? equity : owing ? 3 : 2;
    // All three pools count: 9, and the debt is 1.01 times that.
    const debt = owing ? 909 : asset === 'shib' ? 0 : 100 * (i % 3);
    // SHIB is so cheap that it is counted in hundredths.
    const [tokens, decimals] = asset === 'shib' ? [1, 2] : [100, 4];
    const cell = (amount: number) => (amount / tokens).toFixed(decimals);
    return [cell(equity), cell(debt / 100), cell(equity - debt / 100), cell(pool), cell(pool), cell(pool)];
  });
}

/** A cell as smallest units. */
export function units(cell: string): bigint {
  const [whole, fraction = ''] = cell.split('.') as [string, string?];
  return BigInt(whole + fraction.padEnd(SCALE, '0'));
}
