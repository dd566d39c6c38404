// Fixed addresses: constants, written once by the host from p itself, the same for every instance on a shared
// memory.
// Everything that an instance writes lies in a workspace of its own (open()).

export const LIMBS: usize = 13;
/** Bytes of a pair: two elements of F_p, interleaved (generate.mjs). */
export const PAIR: usize = 112;
/** Bytes of a point at rest: x (13 i32), a word that is 1 for infinity, y (13 i32), a word of padding. */
export const POINT: usize = 112;
/** Where infinity's flag and y lie in a point. */
export const FLAG: usize = 52;
export const Y: usize = 56;

/** Balanced limbs of p, four times each. */
export const MODULUS: usize = 1024;
/** −1/p mod 2^30, four times. */
export const NEGATIVE_INVERSE: usize = MODULUS + 16 * LIMBS;
/** 1/p mod 2^30; limbs 0…2^30−1 of p (13 i32 each, one after another). */
export const INVERSE: usize = NEGATIVE_INVERSE + 16;
export const PLAIN_MODULUS: usize = INVERSE + 16;
/** Pairs: 1 and R³ in Montgomery's sense (R = 2^390), R², the integer 1, 2p, and 4 in Montgomery form. */
export const ONE: usize = PLAIN_MODULUS + 64;
export const CUBE: usize = ONE + PAIR;
export const ENTER: usize = CUBE + PAIR;
export const INTEGER_ONE: usize = ENTER + PAIR;
export const TWICE: usize = INTEGER_ONE + PAIR;
export const FOUR: usize = TWICE + PAIR;
/**
 * A cube root of unity in Montgomery form: (x, y) ↦ (βx, y) multiplies a point of the subgroup by −u², u the
 * curve's parameter.
 */
export const BETA: usize = FOUR + PAIR;
/** Their number, then the digits of (p+1)/4 in base 16, most significant first, one a byte. */
export const ROOT: usize = BETA + PAIR;
/** (p−1)/2, limbs 0…2^30−1. */
export const HALF_MODULUS: usize = ROOT + 112;
/** The first address that is nobody's: a bump allocator of the host's begins here. */
export const HEAP: usize = 4096;
