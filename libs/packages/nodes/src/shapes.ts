import { malformedAnswer } from './failure';

/** An object's members. @throws NodeFailure NODE_ANSWER_MALFORMED, as all here */
export function objectOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return malformedAnswer(`the node gives something else than ${what}`);
  return value as Readonly<Record<string, unknown>>;
}

export function listOf(value: unknown, what: string, most: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length > most)
    return malformedAnswer(`the node gives something else than ${what}, at most ${most}`);
  return value;
}

/** 64 hex digits without 0x, as Bitcoin's nodes write hashes. */
export function bareHash(value: unknown, what: string): string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
    ? value
    : malformedAnswer(`the node gives something else than ${what}`);
}

/** Hex digits without 0x, as Bitcoin's nodes write scripts. */
export function hexText(value: unknown, what: string): string {
  return typeof value === 'string' && /^(?:[0-9a-f]{2})*$/.test(value)
    ? value
    : malformedAnswer(`the node gives something else than ${what}`);
}

/** 0x and hex digits of so many bytes, or of at most so many. */
export function hexData(value: unknown, what: string, bytes: number | { readonly most: number }): string {
  const text = typeof value === 'string' && /^0x(?:[0-9a-f]{2})*$/i.test(value) ? value.toLowerCase() : '';
  const length = text.length / 2 - 1;
  const fits = typeof bytes === 'number' ? length === bytes : length >= 0 && length <= bytes.most;
  return fits ? text : malformedAnswer(`the node gives something else than ${what}`);
}

/** An EVM quantity: 0x and the digits of a number below 2^256. */
export function quantity(value: unknown, what: string): bigint {
  return typeof value === 'string' && /^0x[0-9a-f]{1,64}$/i.test(value)
    ? BigInt(value)
    : malformedAnswer(`the node gives something else than ${what}`);
}

/** An integer in range, whose number was kept as its digits. */
export function wholeNumber(value: unknown, what: string, most = Number.MAX_SAFE_INTEGER): number {
  const number = typeof value === 'string' && /^-?(?:0|[1-9][0-9]{0,15})$/.test(value) ? Number(value) : NaN;
  return number <= most && number >= -1
    ? number
    : malformedAnswer(`the node gives something else than ${what}`);
}
