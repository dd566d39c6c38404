import { SolventError } from '@solvent-por/kzg';
import { clockText, daysAhead } from '@solvent-por/verifier';
import type { SnapshotConfig } from './config-schema';

/**
 * Refuses a snapshot that is taken later than a day ahead: 2062 where 2026 was meant. Once such a manifest is
 * signed, no snapshot can follow it before that time has come, for a chain goes forward in time.
 *
 * @param now what the clock of this machine says
 * @throws SolventError TAKEN_IN_FUTURE (kind usage)
 */
export function refuseFutureDate({ takenAt }: Pick<SnapshotConfig, 'takenAt'>, now: Date): void {
  refuse(takenAt, now, '');
}

/**
 * The same for whoever holds the master key and may mean it: no check stops them from signing what they want.
 * Whoever only may ask services to sign has no such say.
 *
 * @throws SolventError TAKEN_IN_FUTURE (kind usage), unless `allowFutureDate` is true
 */
export function refuseUnmeantFutureDate(
  { takenAt, allowFutureDate }: Pick<SnapshotConfig, 'takenAt' | 'allowFutureDate'>,
  now: Date,
): void {
  if (allowFutureDate === true) return;
  const hint =
    '. If it is really meant, say so with --allow-future-date, or "allowFutureDate": true in the configuration: no snapshot can follow it before that time';
  refuse(takenAt, now, hint);
}

function refuse(takenAt: string, now: Date, hint: string): void {
  const days = daysAhead({ takenAt }, now);
  if (days === undefined) return;
  const clock = clockText(now);
  throw new SolventError(
    'TAKEN_IN_FUTURE',
    'usage',
    `takenAt is ${takenAt}, ${days} day(s) after the clock of this machine (${clock}). Correct takenAt, or the clock${hint}`,
    { takenAt, now: clock },
  );
}
