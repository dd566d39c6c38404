import { DocumentReader, isUtcTime } from '@solvent-por/verifier';

/** Members of `reserves.json`. */
export const read = new DocumentReader('RESERVES_MALFORMED');

/** Amounts and totals are below it. */
export const AMOUNT_BOUND = 1n << 128n;

/** Refuses anything but a strict rise, compared as ASCII. */
export function refuseUnsorted(keys: readonly (readonly string[])[], path: string, by: string): void {
  for (let i = 1; i < keys.length; i++)
    if (compareKeys(keys[i - 1]!, keys[i]!) >= 0)
      read.fail(`${path}[${i}]`, `must come after the one before it: they rise strictly by ${by}`);
}

/** Below, at or above zero, member by member. */
export function compareKeys(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! < b[i]! ? -1 : 1;
  return 0;
}

/** `YYYY-MM-DDTHH:MM:SSZ` */
export function time(value: unknown, path: string): string {
  if (typeof value !== 'string' || !isUtcTime(value))
    return read.fail(path, 'must be a real date and time of the years 2000 to 9999 as YYYY-MM-DDTHH:MM:SSZ');
  return value;
}
