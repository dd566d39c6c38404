import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { PRIVATE } from '@solvent/files';
import type { GeneratedAccount } from '@solvent/snapshot';

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
}

/** Writes one balance file, gzipped when its name ends in .gz. Records are written as exchanges write them: OKX JSON and CSV list every token, NDJSON those that are not 0. */
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
  let text = format === 'csv' ? csvLine(['id', ...columns.tokens]) : format === 'okx' ? '[' : '';
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

function jsonRecord({ id, amounts }: GeneratedAccount, { tokens }: Columns, sparse: boolean): string {
  let members = '';
  for (let t = 0; t < tokens.length; t++)
    if (!sparse || amounts[t] !== 0n)
      members += `${members === '' ? '' : ','}"${tokens[t]!}":"${amounts[t]!}"`;
  return `{"id":"${Buffer.from(id).toString('hex')}","assets":{${members}}}`;
}

function csvCells({ id, amounts }: GeneratedAccount, { scales }: Columns): string[] {
  return [Buffer.from(id).toString('hex'), ...amounts.map((amount, t) => decimal(amount, scales[t]!))];
}

function csvLine(cells: readonly string[]): string {
  return `${cells.join(',')}\r\n`;
}

/** Whole tokens, without needless zeros: −12345 at scale 3 is -12.345. */
export function decimal(amount: bigint, scale: number): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(scale + 1, '0');
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  const whole = digits.slice(0, digits.length - scale);
  return `${amount < 0n ? '-' : ''}${whole}${scale > 0 && fraction !== '' ? `.${fraction}` : ''}`;
}
