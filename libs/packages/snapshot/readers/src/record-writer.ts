import { withoutTrailing } from '@solvent-por/kzg';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { PRIVATE } from '@solvent-por/snapshot/files';
import { poolColumn, type GeneratedAccount } from '@solvent-por/snapshot';

export type RecordFormat = 'okx' | 'ndjson' | 'csv';

export const RECORD_FORMATS = ['okx', 'ndjson', 'csv'] as const satisfies readonly RecordFormat[];

/** What a format's files are called. */
export const FILE_ENDINGS = { okx: '.json', ndjson: '.ndjson', csv: '.csv' } as const;

/** Text collected before it is written. */
const PIECE = 1 << 18;

/** Names of the columns, and decimals of each. */
export interface Columns {
  readonly tokens: readonly string[];
  readonly scales: readonly number[];
  /** Of each token, beside its equity; none where the accounts have no pools. */
  readonly poolNames: readonly string[];
}

/**
 * Writes one balance file, gzipped when its name ends in .gz. Records are written as exchanges write them:
 * OKX JSON and CSV list every token, NDJSON those that are not 0.
 */
export async function writeRecords(
  path: string,
  format: RecordFormat,
  columns: Columns,
  accounts: Iterable<GeneratedAccount>,
): Promise<number> {
  const file = createWriteStream(path, { flags: 'wx', mode: PRIVATE });
  const gzip = path.endsWith('.gz') ? createGzip({ level: 6 }) : undefined;
  gzip?.pipe(file);
  const out = gzip ?? file;
  const done = finished(file);
  let text = format === 'csv' ? csvLine(csvNames(columns)) : format === 'okx' ? '[' : '';
  let count = 0;
  for (const account of accounts) {
    if (format === 'csv') text += csvLine(csvCells(account, columns));
    else if (format === 'ndjson') text += `${jsonRecord(account, columns, true)}\n`;
    else text += `${count === 0 ? '' : ',\n'}${jsonRecord(account, columns, false)}`;
    count++;
    if (text.length < PIECE) continue;
    if (!out.write(text)) await Promise.race([once(out, 'drain'), done]);
    text = '';
  }
  out.end(format === 'okx' ? `${text}]\n` : text);
  await done;
  return count;
}

function jsonRecord(account: GeneratedAccount, columns: Columns, sparse: boolean): string {
  const { key, amounts } = account;
  const { tokens } = columns;
  let members = '';
  for (let t = 0; t < tokens.length; t++)
    if (!sparse || amounts[t] !== 0n)
      members += `${members === '' ? '' : ','}"${tokens[t]!}":${jsonAmount(account, columns, t)}`;
  return `{"id":"${Buffer.from(key).toString('hex')}","assets":{${members}}}`;
}

/** What lies in no pool is not written: one of them takes the rest. */
function jsonAmount({ amounts, pools }: GeneratedAccount, { poolNames }: Columns, t: number): string {
  const amount = amounts[t]!;
  if (poolNames.length === 0 || amount <= 0n) return `"${amount}"`;
  const parts = poolNames.map((name, q) => `"${name}":"${pools[t]![q]!}"`);
  return `{"equity":"${amount}","pools":{${parts.join(',')}}}`;
}

/** A column a token; where there are pools, its equity, its debt, and each pool's part of the equity. */
function csvNames({ tokens, poolNames }: Columns): string[] {
  if (poolNames.length === 0) return ['id', ...tokens];
  const own = (token: string) => [
    `e_${token}`,
    `d_${token}`,
    ...poolNames.map((name) => poolColumn(token, { name })),
  ];
  return ['id', ...tokens.flatMap(own)];
}

function csvCells({ key, amounts, pools }: GeneratedAccount, { scales, poolNames }: Columns): string[] {
  const cells = amounts.flatMap((amount, t) => {
    const scale = scales[t]!;
    if (poolNames.length === 0) return [decimal(amount, scale)];
    const [equity, debt] = amount < 0n ? [0n, -amount] : [amount, 0n];
    return [equity, debt, ...pools[t]!].map((part) => decimal(part, scale));
  });
  return [Buffer.from(key).toString('hex'), ...cells];
}

function csvLine(cells: readonly string[]): string {
  return `${cells.join(',')}\r\n`;
}

/** Whole tokens, without needless zeros: −12345 at scale 3 is -12.345. */
export function decimal(amount: bigint, scale: number): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(scale + 1, '0');
  const fraction = withoutTrailing(digits.slice(digits.length - scale), /0/);
  const whole = digits.slice(0, digits.length - scale);
  return `${amount < 0n ? '-' : ''}${whole}${scale > 0 && fraction !== '' ? `.${fraction}` : ''}`;
}
