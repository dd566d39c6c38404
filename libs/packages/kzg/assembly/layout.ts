// Fixed addresses below HEAP: constants (written once by the host from r itself) and scratch quads.
// A quad has nine vectors of 16 bytes; see generate.mjs.

export const QUAD: usize = 144;
export const ELEMENT: usize = 32;
export const ROWS: usize = 4096;

/** 2^29 − 1 in each 64-bit and in each 32-bit lane. */
export const MASK64: usize = 1024;
export const MASK32: usize = 1040;
/** Limbs of 2^261 − r. */
export const COMPLEMENT: usize = 1056;
/** r in 64-bit lanes, each limb but the top one raised by 2^29 − 1 (the lowest by 2^29), the next lowered. */
export const BIAS: usize = COMPLEMENT + QUAD;
/** 16r, 8r, 4r, 2r, r: limbs; and for each its top limb + 7. */
export const MULTIPLES: usize = BIAS + QUAD;
export const LIMITS: usize = MULTIPLES + 5 * QUAD;
/**
 * 2r and 4r, each limb but the top one raised by 2^30 − 2 (the lowest by 2^30), the next lowered: to subtract
 * from.
 */
export const RAISED2: usize = LIMITS + 80;
export const RAISED4: usize = RAISED2 + QUAD;
/**
 * The integer 1 (not in Montgomery form: multiplying by it leaves that form), 2^522 mod r (to enter it), and
 * 0.
 */
export const INTEGER_ONE: usize = RAISED4 + QUAD;
export const ENTER: usize = INTEGER_ONE + QUAD;
/** Sixteen scalars of the host's, in Montgomery form, the same in all lanes. */
export const SCALARS: usize = ENTER + QUAD;
/** Sixteen quads for intermediate results. */
export const SCRATCH: usize = SCALARS + 16 * QUAD;
/** Four elements at rest: incomplete quads at the end of a vector. */
export const TAIL: usize = SCRATCH + 16 * QUAD;
/** Half of a product's result. */
export const HALF: usize = TAIL + 4 * ELEMENT;
/** The big-endian column of blob(), then 1,024 quads of a transform under way. */
export const BLOB: usize = 16384;
export const WORK: usize = BLOB + 131072;
/** Where the host's allocations begin. */
export const HEAP: usize = WORK + 1024 * QUAD;
