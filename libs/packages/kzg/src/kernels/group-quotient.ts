import { bitReverse12, rowPoint, ROWS } from '../domain';
import { inverse, mod, pow } from '../field';
import { cosetShift } from './tables';
import type { Vector, VectorKernels } from './vector-kernels';

const ACCOUNT_ROWS = 4080;
const RESERVED = ROWS - ACCOUNT_ROWS;
const COSETS = [0, 1, 2, 3] as const;
/** Cosets that all groups are evaluated on; the last one follows. */
const DENSE_COSETS = 3;
/** Coefficients of Σ brackets / Z_A beyond X^(3n−1): its degree is at most 4(n−1) − 4080 = 3n + 12. */
const TOP = RESERVED - 3;
/** Columns in the highest term of a bracket. */
const DEGREE = 4;
const N = BigInt(ROWS);
/**
 * Elements of a GroupQuotient's tables: 1.3 MB. Not a static member, with which the class would stay in a
 * verifier that never makes one.
 */
export const GROUP_QUOTIENT_ELEMENTS = (2 * COSETS.length + 2) * ROWS;

/** A limb or helper column that has one value in all account rows. */
export interface BlindColumn {
  readonly value: bigint;
  /** Rows 4080…4095. */
  readonly reserved: readonly bigint[];
}

/**
 * Σ weight·((h + |G|/α)·Π(α+l) − Σ_l Π_{l'≠l}(α+l')) over groups (section 7, round 3) on the four cosets of
 * VectorKernels, as accumulateGroup gives it, in fewer transforms. It needs an honest witness: every bracket
 * is 0 in the account rows, so it is divisible by Z_A = Π (X − ω^i) over them.
 *
 * - The quotient by Z_A has a degree of at most 3n + 12: three cosets and 13 top coefficients, which come from the columns' own, say what it is on the fourth.
 * - A column of one value in the account rows is that value + Z_A·a, deg a ≤ 15. Where all of a group's columns are, its bracket is Σ_{d=1…4} Z_A^d·S_d with
 *   small polynomials S_d, which are summed over all such groups before anything is transformed.
 *
 * start() begins a proof, one at a time.
 */
export class GroupQuotient {
  /** Z_A on each coset, and 1/Z_A on the first three. */
  private readonly vanishing: readonly Vector[];
  private readonly inverses: readonly Vector[];
  /** Takes coefficients of coset j's interpolation to its share of coset 3's polynomial. */
  private readonly shares: readonly Vector[];
  /** Π (X − ω^i) over the reserved rows, coefficients from X^0 up. */
  private readonly reservedZeros: readonly bigint[];
  /** basis[i][k]: coefficient k of a for a column that is 1 in reserved row i, else 0. */
  private readonly basis: readonly (readonly bigint[])[];
  private readonly inverseIntegers = new Map<bigint, bigint>();

  private alpha = 0n;
  private accumulators: Vector = 0;
  private top: bigint[] = [];
  private small: bigint[][] = [];

  /** @param tables takes its tables; not to be released before it is of no more use */
  constructor(
    private readonly kernels: VectorKernels,
    tables: Vector,
  ) {
    let free = tables;
    const take = (): Vector => {
      const vector = free;
      free = kernels.at(free, ROWS);
      return vector;
    };
    const points = Array.from({ length: RESERVED }, (_, i) => rowPoint(ACCOUNT_ROWS + i));
    this.reservedZeros = points.reduce<bigint[]>((product, x) => times(product, [mod(-x), 1n]), [1n]);
    const scale = inverse(N);
    this.basis = points.map((x) => {
      // Z_R/(X − x) by Horner's rule, times x/n.
      const quotient = new Array<bigint>(RESERVED);
      let carry = 0n;
      for (let k = RESERVED; k > 0; k--) quotient[k - 1] = carry = mod(this.reservedZeros[k]! + carry * x);
      return quotient.map((c) => mod(mod(c * x) * scale));
    });
    const zeros = COSETS.map((j) => this.onCoset(this.reservedZeros, j, take()));
    const constants = COSETS.map((j) => mod(pow(cosetShift(j), N) - 1n));
    this.inverses = zeros.slice(0, DENSE_COSETS).map((vector, j) => {
      const target = take();
      kernels.scale(target, vector, inverse(constants[j]!), ROWS);
      return target;
    });
    this.vanishing = zeros.map((vector, j) => {
      kernels.invert(vector, vector, ROWS);
      kernels.scale(vector, vector, constants[j]!, ROWS);
      return vector;
    });
    this.shares = Array.from({ length: DENSE_COSETS }, (_, j) => {
      const back = inverse(cosetShift(j));
      const share = COSETS.slice(0, DENSE_COSETS).reduce(
        (product, i) => (i === j ? product : mod(product * mod(this.gap(3, i) * inverse(this.gap(j, i))))),
        1n,
      );
      const powers = [share];
      while (powers.length < ROWS) powers.push(mod(powers.at(-1)! * back));
      const vector = take();
      kernels.load(
        vector,
        0,
        powers.map((_, p) => powers[bitReverse12(p)]!),
      );
      return vector;
    });
  }

