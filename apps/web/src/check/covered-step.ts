import type { AuditReport, ReportAsset, SolvencyVerdict } from '@solvent-por/reserves';
import type { ReservesFound } from './found';
import type { Fact, Step } from './report';
import type { ServerSolvency } from './server-solvency';
import { decimal } from './decimal';

/** From the worst to the best, as the reserves page has them (section 8). */
const WORST_FIRST: readonly SolvencyVerdict[] = [
  'short',
  'not covered on chain',
  'not comparable',
  'claimed',
  'covered',
];

/** What is known of the reserves behind an account's snapshot. */
export interface CoverKnown {
  /** What was verified in this browser. */
  readonly here?: ReservesFound | undefined;
  /** Whether the global proof of the same manifest was verified in this browser. */
  readonly liabilitiesProved: boolean;
  /** What the server says of itself. */
  readonly server?: ServerSolvency | undefined;
  /** Whether reserves are known to be published. */
  readonly published: boolean;
}

/** What is true, or said, of one asset. */
interface Covered {
  readonly symbol: string;
  readonly verdict: SolvencyVerdict;
  readonly by?: 'proved' | 'checked';
}

/**
 * "It is covered", for the assets that the account has and for these alone, as far as it was shown: checked only
 * where this browser verified the reserves and what is owed. Undefined where no reserves are published, or nothing
 * is owed.
 *
 * @param symbols assets of which something is owed to the account
 */
export function coveredStep(
  symbols: readonly string[],
  { here, liabilitiesProved, server, published }: CoverKnown,
): Step | undefined {
  if (here && here.outcome !== 'right')
    return here.outcome === 'wrong'
      ? step('false', 'refused', [], { reason: here.reason }, here.code)
      : step('unreadable', 'file', [], { reason: here.reason }, here.code);
  // To whom nothing is owed, or nothing that could be read, nothing is covered.
  if (symbols.length === 0) return undefined;
  if (here) return shownStep(symbols, here, liabilitiesProved);
  if (server) return saidStep(symbols, server);
  return published ? step('open', 'notHere', []) : undefined;
}

/** Whether this browser has judged the reserves: whatever else is said of them can be looked at here, still. */
export function isJudged({ state, why }: Step): boolean {
  return state !== 'unreadable' && why !== 'notHere' && why !== 'said' && !why.startsWith('server');
}

function shownStep(symbols: readonly string[], report: AuditReport, proved: boolean): Step {
  const covered = symbols.map((symbol): Covered => coveredOf(symbol, report));
  const facts = factsOf(symbols, report);
  const { verdict, by, assets } = worst(covered);
  const values = { assets };
  switch (verdict) {
    case 'short':
      return step('false', 'short', facts, values);
    case 'not covered on chain':
      return step('false', 'absent', facts, values);
    case 'not comparable':
      return step('open', 'notComparable', facts, values);
    case 'claimed':
      return step('open', 'claimed', facts, values);
    case 'covered':
      // What is owed is a word until its own proof was verified here, and so is what covers it.
      return proved ? step('checked', by, facts, values) : step('open', 'owedUnproved', facts, values);
  }
}

function saidStep(symbols: readonly string[], { assets, unit }: ServerSolvency): Step {
  const covered = symbols.map((symbol): Covered =>
    unit
      ? { symbol, ...unit }
      : (assets.find((asset) => asset.symbol === symbol) ?? { symbol, verdict: 'not comparable' }),
  );
  const { verdict, assets: named } = worst(covered);
  const values = { assets: named };
  if (verdict === 'covered') return step('server', 'said', [], values);
  if (verdict === 'short' || verdict === 'not covered on chain') return step('false', 'server', [], values);
  return step('open', verdict === 'claimed' ? 'serverClaimed' : 'notComparable', [], values);
}

/** Of mode aggregate everything is compared in one unit, and that is what holds for each asset. */
function coveredOf(symbol: string, { assets, unit }: AuditReport): Covered {
  const asset = unit ?? assets.find((one) => one.symbol === symbol);
  const verdict = WORST_FIRST.find((one) => one === asset?.verdict) ?? 'not comparable';
  return { symbol, verdict, ...(asset?.by && { by: asset.by }) };
}

/** The worst of all, and which have it. @param all at least one */
function worst(all: readonly Covered[]): {
  readonly verdict: SolvencyVerdict;
  readonly by: 'proved' | 'checked';
  readonly assets: string;
} {
  const verdict = WORST_FIRST.find((one) => all.some((asset) => asset.verdict === one)) ?? 'covered';
  const having = all.filter((asset) => asset.verdict === verdict);
  const by = having.every((asset) => asset.by === 'proved') ? 'proved' : 'checked';
  return { verdict, by, assets: having.map(({ symbol }) => symbol).join(', ') };
}

function factsOf(symbols: readonly string[], { assets, digests }: AuditReport): Fact[] {
  const rows = symbols.flatMap((symbol) => assets.find((asset) => asset.symbol === symbol) ?? []);
  return [
    ...rows.map((asset): Fact => ({ name: 'cover', value: equation(asset), kind: 'equation' })),
    { name: 'reserves', value: digests.reserves, kind: 'hex' },
    { name: 'addresses', value: digests.addresses, kind: 'hex' },
  ];
}

/** E is owed; P proved, C that and what is checked, A everything (section 8). */
function equation({ symbol, scale, owed, proved, checked, claimed }: ReportAsset): string {
  const [p, c] = [BigInt(proved), BigInt(proved) + BigInt(checked)];
  const sums = [p, c, c + BigInt(claimed)].map((units) => decimal(units, scale));
  const due = owed === null ? '?' : decimal(BigInt(owed.amount), owed.scale);
  return `${symbol}: E = ${due} · P = ${sums[0]} · C = ${sums[1]} · A = ${sums[2]}`;
}

function step(
  state: Step['state'],
  why: string,
  facts: readonly Fact[],
  values: Readonly<Record<string, string>> = {},
  code?: string,
): Step {
  return {
    ...{ id: 'covered', state, why, facts, values, section: 8, of: 'reserves' },
    ...(code !== undefined && { code }),
  };
}
