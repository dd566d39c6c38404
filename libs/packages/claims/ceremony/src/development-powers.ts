import { createHash } from 'node:crypto';
import { BN254_R, invert, modulo } from '@solvent-por/claims';
import { concat, fromBytes, u32be } from '@solvent-por/kzg';
import { loadCurve, type Group } from './curve';

/** Order of BN254's base field, as the header of a file names it. */
const BN254_P = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n;
/** 5 generates the field's group, whose order 2^28 divides. */
const TWO_ADICITY = 28;
const ROOT = power(5n, (BN254_R - 1n) >> BigInt(TWO_ADICITY));
const WINDOW_BITS = 8;
const SCALAR_BYTES = 32;

/**
 * Phase 1 of a development set-up, in seconds: powers of a τ that everybody can compute, in the form of a
 * prepared .ptau file, good for circuits of exactly this size (other levels are left empty). Whoever knows τ
 * can prove anything: a key made from it says so, and is refused unless that is allowed.
 *
 * @param exponent the circuit's constraints and public signals are at most 2^exponent
 * @returns the same bytes every time
 * @throws SolventError CLAIM_TOOLS_MISSING (kind usage)
 */
export async function developmentPowers(exponent: number): Promise<Uint8Array> {
  const { G1, G2 } = await loadCurve();
  const [tau, alpha, beta] = ['tau', 'alpha', 'beta'].map(publicSecret) as [bigint, bigint, bigint];
  const n = 2 ** exponent;
  const powers = geometric(tau, 2 * n - 1);
  const g1 = new FixedBase(G1);
  const g2 = new FixedBase(G2);
  const lagrange = lagrangeAt(tau, exponent);
  // As snarkjs prepares it, the next level lacks the last power, which phase 1 doesn't have.
  const [last, size] = [power(tau, BigInt(2 * n - 1)), invert(BigInt(2 * n))];
  const roots = geometric(rootOf(exponent + 1), 2 * n);
  const next = lagrangeAt(tau, exponent + 1).map((x, i) => modulo(x - roots[i]! * last * size));
  const times = (factor: bigint, list: readonly bigint[]) => list.map((x) => modulo(factor * x));
  /** Levels below the one that is used. */
  const empty = (bytes: number) => new Uint8Array(bytes * (n - 1));
  return file([
    [1, concat(u32le(SCALAR_BYTES), littleEndian(BN254_P), u32le(exponent), u32le(exponent))],
    [2, await g1.multiples(powers)],
    [3, new Uint8Array(128 * n)],
    [4, await g1.multiples(times(alpha, powers.slice(0, n)))],
    [5, await g1.multiples(times(beta, powers.slice(0, n)))],
    [6, await g2.multiples([beta])],
    [7, u32le(0)],
    [12, concat(empty(64), await g1.multiples([...lagrange, ...next]))],
    [13, concat(empty(128), await g2.multiples(lagrange))],
    [14, concat(empty(64), await g1.multiples(times(alpha, lagrange)))],
    [15, concat(empty(64), await g1.multiples(times(beta, lagrange)))],
  ]);
}

/** Known to whoever reads this line. */
function publicSecret(name: string): bigint {
  const label = `solvent/v1 development set-up: do not rely on it: ${name}`;
  return fromBytes(createHash('sha512').update(label).digest()) % BN254_R;
}

/** Multiples of a group's generator. */
class FixedBase {
  /** Of each window, 1 to 255 times 2^(8·window) times the generator. */
  readonly #tables: readonly (readonly Uint8Array[])[];

  constructor(private readonly group: Group) {
    let base = group.g;
    this.#tables = Array.from({ length: SCALAR_BYTES }, () => {
      const table = [base];
      for (let d = 2; d < 2 ** WINDOW_BITS; d++) table.push(group.toAffine(group.add(table.at(-1)!, base)));
      base = group.toAffine(group.add(table.at(-1)!, base));
      return table;
    });
  }

  /** Affine, in Montgomery form, little-endian, as files have them. */
  async multiples(scalars: readonly bigint[]): Promise<Uint8Array> {
    const { group } = this;
    const points = scalars.map((scalar) => {
      let point = group.zero;
      littleEndian(scalar).forEach((digit, window) => {
        if (digit !== 0) point = group.add(point, this.#tables[window]![digit - 1]!);
      });
      return point;
    });
    return group.batchToAffine(concat(...points));
  }
}

/** The Lagrange polynomials of the 2^exponent-th roots of unity at x, in the roots' order. */
function lagrangeAt(x: bigint, exponent: number): bigint[] {
  const n = 2 ** exponent;
  const factor = modulo((power(x, BigInt(n)) - 1n) * invert(BigInt(n)));
  return geometric(rootOf(exponent), n).map((root) => modulo(factor * root * invert(x - root)));
}

function rootOf(exponent: number): bigint {
  return power(ROOT, 1n << BigInt(TWO_ADICITY - exponent));
}

/** 1, x, x², … */
function geometric(x: bigint, count: number): bigint[] {
  let term = 1n;
  return Array.from({ length: count }, () => {
    const own = term;
    term = modulo(term * x);
    return own;
  });
}

function power(x: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, x];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = modulo(result * square);
    square = modulo(square * square);
  }
  return result;
}

/** A file of snarkjs' form: sections by number. */
function file(sections: readonly (readonly [number, Uint8Array])[]): Uint8Array {
  const header = concat(new TextEncoder().encode('ptau'), u32le(1), u32le(sections.length));
  return concat(header, ...sections.flatMap(([id, data]) => [u32le(id), u32le(data.length), u32le(0), data]));
}

function u32le(x: number): Uint8Array {
  return u32be(x).reverse();
}

function littleEndian(x: bigint): Uint8Array {
  const bytes = new Uint8Array(SCALAR_BYTES);
  for (let [i, rest] = [0, x]; rest > 0n; i++, rest >>= 8n) bytes[i] = Number(rest & 255n);
  return bytes;
}
