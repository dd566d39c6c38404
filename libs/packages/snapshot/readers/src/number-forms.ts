/** What a number written in a rarer way is, or why it is refused (said after the token's name). */
export type WrittenNumber =
  { readonly negative: boolean; readonly units: bigint } | { readonly problem: string };

/** Longest text that is looked at. */
export const MAX_NUMBER_CHARACTERS = 256;

/** Larger ones are refused before anything is computed: 1e999999999 would be a number of a gigabyte. */
const MAX_EXPONENT = 99;

const NUMBER = /^([+-]?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?)0*(\d+))?$/;

/** What people and programs write instead of a number; the first that fits is named. */
const OTHER_FORMS: ReadonlyArray<readonly [RegExp, string]> = [
  [/^$/, 'is empty: write 0 where nothing is held'],
  [/^\s+$/, 'is blank: write 0 where nothing is held'],
  [/^(?:[+-]?nan|null|none|nil|na|n\/a|#n\/a|-)$/i, 'is missing (NaN, null, N/A …): write 0 where nothing is held'],
  [/^[+-]?inf(?:inity)?$/i, 'is infinite: find out what was divided by 0'],
  [/^[+-]?0x/i, 'is hexadecimal: write it in decimal'],
  [/%/, 'is a percentage: write the amount'],
  [/^\s*\(.*\)\s*$/, 'stands in parentheses: write a debt with a minus sign before it'],
  [/\p{Sc}/u, 'holds a currency sign: write the number alone'],
  [/^\s|\s$/, 'has blanks before or behind it: remove them'],
  [/^[+-]?\d{1,3}(?:,\d{2,3})+(?:\.\d*)?$/, 'holds commas: separators between thousands are not read (nor are decimal commas): write digits alone, and a point before decimals'],
  [/^[+-]?\d*(?:\.\d{3})*,\d*$/, 'has a decimal comma: write a point'],
  [/\d[\s'’_]\d/, 'has separators between its digits: write digits alone'],
  [/\.\d*\./, 'has more than one point: a point stands before decimals, never between thousands'],
  [/[\u2010-\u2015\u2212\ufe63\uff0d]/, 'has a minus sign that is not the ASCII one (-)'],
  [/(?![0-9])\p{Nd}/u, 'is written in other digits than 0 to 9'],
  [/^[+-]?0\d/, 'has leading zeros: remove them'],
  [/^[+-]?\.\d|^[+-]?\d+\.(?:$|[eE])/, 'needs digits on both sides of its point'],
  [/\d.*[a-z]|[a-z].*\d/i, 'holds letters: write the number alone'],
]; // prettier-ignore

/**
 * Reads a number that AmountReader leaves: with an exponent, or in a form that is refused. It must be exact
 * at the scale.
 *
 * @param text at most MAX_NUMBER_CHARACTERS; more is refused
 * @param scale decimals of the smallest unit
 * @param points whether the format's amounts may have a decimal point at all
 * @returns the number times 10^scale, or the reason why there is none; the reason doesn't repeat the text,
 *   which is somebody's balance
 */
export function readNumber(text: string, scale: number, points: boolean): WrittenNumber {
  if (text.length > MAX_NUMBER_CHARACTERS)
    return { problem: `is longer than ${MAX_NUMBER_CHARACTERS} characters` };
  const match = NUMBER.exec(text);
  if (!match) return { problem: otherForm(text) };
  const [, sign, whole, fraction, exponentSign, exponentDigits = '0'] = match as unknown as [
    string,
    string,
    string,
    string?,
    string?,
    string?,
  ];
  if (fraction !== undefined && !points)
    return { problem: 'has a decimal point: amounts are whole numbers of smallest units here' };
  if (exponentDigits.length > 2)
    return { problem: `has an exponent beyond ${MAX_EXPONENT}: write the number out` };
  const decimals = fraction?.length ?? 0;
  const exponent = exponentSign === '-' ? -Number(exponentDigits) : Number(exponentDigits);
  const shift = exponent - decimals + scale;
  const digits = whole + (fraction ?? '');
  const kept = shift < 0 ? digits.slice(0, shift) : digits + '0'.repeat(shift);
  if (shift < 0 && /[1-9]/.test(digits.slice(shift))) return { problem: tooFine(scale, points) };
  const units = BigInt(kept);
  return { negative: sign === '-' && units !== 0n, units };
}

function otherForm(text: string): string {
  return OTHER_FORMS.find(([form]) => form.test(text))?.[1] ?? 'is not a decimal number';
}

function tooFine(scale: number, points: boolean): string {
  if (!points) return 'is not a whole number of smallest units';
  return scale === 0
    ? 'has decimals, but the scale in the configuration is 0: give it a larger one'
    : `has more than ${scale} decimals, the scale of the input by the configuration: it is not rounded. Where the input is finer, give that scale in "convertScale"`;
}
