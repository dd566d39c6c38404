/**
 * Digits of a fraction without the zeros at their end, but the first `least`. In one pass: an expression would
 * look at every run of zeros anew.
 */
export function withoutEndingZeros(digits: string, least = 0): string {
  let end = digits.length;
  while (end > least && digits[end - 1] === '0') end--;
  return digits.slice(0, end);
}

/** Units of 10^(−scale) as a decimal number of whole tokens, exact. */
export function decimal(units: bigint, scale: number): string {
  if (scale === 0) return units.toString();
  const digits = units.toString().padStart(scale + 1, '0');
  return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
