import {
  REASON_WORDS,
  type RefusedReserves,
  type ReservesReport,
  type Solvency,
} from '@solvent-por/reserves';
import type { Context } from './context';
import { plural, readableAmount } from './format';

/** What was found in a publication that is right, for people: nothing is called more than it is. */
export function sayReserves(
  report: ReservesReport,
  { operator }: { readonly operator?: string },
  context: Context,
): void {
  const { say, style } = context;
  const line = (name: string, text: string) => say(`${style.paint('dim', name.padEnd(12))}${text}`);
  line('Reserves', `${style.paint('bold', report.domain)}, snapshot ${report.snapshot} of ${report.takenAt}`);
  line(
    'Operator',
    `${report.operator}${operator === undefined ? ' (compared with nothing: give --operator)' : ''}`,
  );
  line('Document', `${report.digest} (its digest: compare it with the published one)`);
  for (const [network, state] of Object.entries(report.blocks))
    line('Block', `${network}: ${state}${report.nodes?.[network] ? ` by ${report.nodes[network]}` : ''}`);
  line('Time', `${plural(report.span, 'second')} between the first and the last block`);
  for (const message of report.messages) line('Legacy text', JSON.stringify(message));
  say();
  sayAssets(report, context);
  sayReasons(report, context);
  say();
  if (report.solvency) saySolvency(report.solvency, report, context);
  else say(`${style.warning} not compared with what is owed: give --manifest`);
}

const HEAD = ['', 'proved', 'checked', 'claimed', 'standing text', 'layer 2'];

function sayAssets({ assets }: ReservesReport, { say }: Context): void {
  const rows = Object.entries(assets).map(([symbol, sums]) => [
    symbol,
    ...[sums.proved, sums.checked, sums.claimed, sums.named, sums.layer2].map((amount) =>
      readableAmount(BigInt(amount), sums.scale),
    ),
  ]);
  const widths = HEAD.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]!.length)));
  for (const row of [HEAD, ...rows])
    say(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '));
}

/** What would help, where an option would. */
const HELP: Readonly<Partial<Record<keyof ReservesReport['reasons'], string>>> = {
  unchecked: ': give --node network=URL, and --contracts for code that is not built in',
  block: ': give --node network=URL, or --block network=HASH from another source',
  balance: ': give --node network=URL',
};

function sayReasons(
  { reasons, ownership, lines, delegated, modules = 0 }: ReservesReport,
  { say, style }: Context,
): void {
  say();
  say(`${plural(lines, 'line')}; ownership: ${pairs(ownership)}`);
  for (const [name, number] of Object.entries(reasons)) {
    const reason = name as keyof typeof reasons;
    const why = `${REASON_WORDS[reason]}${HELP[reason] ?? ''}`;
    say(`${style.warning} ${plural(number, 'line')} claimed: ${why} (${reason})`);
  }
  if (delegated > 0)
    say(`${style.warning} ${plural(delegated, 'account')} delegated to code, which can move its coins too`);
  if (modules > 0)
    say(`${style.warning} ${plural(modules, 'Safe')} with modules, which can move its coins too`);
}

function saySolvency(solvency: Solvency, { liabilities }: ReservesReport, { say, style }: Context): void {
  for (const [symbol, { verdict, by, ratio, with: other }] of Object.entries(solvency.assets ?? {})) {
    const shown = ratio?.claimed
      ? ` (${ratio.proved}, ${ratio.checked}, ${ratio.claimed} basis points proved, checked, claimed)`
      : '';
    say(
      `${symbol}: ${verdict}${by ? ` by what is ${by}` : ''}${other ? `, together with ${other}` : ''}${shown}`,
    );
  }
  if (solvency.prices) say(`at the ${solvency.prices}'s prices`);
  const by = solvency.by ? ` by what is ${solvency.by}` : '';
  const word = `${solvency.verdict}${solvency.verdict === 'claimed' ? ', not shown: enough only with what the operator claims' : by}`;
  const covered = solvency.verdict === 'covered';
  say(`Compared with what is owed: ${style.paint(covered ? 'green' : 'yellow', word)}`);
  if (liabilities === 'unproved')
    say(`${style.warning} that no more is owed is the operator's word: give the global proof with --proof`);
}

/** Why it was refused. */
export function sayRefused({ verdict, reason, code }: RefusedReserves, { complain, style }: Context): void {
  complain(`${style.paint('red', verdict.toUpperCase())}: ${reason} (${code})`);
}

function pairs(counts: Readonly<Record<string, number>>): string {
  return (
    Object.entries(counts)
      .map(([name, number]) => `${name} ${number}`)
      .join(', ') || 'none'
  );
}
