import type { AuditReport, ReportAsset } from '@solvent-por/reserves';
import type { StepState } from '../../check/states';
import type { TextKey } from '../../i18n/en';

const VERDICTS = {
  short: 'reserves.verdict.short',
  'not covered on chain': 'reserves.verdict.absent',
  'not comparable': 'reserves.verdict.notComparable',
  claimed: 'reserves.verdict.claimed',
  covered: 'reserves.verdict.covered',
  'not owed': 'reserves.verdict.notOwed',
  'not compared': 'reserves.verdict.notCompared',
} as const satisfies Record<ReportAsset['verdict'], TextKey>;

type Compared = { readonly verdict: ReportAsset['verdict']; readonly by?: 'proved' | 'checked' };

/** The text of a comparison: covered says by what. */
export function verdictKey({ verdict, by }: Compared): TextKey {
  if (verdict === 'covered' && by) return `reserves.verdict.covered.${by}`;
  return VERDICTS[verdict];
}

/** Green only where this browser has verified what is owed, too. */
export function verdictState(
  { verdict }: Compared,
  liabilities: AuditReport['liabilities'],
): Extract<StepState, 'checked' | 'open' | 'false'> {
  if (verdict === 'short' || verdict === 'not covered on chain') return 'false';
  return verdict === 'covered' && liabilities === 'proved' ? 'checked' : 'open';
}

/** A level's mark: a disc for what was computed here whole, a ring with a tick, an empty ring. */
export const LEVEL_STATES = { proved: 'checked', checked: 'server', claimed: 'open' } as const;
