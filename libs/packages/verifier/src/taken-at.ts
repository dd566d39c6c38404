import { SolventError } from '@solvent-por/kzg';
import type { Header } from './header';

/**
 * So much later than now a snapshot may be taken without anybody being told: clocks differ, and so do time
 * zones on somebody's mind.
 */
export const FUTURE_TOLERANCE_MS = 24 * 60 * 60 * 1000;

/**
 * How many days `takenAt` lies ahead of now where that is more than a day; undefined otherwise.
 *
 * @param now a clock's word: nothing here looks at one by itself
 * @throws SolventError CLOCK_MALFORMED (kind usage): `now` is no time
 */
export function daysAhead({ takenAt }: Pick<Header, 'takenAt'>, now: Date): number | undefined {
  const time = now.getTime();
  if (Number.isNaN(time))
    throw new SolventError('CLOCK_MALFORMED', 'usage', 'now is not a time: give a valid Date');
  const ahead = Date.parse(takenAt) - time;
  return ahead > FUTURE_TOLERANCE_MS ? Math.round(ahead / FUTURE_TOLERANCE_MS) : undefined;
}

/** A clock's word as it stands in messages. */
export function clockText(now: Date): string {
  return now.toISOString().replace(/\.\d+Z$/, 'Z');
}
