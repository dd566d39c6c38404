import { withoutEndingZeros } from '../check/decimal';

/** A decimal number in parts, as a language writes it: the whole with its groups, then the fraction. */
export interface WrittenAmount {
  readonly whole: string;
  /** With its separator; empty where there is none. */
  readonly fraction: string;
}

/**
 * An exact decimal number as people read it. Zeros at the end of its fraction go, but the first two: what is
 * left is the same number.
 * @param amount `1234.500000`
 */
export function writeAmount(amount: string, language: string): WrittenAmount {
  const [whole = '0', fraction = ''] = amount.split('.');
  const shown = withoutEndingZeros(fraction, 2);
  const separator = new Intl.NumberFormat(language).formatToParts(0.5).find(({ type }) => type === 'decimal');
  return {
    whole: new Intl.NumberFormat(language).format(BigInt(whole)),
    fraction: shown === '' ? '' : `${separator?.value ?? '.'}${shown}`,
  };
}

/** `2026-11-30T00:00:00Z` as a long date, UTC. */
export function writeDate(takenAt: string, language: string): string {
  return written(takenAt, new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }));
}

/** The same, short. */
export function writeShortDate(takenAt: string, language: string): string {
  return written(takenAt, new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }));
}

/** Date and time of day, UTC. */
export function writeTime(takenAt: string, language: string): string {
  const format = new Intl.DateTimeFormat(language, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  return isTime(takenAt) ? `${written(takenAt, format)} UTC` : takenAt;
}

/** What a server sends as a time and is none is shown as it is: a screen must not fail for it. */
function written(time: string, format: Intl.DateTimeFormat): string {
  return isTime(time) ? format.format(new Date(time)) : time;
}

function isTime(text: string): boolean {
  return !Number.isNaN(Date.parse(text));
}

const BYTE_UNITS = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** A size as people read it: `4.9 MB`, by thousands. */
export function writeBytes(bytes: number, language: string): string {
  const thousands = Math.floor(Math.log10(Math.max(bytes, 1)) / 3);
  const step = Math.min(BYTE_UNITS.length, Math.max(1, thousands));
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: BYTE_UNITS[step - 1]!,
    maximumFractionDigits: 1,
  }).format(bytes / 1000 ** step);
}
