/** Address of a vector of field elements in wasm memory (byte offset). */
export type Vector = number;

/**
 * Vectors over F_r in wasm memory, and the loops of the prover over them. One instance per worker; not
 * thread-safe.
 *
 * A *column* is a vector of 4,096 elements: row i is the value at ω^i. Elements are opaque (Montgomery form,
 * lazily reduced); numbers enter and leave as bigint or 32 bytes big-endian in 0…r−1. A target may be one of
 * the sources where element i of the target needs element i of the sources alone, and in all transforms of
 * one column.
 * Addresses and counts are trusted: this is the inside of the prover.
 */
export interface VectorKernels {
  readonly elementBytes: number;
  /** Bump allocator: `elements` elements, 16-byte aligned, not cleared; grows the memory. */
  allocate(elements: number): Vector;
  allocateBytes(bytes: number): number;
  /** Everything allocated after mark() is given back by release(mark). */
  mark(): number;
  release(mark: number): void;
  /** Address of an element. */
  at(vector: Vector, index: number): Vector;
  /**
   * A view of the memory; growth (any allocate, any first use of a transform) invalidates it: take it fresh.
   */
  bytes(address: number, length: number): Uint8Array;

  /** Elements index … from values in 0…r−1. @throws RangeError for any other value */
  load(vector: Vector, index: number, values: readonly bigint[]): void;
  /** Elements index … from 32 bytes big-endian each; values are to be below r. */
  loadBytes(vector: Vector, index: number, bigEndian: Uint8Array): void;
  read(vector: Vector, index: number, count: number): bigint[];
  readBytes(vector: Vector, index: number, count: number): Uint8Array;
  /** As readBytes, each element little-endian: as the G1 kernels read scalars. */
  readLittleEndian(vector: Vector, index: number, count: number): Uint8Array;
  /**
   * EIP-4844 blob of a column: row i at index bitReverse12(i), 32 bytes big-endian, below r.
   * A view of a scratch area, valid until the next call of blob() or the next growth.
   */
  blob(column: Vector): Uint8Array;
  /** Elements from unsigned integers of three little-endian u32, `stride` bytes apart. */
  loadWords(vector: Vector, index: number, address: number, count: number, stride: number): void;

  fill(vector: Vector, count: number, value: bigint): void;
  copy(target: Vector, source: Vector, count: number): void;
  add(target: Vector, a: Vector, b: Vector, count: number): void;
  subtract(target: Vector, a: Vector, b: Vector, count: number): void;
  multiply(target: Vector, a: Vector, b: Vector, count: number): void;
  scale(target: Vector, source: Vector, factor: bigint, count: number): void;
  /** target += factor · source */
  addScaled(target: Vector, source: Vector, factor: bigint, count: number): void;
  /**
   * 1/source_i, with one inversion (Montgomery's trick).
   * @throws SolventError FIELD_DIVISION_BY_ZERO if any is zero
   */
  invert(target: Vector, source: Vector, count: number): void;
  /** Σ a_i·b_i */
  dot(a: Vector, b: Vector, count: number): bigint;

  /**
   * Barycentric weights at z, w_i = ω^i (z^n − 1) / (n (z − ω^i)), and inverse differences d_i = 1/(ω^i − z).
   * @throws SolventError FIELD_DIVISION_BY_ZERO when z is on the domain
   */
  lagrangeWeights(weights: Vector, differences: Vector, z: bigint): void;
  /** Opening quotient on the rows: target_i = (f_i − y)·differences_i. */
  openingQuotient(target: Vector, f: Vector, y: bigint, differences: Vector): void;
  /** Opening quotient at 0 of a column with value 0 there: target_i = f_i·ω^(−i). */
  openingQuotientAtZero(target: Vector, f: Vector): void;

  /** Rows → coefficients, in the kernels' own order: for coset() only, but linear combinations are fine. */
  interpolate(coefficients: Vector, rows: Vector): void;
  /**
   * Coefficients of interpolate() → values on coset j = 0…3: element i is the value at 7·η^j·ω^i. η =
   * 7^((r−1)/16384).
   */
  coset(values: Vector, coefficients: Vector, j: number): void;
  /**
   * Values on the four cosets one after another (4·4,096) → 16,384 coefficients in natural order. May be in
   * place.
   */
  interpolateCosets(coefficients16384: Vector, values: Vector): void;
  /** 4,096 coefficients in natural order → rows. */
  evaluate(rows: Vector, naturalCoefficients: Vector): void;

  /**
   * Account rows of a limb column from 4,080 u16 little-endian at an even address. Reserved rows stay.
   * @throws SolventError LIMB_OUT_OF_RANGE for a limb above 2047
   */
  expandLimbs(column: Vector, limbs: number): void;
  /** target_t = 1/(α + t) − 1/α, t = 0…2047. @throws SolventError FIELD_DIVISION_BY_ZERO for α = −t */
  lookupTerms(target: Vector, alpha: bigint): void;
  /**
   * Account rows of a helper column (section 7): Σ terms[limb] over one to three limb columns, as in
   * expandLimbs.
   * @throws SolventError LIMB_OUT_OF_RANGE
   */
  helper(column: Vector, terms: Vector, limbs: readonly number[]): void;
  /**
   * Account rows of h_T: counts[i]·terms[i] in rows 1…2047, else 0; counts are 2,048 u32 at a multiple of 4.
   */
  tableHelper(column: Vector, terms: Vector, counts: number): void;
  /** Account rows of the multiplicity column: counts[i] in rows 1…2047, else 0. */
  multiplicity(column: Vector, counts: number): void;

  /** acc += weight·((h + size/α)·Π(α+l) − Σ_l Π_{l'≠l}(α+l')) on one coset; size = limbs.length, 1…3. */
  accumulateGroup(acc: Vector, h: Vector, limbs: readonly Vector[], alpha: bigint, weight: bigint): void;
  /**
   * Finishes coset j: acc = [s·acc + wTable·((α·s + t)·(hT + m/α) − s·m) + wPairs·p·(W + W(ωX))] / (X^n − 1),
   * s, t, p the public columns of section 7. @throws SolventError FIELD_DIVISION_BY_ZERO for α = 0
   */
  finishQuotient(
    acc: Vector,
    j: number,
    values: { readonly table: Vector; readonly multiplicity: Vector; readonly w: Vector },
    alpha: bigint,
    wTable: bigint,
    wPairs: bigint,
  ): void;
}
