import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** One account as a test reads it from balance files: signed amounts in smallest units. */
export interface Balance {
  /** The account key, as the files have it. */
  readonly key: string;
  readonly amounts: ReadonlyMap<string, bigint>;
}

/**
 * A second, plain reader of balance files, for what the CLI says to be compared with.
 * @param scale of CSV cells
 */
export function readBalances(folder: string, scale: number): Balance[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const bytes = readFileSync(join(folder, name));
      const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').trim();
      if (name.includes('.csv')) return readCsv(text, scale);
      const records = (name.includes('.ndjson') ? `[${text.split('\n').join(',')}]` : text) as string;
      return (JSON.parse(records) as { id: string; assets: Record<string, string> }[]).map(
        ({ id, assets }) => ({
          key: `0x${id}`,
          amounts: new Map(Object.entries(assets).map(([symbol, amount]) => [symbol, BigInt(amount)])),
        }),
      );
    });
}

function readCsv(text: string, scale: number): Balance[] {
  const [head, ...rows] = text.split(/\r?\n/).map((line) => line.split(','));
  return rows.map(([id, ...cells]) => ({
    key: `0x${id}`,
    amounts: new Map(cells.map((cell, i) => [head![i + 1]!, smallestUnits(cell, scale)])),
  }));
}

function smallestUnits(cell: string, scale: number): bigint {
  const [whole, fraction = ''] = cell.split('.') as [string, string?];
  return BigInt(whole + fraction.padEnd(scale, '0'));
}

/** Sums of the positive and of the negative amounts, by symbol. */
export function sumsOf(balances: readonly Balance[]): Map<string, { equity: bigint; debt: bigint }> {
  const sums = new Map<string, { equity: bigint; debt: bigint }>();
  for (const { amounts } of balances)
    for (const [symbol, amount] of amounts) {
      const sum = sums.get(symbol) ?? { equity: 0n, debt: 0n };
      if (amount > 0n) sum.equity += amount;
      else sum.debt -= amount;
      sums.set(symbol, sum);
    }
  return sums;
}
