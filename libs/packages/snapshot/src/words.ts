/** 2^32. */
export const WORD = 2 ** 32;

/** 2^bits as a bound on hi·2^32 + lo. */
export interface WordBound {
  readonly bits: number;
  readonly hi: number;
  readonly lo: number;
}

/** 11, 22, …, 66 bits: never exactly 32. */
export function wordBound(bits: number): WordBound {
  return { bits, hi: bits > 32 ? 2 ** (bits - 32) : 1, lo: bits > 32 ? WORD : 2 ** bits };
}

export function below(bound: WordBound, lo: number, hi: number): boolean {
  return hi < bound.hi && lo < bound.lo;
}

export function wordsOf(lo: number, hi: number): bigint {
  return BigInt(hi) * BigInt(WORD) + BigInt(lo);
}
