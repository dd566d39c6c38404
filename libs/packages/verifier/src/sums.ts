import {
  concat,
  inverse,
  mod,
  ROWS,
  toBytes,
  u32be,
  type G1Point,
  type OpeningChecks,
} from '@solvent-por/kzg';
import { sha256 } from '@noble/hashes/sha2.js';
import { LIMB_BITS, type Layout } from './layout';
import { Transcript } from './transcript';

const [COLUMNS, BATCH] = [Uint8Array.of(5), Uint8Array.of(6)];

/**
 * All that a batch commits to before γ is drawn: SHA-256(0x06 ‖ accounts ‖ its K limb commitments in layout
 * order) (section 8).
 */
export function batchDigest(accounts: Uint8Array, limbs: readonly Uint8Array[]): Uint8Array {
  return sha256(concat(BATCH, accounts, ...limbs));
}

/** The batch digests of a proof, in its order. */
export function batchDigests(
  proof: {
    readonly accounts: readonly Uint8Array[];
    readonly commitments: { readonly limbs: readonly Uint8Array[] };
  },
  layout: Layout,
): Uint8Array[] {
  const K = layout.limbs;
  return proof.accounts.map((accounts, i) =>
    batchDigest(accounts, proof.commitments.limbs.slice(i * K, (i + 1) * K)),
  );
}

/**
 * `columns` of a manifest, SHA-256(0x05 ‖ headerDigest ‖ batchDigest_0 ‖ …), whose digests arrive one by one.
 */
export class ColumnsDigest {
  readonly #hash = sha256.create().update(COLUMNS);

  constructor(headerDigest: Uint8Array) {
    this.#hash.update(headerDigest);
  }

  push(digestOfBatch: Uint8Array): void {
    this.#hash.update(digestOfBatch);
  }

  /** 32 bytes; to be asked for once. */
  digest(): Uint8Array {
    return this.#hash.digest();
  }
}

/** γ of the snapshot: it depends on everything that anybody claims (section 8). */
export function sumsChallenge(
  headerDigest: Uint8Array,
  batchCount: number,
  columns: Uint8Array,
  totals: readonly bigint[],
): bigint {
  const transcript = new Transcript('sums');
  transcript.absorb('header', headerDigest);
  transcript.absorb('batches', u32be(batchCount));
  transcript.absorb('columns', columns);
  transcript.absorb('totals', ...totals.map((total) => toBytes(total)));
  return transcript.challenge('gamma');
}

/** Σ γ^v·values[v]: an account's value in its batch's folded column, or the folded totals. */
export function foldValues(gamma: bigint, values: readonly bigint[]): bigint {
  return values.reduceRight((sum, value) => mod(sum * gamma + value), 0n);
}

/**
 * Weights of one batch's K limb columns in Σ_v γ^v·(v-th published value): what sum_b is of their
 * commitments.
 */
export function sumWeights(layout: Layout, gamma: bigint): bigint[] {
  const ofBase = layout.bases.map(() => 0n);
  let power = 1n;
  for (const { form } of layout.published) {
    for (const { base, coefficient } of form.terms) ofBase[base] = mod(ofBase[base]! + coefficient * power);
    power = mod(power * gamma);
  }
  return layout.bases.flatMap(({ limbs }, base) =>
    Array.from({ length: limbs }, (_, j) => mod(ofBase[base]! << BigInt(LIMB_BITS * j))),
  );
}

/**
 * Adds the claim that `sum` is sum_b of a batch with these limb columns (section 8).
 * @param weights of sumWeights
 */
export function addSumCheck(
  limbs: readonly G1Point[],
  weights: readonly bigint[],
  sum: G1Point,
  checks: OpeningChecks,
): void {
  checks.addIdentity([...limbs, sum], [...weights, -1n]);
}

/** The value of the top's folded column at 0 when its rows sum to the totals: Σ γ^v·total_v / n. */
export function totalsOpeningValue(gamma: bigint, totals: readonly bigint[]): bigint {
  return mod(foldValues(gamma, totals) * inverse(BigInt(ROWS)));
}

/**
 * Adds the one opening that proves all totals (section 8).
 * @param sum of the recomputed top
 */
export function addTotalsCheck(
  sum: G1Point,
  gamma: bigint,
  totals: readonly bigint[],
  opening: G1Point,
  checks: OpeningChecks,
): void {
  checks.add({
    commitment: { points: [sum], scalars: [1n] },
    point: 0n,
    value: totalsOpeningValue(gamma, totals),
    proof: opening,
  });
}
