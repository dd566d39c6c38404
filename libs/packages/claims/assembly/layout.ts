// Fixed addresses below HEAP: constants (written once by the host from r itself) and scratch quads, as in
// libs/packages/kzg/assembly/layout.ts.

export const QUAD: usize = 144;
export const ELEMENT: usize = 32;
/** Nine limbs, a word each: a constant. */
export const CONSTANT: usize = 36;

/** 2^29 − 1 in each 64-bit and in each 32-bit lane. */
export const MASK64: usize = 1024;
export const MASK32: usize = 1040;
/** Limbs of 2^261 − r. */
export const COMPLEMENT: usize = 1056;
/** r in 64-bit lanes, each limb but the top one raised by 2^29 − 1 (the lowest by 2^29), the next lowered. */
export const BIAS: usize = COMPLEMENT + QUAD;
/** Five quads, of which the last holds r: where `canonical` looks for it. */
export const MULTIPLES: usize = BIAS + QUAD;
/** The integer 1 (multiplying by it leaves Montgomery form), and 2^522 mod r (to enter it). */
export const INTEGER_ONE: usize = MULTIPLES + 5 * QUAD;
export const ENTER: usize = INTEGER_ONE + QUAD;
/** Half of a product's result. */
export const HALF: usize = ENTER + QUAD;
/** Intermediate quads of a permutation. */
export const X2: usize = HALF + QUAD;
export const X4: usize = X2 + QUAD;
/** The two states that a round reads and writes: 17 quads each. */
export const STATE: usize = X4 + QUAD;
export const OTHER: usize = STATE + 17 * QUAD;
/** Where the host's allocations begin. */
export const HEAP: usize = 16384;
