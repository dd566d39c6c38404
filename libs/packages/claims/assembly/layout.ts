// Fixed addresses below HEAP: constants (written once by the host from r itself) and scratch blocks. A block is
// as many field elements as are hashed side by side, in the form of the arithmetic that is compiled in
// (arithmetic.ts): integer.mjs and fused.mjs say what stands where.

/** Whether this is the kernel of fused multiply-adds. */
export const FUSED: bool = ASC_FEATURE_RELAXED_SIMD;

/** Elements of a block. */
export const LANES: usize = FUSED ? 8 : 4;
export const BLOCK: usize = FUSED ? 320 : 144;
/** A pair of elements in a block of the fused kernel. */
export const PAIR: usize = 80;
export const ELEMENT: usize = 32;
/** A constant: nine limbs in words of 32 bits, or five digits in doubles. */
export const CONSTANT: usize = FUSED ? 40 : 36;
/** What a sum of products starts from: nine limbs, or ten columns of 64 bits. */
export const INITIAL: usize = FUSED ? 80 : 36;

/** Integer kernel: 2^29 − 1 in each 64-bit and in each 32-bit lane. */
export const MASK64: usize = 1024;
export const MASK32: usize = 1040;
/** Limbs of 2^261 − r. */
export const COMPLEMENT: usize = 1056;
/** r in 64-bit lanes, each limb but the top one raised by 2^29 − 1 (the lowest by 2^29), the next lowered. */
export const BIAS: usize = COMPLEMENT + 144;
/** Five quads, of which the last holds r: where `canonical` looks for it. */
export const MULTIPLES: usize = BIAS + 144;
/** Half of a product's result. */
export const HALF: usize = MULTIPLES + 5 * 144;

/** Fused kernel: constants of fused.mjs, a vector each. */
export const SPLIT: usize = 1024;
export const SPLIT_BOTH: usize = 1040;
export const DIGIT: usize = 1056;
export const EXPONENT: usize = 1072;
export const BALANCE: usize = 1088;
export const NEGATIVE_INVERSE: usize = 1104;
export const WHOLE: usize = 1120;
export const TOP: usize = 1136;
export const PER_ORDER: usize = 1152;
export const PER_DIGIT: usize = 1168;
export const DIGIT_UP: usize = 1184;
/** Digits of r, and the columns that a product of two elements, and a square, start from. */
export const ORDER: usize = 1200;
export const COLUMNS: usize = ORDER + 80;
export const SQUARED: usize = COLUMNS + 160;
/** Columns of four pairs on the way. */
export const CARRIED: usize = SQUARED + 160;

/** Both: blocks of zeros, of the integer 1 (multiplying by it leaves Montgomery form), of the radix's square. */
export const ZERO: usize = 2560;
export const INTEGER_ONE: usize = ZERO + BLOCK;
export const ENTER: usize = INTEGER_ONE + BLOCK;
/** Intermediate blocks of a permutation. */
export const X2: usize = ENTER + BLOCK;
export const X4: usize = X2 + BLOCK;
/** The two states that a full round reads and writes: 17 blocks each. */
export const STATE: usize = X4 + BLOCK;
export const OTHER: usize = STATE + 17 * BLOCK;
/** What goes in and out of the S-box of the partial rounds, up to 70 of them. */
export const WINDOW: usize = OTHER + 17 * BLOCK;
/** Where the host's allocations begin. */
export const HEAP: usize = 81920;
