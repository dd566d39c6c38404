import { fromBytes, mod, pow } from '../field';
import type { G1Point, KzgVerifier } from '../kzg';
import { G1_BASE, G1_ZERO } from './points';

/** Bytes of a secret factor. 128 bits bound the chance of a false acceptance by 2^−128 an attempt. */
const FACTOR_BYTES = 16;

/**
 * A linear combination Σ scalars[i]·points[i] of commitments; scalars may be any integers, they are taken mod
 * r.
 */
export interface Combination {
  readonly points: readonly G1Point[];
  readonly scalars: readonly bigint[];
}

/** The claim that the committed polynomial has this value at this point, and its proof. */
export interface Opening {
  readonly commitment: Combination;
  /** Where it is opened, z. */
  readonly point: bigint;
  /** The claimed value y = f(z). */
  readonly value: bigint;
  /** π = commitment to (f − y)/(X − z). */
  readonly proof: G1Point;
}

/**
 * The claim that the committed polynomial has this value at a row's point, proved in three steps (section 9).
 */
export interface RowOpening {
  readonly commitment: Combination;
  /** z = ω^row. */
  readonly point: bigint;
  /** The claimed value f(z). */
  readonly value: bigint;
  /**
   * π64, π8 and π1: f − value = q64·(X^64 − z^64) + q8·(X^8 − z^8) + q1·(X − z). Any of them may be infinity,
   * and they are not unique: never compare or key anything by them.
   */
  readonly proofs: readonly [G1Point, G1Point, G1Point];
}

/** Returns fresh secret bytes; only tests replace it. */
export type RandomBytes = (length: number) => Uint8Array;

/**
 * Collects KZG openings and identities between commitments and checks all of them at once, under the
 * verifier's own secret randomness (section 7 of the specification). Each opening i says e(C_i − y_i·G +
 * z_i·π_i, [1]₂) = e(π_i, [τ]₂); the sum of these equations times independent secret factors is one
 * multi-scalar multiplication and one pairing. Identities (a combination is infinity) have factors and a sum
 * of their own: they need no pairing and nothing from the set-up.
 *
 * Every claim draws its own factor: one factor for a whole proof, or for one kind of opening, can be forged
 * by errors that cancel. Factors come from the verifier, never from the prover's transcript.
 */
export class OpeningChecks {
  /** Scalar of each distinct point object: a commitment used in three openings costs one multiplication. */
  private readonly left = new LinearSum();
  private readonly right = new LinearSum();
  private readonly right8 = new LinearSum();
  private readonly right64 = new LinearSum();
  private readonly identities = new LinearSum();
  private count = 0;

  constructor(private readonly randomBytes: RandomBytes = secretBytes) {}

  /** Openings and identities added so far. */
  get size(): number {
    return this.count;
  }

  /** Adds the claim of one opening. @throws RangeError when points and scalars differ in length */
  add({ commitment, point, value, proof }: Opening): void {
    const factor = this.factor();
    this.left.add(commitment, factor);
    this.left.addTerm(G1_BASE, -factor * value);
    this.left.addTerm(proof, factor * point);
    this.right.addTerm(proof, factor);
  }

  /**
   * Adds the claim of one opening in three steps.
   * @throws RangeError when points and scalars differ in length
   */
  addRow({ commitment, point, value, proofs: [cell, subcell, single] }: RowOpening): void {
    const factor = this.factor();
    this.left.add(commitment, factor);
    this.left.addTerm(G1_BASE, -factor * value);
    this.left.addTerm(cell, factor * pow(point, 64n));
    this.left.addTerm(subcell, factor * pow(point, 8n));
    this.left.addTerm(single, factor * point);
    this.right64.addTerm(cell, factor);
    this.right8.addTerm(subcell, factor);
    this.right.addTerm(single, factor);
  }

  /**
   * Adds the claim Σ scalars[i]·points[i] = infinity.
   * @throws RangeError when points and scalars differ in length
   */
  addIdentity(points: readonly G1Point[], scalars: readonly bigint[]): void {
    this.identities.add({ points, scalars }, this.factor());
  }

  /**
   * Whether every claim added so far is true; false claims pass with a chance of at most 2^−128. Nothing
   * claimed: true.
   */
  holds(verifier: KzgVerifier): boolean {
    if (!this.identities.sum(verifier).is0()) return false;
    const [left, ...right] = [this.left, this.right, this.right8, this.right64].map((sum) =>
      sum.sum(verifier),
    );
    return verifier.pairingHolds(left!, right[0]!, right[1], right[2]);
  }

  private factor(): bigint {
    this.count++;
    // 1 + x: never zero, so that no claim can be dropped.
    return 1n + fromBytes(this.randomBytes(FACTOR_BYTES));
  }
}

/** A growing Σ scalar·point with one scalar for each distinct point object. */
class LinearSum {
  private readonly terms = new Map<G1Point, bigint>();

  add({ points, scalars }: Combination, factor: bigint): void {
    if (points.length !== scalars.length) throw new RangeError('as many scalars as points are needed');
    points.forEach((point, i) => this.addTerm(point, factor * scalars[i]!));
  }

  addTerm(point: G1Point, scalar: bigint): void {
    this.terms.set(point, mod((this.terms.get(point) ?? 0n) + scalar));
  }

  sum(verifier: KzgVerifier): G1Point {
    return this.terms.size === 0
      ? G1_ZERO
      : verifier.multiScalar([...this.terms.keys()], [...this.terms.values()]);
  }
}

function secretBytes(length: number): Uint8Array {
  return globalThis.crypto.getRandomValues(new Uint8Array(length));
}