  /** Begins a proof. What it allocates is the caller's to release. */
  start(alpha: bigint): void {
    this.alpha = alpha;
    this.accumulators = this.kernels.allocate(COSETS.length * ROWS);
    this.kernels.fill(this.accumulators, COSETS.length * ROWS, 0n);
    this.top = new Array<bigint>(TOP).fill(0n);
    this.small = Array.from({ length: DEGREE + 1 }, () => []);
  }

  /**
   * Adds a group.
   * @param columns rows of h and of one to three limb columns; overwritten
   * @param values as many columns to work in
   */
  add(columns: readonly Vector[], values: readonly Vector[], weight: bigint): void {
    const { kernels } = this;
    for (const column of columns) kernels.interpolate(column, column);
    for (let j = 0; j < DENSE_COSETS; j++) {
      columns.forEach((column, i) => kernels.coset(values[i]!, column, j));
      const [h, ...limbs] = values.slice(0, columns.length) as [Vector, ...Vector[]];
      kernels.accumulateGroup(kernels.at(this.accumulators, j * ROWS), h, limbs, this.alpha, weight);
    }
    if (columns.length < DEGREE) return;
    const product = columns.map((column) => this.topOf(column)).reduce((a, b) => times(a, b).slice(0, TOP));
    product.forEach((x, i) => (this.top[i] = mod(this.top[i]! + weight * x)));
  }

  /**
   * Adds a group of columns that have one value each in all account rows; the helper's follows from its
   * limbs'.
   */
  addBlind(limbs: readonly BlindColumn[], helperReserved: readonly bigint[], weight: bigint): void {
    const { alpha } = this;
    const values = limbs.map(({ value }) => mod(alpha + value));
    const size = BigInt(limbs.length);
    const inverses = values.map((value) => this.inverseOf(value));
    const helper = mod(inverses.reduce((sum, x) => sum + x, 0n) - size * this.inverseOf(alpha));
    // Each column as value + Z·a: polynomials in Z whose coefficients are polynomials in X.
    const factors = limbs.map(({ value, reserved }, i): Poly2 => [
      [values[i]!],
      this.excess(reserved, value),
    ]);
    const h: Poly2 = [[mod(helper + size * this.inverseOf(alpha))], this.excess(helperReserved, helper)];
    const bracket = [h, ...factors].reduce(times2);
    factors.forEach((_, i) => {
      const others = factors.filter((__, other) => other !== i).reduce<Poly2>(times2, [[1n]]);
      others.forEach((part, d) => addTo((bracket[d] ??= []), part, -1n));
    });
    bracket.forEach((part, d) => addTo(this.small[d]!, part, weight));
  }

