const WORD = 2 ** 32;
/** Of longer numbers only the beginning is kept: they are out of every range. */
const LONGEST = 10n ** 100n;
const POWERS = Float64Array.from({ length: 16 }, (_, i) => 10 ** i);

/**
 * Reads one decimal number from bytes into two words, without strings or BigInt: digits up to 10^15 are exact in a double, longer ones
 * go digit by digit through 32-bit words.
 */
export class AmountReader {
  /** The magnitude in smallest units is hi·2^32 + lo … */
  lo = 0;
  hi = 0;
  /** … unless it is 2^64 or more: … */
  overflow = false;
  /** … then it is this (or, of more than 100 digits, its beginning). */
  magnitude = 0n;
  negative = false;
  /** Whether what was read matches `0|-?[1-9][0-9]*` or, with decimals, `-?(0|[1-9][0-9]*)(.[0-9]{1,scale})?` and is not −0. */
  wellFormed = false;

  /**
   * @param p where the number starts; the bytes must end in one that is no digit
   * @param scale decimals allowed: the number is multiplied by 10^scale
   * @returns the position after the number, or after as much of it as is one
   */
  read(bytes: Uint8Array, p: number, scale: number): number {
    this.negative = bytes[p] === 0x2d;
    if (this.negative) p++;
    const start = p;
    let value = 0;
    let c: number;
    while ((c = bytes[p]! - 0x30) >= 0 && c <= 9) {
      value = value * 10 + c;
      p++;
    }
    const whole = p - start;
    let decimals = 0;
    let endsInPoint = false;
    if (scale > 0 && bytes[p] === 0x2e) {
      const point = p++;
      while ((c = bytes[p]! - 0x30) >= 0 && c <= 9) {
        value = value * 10 + c;
        p++;
      }
      decimals = p - point - 1;
      endsInPoint = decimals === 0;
    }
    this.wellFormed =
      !endsInPoint && whole > 0 && decimals <= scale && (whole === 1 || bytes[start] !== 0x30);
    if (whole + scale <= 15) {
      value *= POWERS[scale - decimals]!;
      this.lo = value >>> 0;
      this.hi = (value - this.lo) / WORD;
      this.overflow = false;
    } else if (this.wellFormed) {
      this.readLong(bytes, start, p, scale - decimals);
    }
    if (this.negative && this.lo === 0 && this.hi === 0) this.wellFormed = false;
    return p;
  }

  /** @param zeros how many decimals are missing to the scale */
  private readLong(bytes: Uint8Array, start: number, end: number, zeros: number): void {
    this.lo = 0;
    this.hi = 0;
    this.overflow = false;
    for (let p = start; p < end; p++) if (bytes[p] !== 0x2e) this.append(bytes[p]! - 0x30);
    for (let i = 0; i < zeros; i++) this.append(0);
  }

  private append(digit: number): void {
    if (this.overflow) {
      if (this.magnitude < LONGEST) this.magnitude = this.magnitude * 10n + BigInt(digit);
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
