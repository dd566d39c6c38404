import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseReserves, readManifest, type RefusedReserves } from '..';
import { LEVEL_CASES, type LevelCase } from '../../testing/level-cases';
import { CONFIRMED, make } from '../../testing/made-publication';
import { publication } from '../../testing/vectors';
import { piecesOf, reportOf, verdictOf } from '../../testing/verdict-of';
import { verifyReserves } from '../verify/verify-reserves';
import { REASONS } from '../verify/levels';
import {
  auditReport,
  barParts,
  refusedAuditReport,
  withLiabilitiesProved,
  type AuditReport,
  type ReportAsset,
} from './audit-report';
import { auditReportHtml } from './report-html';
import { REASON_WORDS } from './words';

const GIVEN = { at: '2026-12-01T10:00:00Z', by: 'solvent 0.0.0', operatorKnown: true };

async function reported(of: LevelCase): Promise<{ readonly report: AuditReport; readonly html: string }> {
  const made = of.made();
  const { blocks = CONFIRMED, tokens } = of;
  const verdict = await reportOf(made, { blocks, ...(tokens && { tokens }) });
  const report = auditReport(verdict, { ...GIVEN, reserves: parseReserves(made.reserves) });
  return { report, html: auditReportHtml(report) };
}

test('there is a case for each reason', () => {
  expect(LEVEL_CASES.flatMap(({ reason }) => reason ?? []).sort()).toEqual([...REASONS].sort());
});

test.each(LEVEL_CASES)('$name: $level in the report as in --json, for the same reason', async (of) => {
  const { level, reason, symbol } = of;
  const { report, html } = await reported(of);
  const asset = report.assets.find((one) => one.symbol === symbol)!;
  const levels = (['proved', 'checked', 'claimed'] as const).filter((one) => asset[one] !== '0');
  expect(levels).toEqual([level]);
  if (reason === undefined) return;
  expect(report.reasons[reason]).toBeGreaterThan(0);
  expect(html).toContain(`data-reason="${reason}"`);
  expect(html).toContain(REASON_WORDS[reason]);
  // The honest twin has no such line, but for bitcoin's, whose block nobody confirms.
  const twin = await reported(LEVEL_CASES[0]!);
  if (reason !== 'block') expect(twin.html).not.toContain(`data-reason="${reason}"`);
  else expect(twin.report.reasons.block).toBeLessThan(report.reasons.block!);
});

/** A published vector as its arguments say, and the report of it. */
async function vector(name: string) {
  const { args, file } = publication(name);
  const manifest = args.manifest === undefined ? undefined : readManifest(bytes(file(args.manifest)));
  const blocks = Object.fromEntries((args.block ?? []).map((one) => one.split('=') as [string, string]));
  const text = file('reserves.json');
  const verdict = await verifyReserves(bytes(text), piecesOf(file('reserve-addresses.ndjson')), {
    ...{ operator: args.operator, blocks },
    ...(manifest && { manifest }),
    ...(args.prices !== undefined && { prices: JSON.parse(file(args.prices)) }),
  });
  const report =
    verdict.verdict === 'right'
      ? auditReport(verdict, { ...GIVEN, reserves: parseReserves(text), manifest })
      : refusedAuditReport(verdict, GIVEN);
  return { verdict, report };
}
const bytes = (text: string) => new TextEncoder().encode(text);

const NAMES = readdirSync(join(__dirname, '../../../../../test-vectors/reserves/publications'));

test.each(NAMES)('%s: the report says what the verifier says, and no more', async (name) => {
  const { verdict, report } = await vector(name);
  const html = auditReportHtml(report);
  expect(report.outcome).toBe(verdict.verdict);
  if (verdict.verdict !== 'right' || report.outcome !== 'right') {
    expect(html).toContain(`data-outcome="${verdict.verdict}"`);
    expect(html).not.toMatch(/covered by|data-verdict/i);
    return;
  }
  expect(report.reasons).toEqual(verdict.reasons);
  expect(report.verdict).toBe(verdict.solvency?.verdict ?? 'not compared');
  expect(report.by).toBe(verdict.solvency?.by);
  for (const [symbol, sums] of Object.entries(verdict.assets))
    expect(report.assets.find((one) => one.symbol === symbol)).toMatchObject({
      ...{ proved: sums.proved, checked: sums.checked, claimed: sums.claimed },
    });
  for (const [symbol, { verdict: own, equity }] of Object.entries(verdict.solvency?.assets ?? {}))
    expect(report.assets.find((one) => one.symbol === symbol)).toMatchObject({
      ...{ verdict: own, owed: { amount: equity } },
    });
  // Nothing is green while what is owed is the operator's word.
  expect(html).not.toContain('class="verdict good"');
  expect(/>✓ Covered/.test(html)).toBe(false);
});

test('covered is marked as such only once what is owed is proved in the same run', async () => {
  const report = (await vector('token-proved')).report as AuditReport;
  expect(report).toMatchObject({ verdict: 'covered', liabilities: 'unproved' });
  const proved = withLiabilitiesProved(report);
  expect(proved.checks.find(({ check }) => check === 'liabilities')).toMatchObject({ done: true });
  expect(auditReportHtml(proved)).toContain('class="verdict good"');
  expect(withLiabilitiesProved({ ...report, liabilities: 'not given' }).liabilities).toBe('not given');
});

test('a refused publication: nothing in it is shown, and the line is named', async () => {
  const verdict = await verdictOf(make({ draft: ({ lines }) => (lines[1]!.amount = '1') }));
  const report = refusedAuditReport(verdict as RefusedReserves, GIVEN);
  expect(report).toMatchObject({ outcome: 'wrong', line: 2 });
  expect(report).not.toHaveProperty('assets');
  expect(auditReportHtml(report)).toContain('Line 2');
});

test('what a publication says is shown as text', async () => {
  const honest = (await vector('token-proved')).report as AuditReport;
  const attack = "\"><script>alert(1)</script><img src=x onerror='alert(2)'>";
  const report = { ...honest, messages: [attack], domain: attack };
  const html = auditReportHtml(report);
  expect(html).not.toMatch(/<script|<img/);
  expect(html).toContain('&lt;script&gt;');
  expect(html).toContain("default-src 'none'");
});

test('bars: thousandths of the larger of what is held and what is owed', () => {
  const asset: ReportAsset = {
    ...{ symbol: 'X', scale: 2, verdict: 'short' as const, named: '0', layer2: '0', classes: null },
    ...{ proved: '250', checked: '250', claimed: '0', owed: { amount: '1000', scale: 2 } },
  };
  expect(barParts(asset)).toEqual({ proved: 250, checked: 250, claimed: 0, owed: 1000 });
  expect(barParts({ ...asset, owed: { amount: '100', scale: 2 } })).toMatchObject({ proved: 500, owed: 200 });
  expect(barParts({ ...asset, owed: null })).toMatchObject({ proved: 500, checked: 500, owed: null });
  expect(barParts({ ...asset, owed: { amount: '1', scale: 3 } }).owed).toBeNull();
  const huge = (2n ** 127n).toString();
  expect(barParts({ ...asset, proved: huge, checked: '0', owed: { amount: huge, scale: 2 } }).proved).toBe(
    1000,
  );
});