  /** The sums on cosets 0…3, one after another: 4·4,096 elements. Call it once, after all groups. */
  finish(): Vector {
    const { kernels, accumulators } = this;
    const at = (j: number): Vector => kernels.at(accumulators, j * ROWS);
    const mark = kernels.mark();
    const [sum, work] = [kernels.allocate(ROWS), kernels.allocate(ROWS)];
    kernels.fill(sum, ROWS, 0n);
    for (let j = 0; j < DENSE_COSETS; j++) {
      kernels.multiply(work, at(j), this.inverses[j]!, ROWS);
      kernels.interpolate(work, work);
      kernels.multiply(work, work, this.shares[j]!, ROWS);
      kernels.add(sum, sum, work, ROWS);
    }
    this.addTop(sum);
    kernels.coset(at(3), sum, 3);
    kernels.multiply(at(3), at(3), this.vanishing[3]!, ROWS);
    if (this.small.some((part) => part.length > 0)) {
      // Horner's rule in Z_A; S_0 is 0.
      for (const j of COSETS) {
        kernels.fill(sum, ROWS, 0n);
        for (let d = DEGREE; d > 0; d--) {
          this.onCoset(this.small[d]!, j, work);
          kernels.add(sum, sum, work, ROWS);
          kernels.multiply(sum, sum, this.vanishing[j]!, ROWS);
        }
        kernels.add(at(j), at(j), sum, ROWS);
      }
    }
    kernels.release(mark);
    return accumulators;
  }

  /**
   * The quotient's coefficients of X^(3n) … X^(3n+12), which vanish on three cosets but for Π (X^n − c_j),
   * into coefficients of coset 3.
   */
  private addTop(sum: Vector): void {
    const { kernels } = this;
    const reversed = [...this.reservedZeros].reverse();
    const quotient = times(this.top, reversed).slice(0, TOP);
    const constant = COSETS.slice(0, DENSE_COSETS).reduce((product, j) => mod(product * this.gap(3, j)), 1n);
    quotient.forEach((x, i) => {
      const position = bitReverse12(TOP - 1 - i);
      const [old] = kernels.read(sum, position, 1) as [bigint];
      kernels.load(sum, position, [mod(old + x * constant)]);
    });
  }

  /** c_i − c_j, where X^n is c_i on coset i. */
  private gap(i: number, j: number): bigint {
    return mod(pow(cosetShift(i), N) - pow(cosetShift(j), N));
  }

  /** Coefficients of X^(n−1), X^(n−2), … */
  private topOf(coefficients: Vector): bigint[] {
    return Array.from(
      { length: TOP },
      (_, i) => this.kernels.read(coefficients, bitReverse12(ROWS - 1 - i), 1)[0]!,
    );
  }

  /** a of a column that is value + Z_A·a. */
  private excess(reserved: readonly bigint[], value: bigint): bigint[] {
    const a = new Array<bigint>(RESERVED).fill(0n);
    reserved.forEach((x, i) => this.basis[i]!.forEach((c, k) => (a[k] = a[k]! + (x - value) * c)));
    return a.map(mod);
  }

  private onCoset(coefficients: readonly bigint[], j: number, target: Vector): Vector {
    const { kernels } = this;
    kernels.fill(target, ROWS, 0n);
    coefficients.forEach((c, k) => kernels.load(target, bitReverse12(k), [c]));
    kernels.coset(target, target, j);
    return target;
  }

  private inverseOf(x: bigint): bigint {
    const known = this.inverseIntegers.get(x);
    if (known !== undefined) return known;
    if (this.inverseIntegers.size > ROWS) this.inverseIntegers.clear();
    const result = inverse(x);
    this.inverseIntegers.set(x, result);
    return result;
  }
}

/** Coefficients of powers of Z, each a polynomial in X, lowest first. */
type Poly2 = bigint[][];

function times(a: readonly bigint[], b: readonly bigint[]): bigint[] {
  const product = new Array<bigint>(a.length + b.length - 1).fill(0n);
  a.forEach((x, i) => b.forEach((y, j) => (product[i + j] = product[i + j]! + x * y)));
  return product.map(mod);
}

function times2(a: Poly2, b: Poly2): Poly2 {
  const product: Poly2 = Array.from({ length: a.length + b.length - 1 }, () => []);
  a.forEach((x, i) => b.forEach((y, j) => addTo(product[i + j]!, times(x, y), 1n)));
  return product;
}

function addTo(target: bigint[], part: readonly bigint[], weight: bigint): void {
  part.forEach((x, k) => (target[k] = mod((target[k] ?? 0n) + weight * x)));
}
