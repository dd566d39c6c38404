import { BN254_R } from '@solvent-por/claims';
import { POSEIDON_FUSED_WASM } from './generated/poseidon-fused';
import { writePairs, type KernelForm } from './kernel-form';

const DIGITS = 5;
const BITS = 51;
const DIGIT = 2n ** 51n;
const RADIX = 2n ** 255n % BN254_R;
/** 3·2^102 and 3·2^51, of which products' halves are the lowest bits. */
const SPLIT = 3 * 2 ** 102;
const WHOLE = 3 * 2 ** 51;
/** What makes a column positive and rounds its digit. */
const OFFSET = 2n ** 62n + 2n ** 50n;

/** Five digits of 51 bits in doubles, eight lanes (assembly/fused.mjs): needs relaxed SIMD. */
export const fusedForm: KernelForm = {
  wasm: POSEIDON_FUSED_WASM,
  radix: RADIX,
  constant: (x) => new Uint8Array(Float64Array.from(digits(x), Number).buffer),
  initial(x, products) {
    const sum = columns(() => products, 2 * DIGITS);
    digits((x * RADIX) % BN254_R).forEach((digit, j) => (sum[j]! += digit));
    return new Uint8Array(BigInt64Array.from(sum, (column) => BigInt.asIntN(64, column)).buffer);
  },
  writeFixed(memory, layout) {
    const doubles = (name: string, values: readonly number[]): void =>
      values.forEach((value, j) => new Float64Array(memory, layout[name]! + 16 * j, 2).fill(value));
    const block = (name: string, x: bigint): void => {
      for (let pair = 0; pair < 4; pair++)
        digits(x).forEach((digit, j) =>
          new Float64Array(memory, layout[name]! + 80 * pair + 16 * j, 2).fill(Number(digit)),
        );
    };
    doubles('SPLIT', [SPLIT]);
    doubles('SPLIT_BOTH', [SPLIT + WHOLE]);
    writePairs(memory, layout['DIGIT']!, [DIGIT - 1n]);
    doubles('EXPONENT', [2 ** 52]);
    doubles('BALANCE', [2 ** 52 + 2 ** 50]);
    doubles('NEGATIVE_INVERSE', [Number(BigInt.asIntN(BITS, -inverseOfOrder()))]);
    doubles('WHOLE', [WHOLE]);
    writePairs(memory, layout['TOP']!, [bits(WHOLE) - (OFFSET >> 51n)]);
    doubles('PER_ORDER', [1 / Number(digits(BN254_R, false)[DIGITS - 1]!)]);
    doubles('PER_DIGIT', [2 ** -BITS]);
    doubles('DIGIT_UP', [2 ** BITS]);
    doubles('ORDER', digits(BN254_R, false).map(Number));
    const signed = (column: bigint) => BigInt.asIntN(64, column);
    writePairs(memory, layout['COLUMNS']!, columns(() => 1, 2 * DIGITS - 1).map(signed));
    const once = (i: number, j: number) => (j < i ? 0 : 1);
    writePairs(memory, layout['SQUARED']!, columns(once, 2 * DIGITS - 1).map(signed));
    block('INTEGER_ONE', 1n);
    block('ENTER', (RADIX * RADIX) % BN254_R);
  },
};

/**
 * What ten columns start from: less what `products` of digits i and j, and one in the reduction, add that is
 * not theirs, plus the offset of the `carried`
 * lowest, less what carrying offsets brings along.
 */
function columns(products: (i: number, j: number) => number, carried: number): bigint[] {
  const sum = Array.from({ length: 2 * DIGITS }, (_, k) => {
    const own = k < carried ? OFFSET : 0n;
    // The last product of a row's lowest column comes after its digit was taken: it is carried on.
    return own - (k > 0 ? OFFSET >> 51n : 0n) - (k > 0 && k <= DIGITS ? bits(WHOLE) >> 51n : 0n);
  });
  for (let i = 0; i < DIGITS; i++)
    for (let j = 0; j < DIGITS; j++) {
      sum[i + j]! -= bits(WHOLE) * BigInt(products(i, j) + (j > 0 ? 1 : 0));
      sum[i + j + 1]! -= bits(SPLIT) * BigInt(products(i, j) + 1);
    }
  return sum;
}

/** Balanced digits, the lowest first, of x in 0…r−1 or, which is shorter, of x − r; the top one takes the rest. */
function digits(x: bigint, shorter = true): bigint[] {
  let rest = shorter && 2n * x > BN254_R ? x - BN254_R : x;
  return Array.from({ length: DIGITS }, (_, j) => {
    const digit = j < DIGITS - 1 ? BigInt.asIntN(BITS, rest) : rest;
    rest = (rest - digit) / DIGIT;
    return digit;
  });
}

/** 1/r mod 2^255, by Newton. */
function inverseOfOrder(): bigint {
  let x = 1n;
  for (let known = 1; known < 255; known *= 2) x = BigInt.asUintN(255, x * (2n - BN254_R * x));
  return x;
}

/** The bits of a double. */
function bits(x: number): bigint {
  return new BigUint64Array(Float64Array.of(x).buffer)[0]!;
}
