import { readNumber } from './number-forms';

const WORD = 2 ** 32;
/** Of longer numbers only the beginning is kept: they are out of every range. */
const LARGEST = 10n ** 100n;
const POWERS = Float64Array.from({ length: 16 }, (_, i) => 10 ** i);
const ZERO = 0x30;
const POINT = 0x2e;

/**
 * Reads one decimal number from bytes into two words, without strings or BigInt: digits up to 10^15 are exact
 * in a double, longer ones go digit by digit through 32-bit words.
 */
export class AmountReader {
  /** The magnitude in smallest units is hi·2^32 + lo … */
  lo = 0;
  hi = 0;
  /** … unless it is 2^64 or more: … */
  overflow = false;
  /** … then it is this (or, of more than 100 digits, its beginning). */
  magnitude = 0n;
  /** Never of 0. */
  negative = false;
  /**
   * Whether what was read matches `[+-]?(0|[1-9][0-9]*)(\.[0-9]+)?` and is exact at the scale. Other forms
   * are for `readText`.
   */
  wellFormed = false;

  /** @param points whether a decimal point may stand in a number at all */
  constructor(private readonly points: boolean) {}

  /**
   * @param p where the number starts; the bytes must end in one that is no digit
   * @param scale the number is multiplied by 10^scale; further decimals must be 0
   * @returns the position after the number, or after as much of it as is one
   */
  read(bytes: Uint8Array, p: number, scale: number): number {
    let c = bytes[p]!;
    let negative = false;
    if (c < ZERO) {
      negative = c === 0x2d;
      if (negative || c === 0x2b) p++;
    }
    const start = p;
    let value = 0;
    while ((c = bytes[p]! - ZERO) >= 0 && c <= 9) {
      value = value * 10 + c;
      p++;
    }
    const whole = p - start;
    let decimals = 0;
    let endsInPoint = false;
    if (bytes[p] === POINT && this.points) {
      const point = p++;
      while ((c = bytes[p]! - ZERO) >= 0 && c <= 9) {
        value = value * 10 + c;
        p++;
      }
      decimals = p - point - 1;
      endsInPoint = decimals === 0;
    }
    this.wellFormed = !endsInPoint && whole > 0 && (whole === 1 || bytes[start] !== ZERO);
    if (decimals > scale) {
      this.readBeyond(bytes, start, p, decimals - scale);
    } else if (whole + scale <= 15) {
      value *= POWERS[scale - decimals]!;
      this.lo = value >>> 0;
      this.hi = (value - this.lo) / WORD;
      this.overflow = false;
    } else if (this.wellFormed) {
      this.readLong(bytes, start, p, scale - decimals);
    }
    this.negative = negative && (this.lo !== 0 || this.hi !== 0);
    return p;
  }

  /**
   * Reads a number as it may be written more rarely, with an exponent.
   * @returns why it is refused, or undefined
   */
  readText(text: string, scale: number): string | undefined {
    const number = readNumber(text, scale, this.points);
    if ('problem' in number) return number.problem;
    const { units, negative } = number;
    this.negative = negative;
    this.overflow = units >> 64n !== 0n;
    this.lo = Number(units & 0xffffffffn);
    this.hi = this.overflow ? WORD - 1 : Number(units >> 32n);
    if (this.overflow) this.magnitude = units;
    return undefined;
  }

  /** @param beyond how many of the last decimals are finer than the scale */
  private readBeyond(bytes: Uint8Array, start: number, end: number, beyond: number): void {
    const kept = end - beyond;
    for (let p = kept; p < end; p++) if (bytes[p] !== ZERO) this.wellFormed = false;
    if (this.wellFormed) this.readLong(bytes, start, kept, 0);
  }

  /** @param zeros how many decimals are missing to the scale */
  private readLong(bytes: Uint8Array, start: number, end: number, zeros: number): void {
    this.lo = 0;
    this.hi = 0;
    this.overflow = false;
    for (let p = start; p < end; p++) if (bytes[p] !== POINT) this.append(bytes[p]! - ZERO);
    for (let i = 0; i < zeros; i++) this.append(0);
  }

  private append(digit: number): void {
    if (this.overflow) {
      if (this.magnitude < LARGEST) this.magnitude = this.magnitude * 10n + BigInt(digit);
      return;
    }
    const low = this.lo * 10 + digit;
    this.lo = low >>> 0;
    this.hi = this.hi * 10 + (low - this.lo) / WORD;
    if (this.hi >= WORD) {
      this.overflow = true;
      this.magnitude = BigInt(this.hi) * BigInt(WORD) + BigInt(this.lo);
      this.hi = WORD - 1; // keeps the sums below finite and the number non-zero
    }
  }
}
