/**
 * A point of BLS12-381's G1, already checked to be on the curve and in the subgroup.
 * The arithmetic is @noble/curves' in every backend; native backends only decode, commit and pair faster.
 * To encode points use encodePoints: @noble/curves' own toBytes checks the subgroup every time and refuses an
 * infinity that was computed.
 */
export interface G1Point {
  add(other: G1Point): G1Point;
  subtract(other: G1Point): G1Point;
  negate(): G1Point;
  double(): G1Point;
  equals(other: G1Point): boolean;
  is0(): boolean;
}

/** What a verifier needs. One object per backend: pure JavaScript (@noble/curves) or native. */
export interface KzgVerifier {
  readonly name: string;
  /**
   * Decodes compressed points from outside; canonical encoding, curve and subgroup are checked for each.
   * @throws SolventError POINT_MALFORMED (kind malformed), details.index says which
   */
  decodePoints(encoded: readonly Uint8Array[]): G1Point[];
  /**
   * Σ scalars[i]·points[i]; scalars in 0…r−1; equal lengths; the empty sum is infinity. Not constant time.
   */
  multiScalar(points: readonly G1Point[], scalars: readonly bigint[]): G1Point;
  /**
   * Whether e(a, [1]₂) = e(b, [τ]₂)·e(b8, [τ^8]₂)·e(b64, [τ^64]₂), with the pinned powers of the mainnet
   * ceremony; what is not given is infinity.
   */
  pairingHolds(a: G1Point, b: G1Point, b8?: G1Point, b64?: G1Point): boolean;
}

/** What a prover needs. */
export interface KzgCommitter {
  readonly name: string;
  /**
   * Commitment to one column.
   * @param blob 131,072 bytes: 4,096 field elements of 32 bytes big-endian, each below r, row i at index
   *   bitReverse12(i)
   * @returns 48 bytes, compressed
   */
  commit(blob: Uint8Array): Uint8Array;
  /**
   * Where the library can: the KZG proofs of a column's cells (EIP-7594, FK20), at the price of about six
   * commitments.
   * @param blob as in `commit`
   * @returns at least 64 points of 48 bytes: proof i commits to the quotient of the column by X^64 −
   *   ω^(64·c), c = i with its six bits reversed
   */
  readonly cellProofs?: (blob: Uint8Array) => Uint8Array[];
  /**
   * Where the library can: commitments to many columns of small numbers, 48 bytes each, at a fraction of the
   * price.
   */
  readonly commitSmall?: (columns: readonly SmallColumn[]) => Uint8Array[];
}

/** A column of small numbers: a limb column of section 7, say. */
export interface SmallColumn {
  /** Rows 0…4079, each below 2048. */
  readonly rows: Uint16Array;
  /** Rows 4080…4095, in 0…r−1. */
  readonly reserved: readonly bigint[];
}
