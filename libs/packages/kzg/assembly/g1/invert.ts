// One inversion mod p: divsteps in batches of 30 on limbs of 30 bits, in variable time (Bernstein and Yang,
// 2019/266, in the form of libsecp256k1's modinv32). Everything here is public.
import { CUBE, INVERSE, LIMBS, PAIR, PLAIN_MODULUS } from './layout';
import { multiply } from './generated/fp';
import { temporary } from './workspace';

const MASK: i32 = (1 << 30) - 1;
/** Pairs 24…31 of the workspace hold f, g, d, e. */
let f: usize = 0, g: usize = 0, d: usize = 0, e: usize = 0;
let u: i32 = 0, v: i32 = 0, q: i32 = 0, r: i32 = 0;

// @ts-ignore: decorator
@inline
function limb(a: usize, j: usize): i32 {
  return load<i32>(a + 4 * j);
}

/** 30 divsteps on the lowest limbs; leaves 2^30 times their matrix in u, v, q, r. */
function divsteps(etaBefore: i32): i32 {
  let eta = etaBefore;
  let a: u32 = 1, b: u32 = 0, c: u32 = 0, z: u32 = 1;
  let f0 = <u32>limb(f, 0), g0 = <u32>limb(g, 0);
  let left = 30;
  for (;;) {
    const zeros = ctz<u32>(g0 | (<u32>0xffffffff << left));
    g0 >>= zeros;
    a <<= zeros;
    b <<= zeros;
    eta -= zeros;
    left -= zeros;
    if (!left) break;
    if (eta < 0) {
      eta = -eta;
      let t = f0;
      f0 = g0;
      g0 = -t;
      t = a;
      a = c;
      c = -t;
      t = b;
      b = z;
      z = -t;
    }
    const limit = eta + 1 > left ? left : eta + 1;
    const mask = (<u32>0xffffffff >> (32 - limit)) & 63;
    const w = (f0 * g0 * (f0 * f0 - 2)) & mask;
    g0 += f0 * w;
    c += a * w;
    z += b * w;
  }
  u = <i32>a;
  v = <i32>b;
  q = <i32>c;
  r = <i32>z;
  return eta;
}

/** (f, g) ← matrix · (f, g) / 2^30, exactly. */
function updateFG(): void {
  let cf: i64 = 0, cg: i64 = 0;
  for (let j: usize = 0; j < LIMBS; j++) {
    const fj = <i64>limb(f, j), gj = <i64>limb(g, j);
    cf += <i64>u * fj + <i64>v * gj;
    cg += <i64>q * fj + <i64>r * gj;
    if (j) {
      store<i32>(f + 4 * j - 4, <i32>cf & MASK);
      store<i32>(g + 4 * j - 4, <i32>cg & MASK);
    }
    cf >>= 30;
    cg >>= 30;
  }
  store<i32>(f, <i32>cf, 48);
  store<i32>(g, <i32>cg, 48);
}

/** (d, e) ← matrix · (d, e) / 2^30 mod p; both stay in (−2p, p). */
function updateDE(): void {
  const signD = limb(d, 12) >> 31, signE = limb(e, 12) >> 31;
  let md = (u & signD) + (v & signE), me = (q & signD) + (r & signE);
  const d0 = <i64>limb(d, 0), e0 = <i64>limb(e, 0);
  const inverse = load<i32>(INVERSE);
  md -= (inverse * <i32>(<i64>u * d0 + <i64>v * e0) + md) & MASK;
  me -= (inverse * <i32>(<i64>q * d0 + <i64>r * e0) + me) & MASK;
  let cd: i64 = 0, ce: i64 = 0;
  for (let j: usize = 0; j < LIMBS; j++) {
    const dj = <i64>limb(d, j), ej = <i64>limb(e, j), pj = <i64>limb(PLAIN_MODULUS, j);
    cd += <i64>u * dj + <i64>v * ej + pj * <i64>md;
    ce += <i64>q * dj + <i64>r * ej + pj * <i64>me;
    if (j) {
      store<i32>(d + 4 * j - 4, <i32>cd & MASK);
      store<i32>(e + 4 * j - 4, <i32>ce & MASK);
    }
    cd >>= 30;
    ce >>= 30;
  }
  store<i32>(d, <i32>cd, 48);
  store<i32>(e, <i32>ce, 48);
}

function isZero(a: usize): boolean {
  let all: i32 = 0;
  for (let j: usize = 0; j < LIMBS; j++) all |= limb(a, j);
  return all == 0;
}

/**
 * Both elements of `out` = the inverse (in Montgomery form) of element 0 of `a`, a product, so below p in
 * absolute value.
 * Returns 0, and writes nothing, where that is zero.
 */
export function invert(out: usize, a: usize): u32 {
  f = temporary(28);
  g = temporary(29);
  d = temporary(30);
  e = temporary(31);
  memory.copy(f, PLAIN_MODULUS, 52);
  memory.fill(d, 0, PAIR);
  memory.fill(e, 0, PAIR);
  store<i32>(e, 1);
  let carry: i32 = 0;
  for (let j: usize = 0; j < LIMBS; j++) {
    const x = load<i32>(a + 8 * j) + carry;
    const low = j < LIMBS - 1 ? x & MASK : x;
    store<i32>(g + 4 * j, low);
    carry = x >> 30;
  }
  if (isZero(g)) return 0;
  let eta = -1;
  do {
    eta = divsteps(eta);
    updateDE();
    updateFG();
  } while (!isZero(g));
  // f is now 1 or −1.
  const negative = limb(f, 12) < 0;
  for (let j: usize = 0; j < LIMBS; j++) {
    const x = negative ? -limb(d, j) : limb(d, j);
    store<i32>(g + 8 * j, x);
    store<i32>(g + 8 * j, x, 4);
  }
  multiply(out, g, CUBE);
  return 1;
}
