import type { SnapshotReport } from './report';

/** Totals for a spreadsheet: RFC 4180, with no cell that a spreadsheet would run. */
export function totalsCsv({ snapshot, takenAt, totals }: SnapshotReport): string {
  const rows = totals.map(({ symbol, side, pool, amount }) => [
    snapshot,
    takenAt,
    symbol,
    pool ?? side,
    amount,
  ]);
  return [['snapshot', 'takenAt', 'asset', 'side', 'amount'], ...rows]
    .map((row) => `${row.map(cell).join(',')}\r\n`)
    .join('');
}

/** The same for programs, amounts as decimal strings. */
export function totalsJson({
  snapshot,
  takenAt,
  operator,
  digest,
  batchCount,
  totals,
}: SnapshotReport): string {
  const content = { snapshot, takenAt, operator, manifest: digest, batchCount, totals };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
