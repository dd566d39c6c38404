import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files that a guide's reader brings along: made up, a handful of accounts. */

const ACCOUNTS = 5;

/** Account keys as the balance files have them: 64 hex digits. */
export const ACCOUNT_KEYS = Array.from({ length: ACCOUNTS }, (_, i) =>
  createHash('sha256').update(`account ${i}`).digest('hex'),
);

/**
 * So long ago as text without milliseconds: no configuration may lie far ahead of the clock, whenever the
 * tests run.
 */
export function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Of the guide's configuration: BTC and USDT, equity and debt. @param ids one an account */
export function writeBalances(folder: string, ids: readonly string[] = ACCOUNT_KEYS): void {
  mkdirSync(folder, { recursive: true });
  const rows = ids.map((id, i) => `${id},${i + 1}.5,0.25,${i + 1}000,1.000001`);
  writeFileSync(join(folder, 'balances.csv'), ['id,e_btc,d_btc,e_usdt,d_usdt', ...rows, ''].join('\n'));
}

/**
 * In the form that Binance publishes: a list of prices and ratios, and users whose collateral lies in three
 * pools.
 */
export function writeBinance(clone: string): void {
  const tiers = '"[0-10000:100,10000-20000:90]"';
  const list = ['symbol,usdt_price,loan_tiers_ratio,margin_tiers_ratio,portfolio_tiers_ratio'];
  for (const [symbol, price] of [
    ['btc', '65100.22000000'],
    ['eth', '3620.56000000'],
  ] as const)
    list.push([symbol, price, tiers, tiers, tiers].join(','));
  writeFileSync(join(clone, 'cex_assets_info.csv'), `${list.join('\n')}\n`);
  const columns = ['btc', 'eth'].flatMap((asset) =>
    ['e_', 'd_', '', 'vl_', 'm_', 'pm_'].map((prefix) => `${prefix}${asset}`),
  );
  const rows = ACCOUNT_KEYS.map((id, i) =>
    [i, id, ...[1, 2].flatMap(() => [3, 0, 3, 1, 1, 0.5]), '0.0'].join(','),
  );
  mkdirSync(join(clone, 'binance'));
  const head = ['rn', 'id', ...columns, 'total_net_balance_usdt'].join(',');
  writeFileSync(join(clone, 'binance', 'users.csv'), `${[head, ...rows].join('\n')}\n`);
}
