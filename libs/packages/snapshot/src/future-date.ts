import { SolventError } from '@solvent-por/kzg';
import { clockText, daysAhead } from '@solvent-por/verifier';
import type { SnapshotConfig } from './config-schema';

/**
 * Refuses a snapshot that is taken later than a day ahead: 2062 where 2026 was meant. Once such a manifest is
 * signed, no snapshot can follow it before that time has come, for a chain goes forward in time.
 *
 * @param now what the clock of this machine says
 * @throws SolventError TAKEN_IN_FUTURE (kind usage), unless the configuration's `allowFutureDate` is true
 */
export function refuseFutureDate(
  { takenAt, allowFutureDate }: Pick<SnapshotConfig, 'takenAt' | 'allowFutureDate'>,
  now: Date,
): void {
  const days = daysAhead({ takenAt }, now);
  if (days === undefined || allowFutureDate === true) return;
  throw new SolventError(
    'TAKEN_IN_FUTURE',
    'usage',
    `takenAt is ${takenAt}, ${days} day(s) after the clock of this machine (${clockText(now)}). Correct takenAt, or the clock. If it is really meant, ` +
      'say so with --allow-future-date, or "allowFutureDate": true in the configuration: no snapshot can follow it before that time',
    { takenAt, now: clockText(now) },
  );
}
