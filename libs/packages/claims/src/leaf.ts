import { concat, fromBytes, utf8 } from '@solvent-por/kzg';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { CLAIM_DEPTH, MOST_IN_LEAF, RUN } from './bounds';
import { SHORT_BYTES } from './field';
import { poseidon } from './poseidon/poseidon';

const KEY_DOMAIN = utf8('solvent/v1/claim');
/** First inputs of Poseidon, so that no leaf is a nullifier. */
const LEAF_DOMAIN = 2n;
const NULLIFIER_DOMAIN = 3n;

/**
 * An account's claim key of one snapshot: the first 31 bytes of HMAC-SHA-256(claim key, "solvent/v1/claim" ‖
 * headerDigest ‖ id). It is given to the user alone: whoever has it can make their claims' nullifiers.
 *
 * @param operatorClaimKey the operator's secret for claims, 32 bytes
 * @param headerDigest 32 bytes
 * @param id the account id, 32 bytes
 * @returns 31 bytes, so that it is below BN254's order
 */
export function claimKeyOf(
  operatorClaimKey: Uint8Array,
  headerDigest: Uint8Array,
  id: Uint8Array,
): Uint8Array {
  return hmac(sha256, operatorClaimKey, concat(KEY_DOMAIN, headerDigest, id)).slice(0, SHORT_BYTES);
}

/**
 * The account's leaf in the claim tree: Poseidon(2, id[0..16), id[16..32), claimKey, values…), of more than 12
 * values of their digests.
 *
 * @param id 32 bytes
 * @param claimKey 31 bytes
 * @param values published values in layout order, each below 2^67
 * @returns 0…r−1
 */
export function claimLeaf(id: Uint8Array, claimKey: Uint8Array, values: readonly bigint[]): bigint {
  return poseidon([
    LEAF_DOMAIN,
    fromBytes(id.subarray(0, 16)),
    fromBytes(id.subarray(16, 32)),
    fromBytes(claimKey),
    ...valueDigests(values),
  ]);
}

/**
 * At most 12 elements that stand for the values: they themselves, or, of more, the hashes of runs of 16, the
 * last one padded with zeros, and again of these.
 */
export function valueDigests(values: readonly bigint[]): readonly bigint[] {
  if (values.length <= MOST_IN_LEAF) return values;
  const runs = Array.from({ length: Math.ceil(values.length / RUN) }, (_, i) => {
    const run = values.slice(RUN * i, RUN * (i + 1));
    return poseidon([...run, ...Array<bigint>(RUN - run.length).fill(0n)]);
  });
  return valueDigests(runs);
}

/** A node of the claim tree above two. */
export function claimNode(left: bigint, right: bigint): bigint {
  return poseidon([left, right]);
}

/**
 * The root that a leaf and its siblings lead to; bit j of the place, from the least significant, says whether
 * we are the right child at level j.
 *
 * @param path 28 siblings from the leaf's upwards
 * @param place 4096·batch + row
 */
export function climbClaims(leaf: bigint, path: readonly bigint[], place: number): bigint {
  if (path.length !== CLAIM_DEPTH) throw new RangeError(`a path has ${CLAIM_DEPTH} siblings`);
  return path.reduce(
    (node, sibling, j) => (pathBit(place, j) ? claimNode(sibling, node) : claimNode(node, sibling)),
    leaf,
  );
}

/** Bit j of a place, 0 or 1. */
export function pathBit(place: number, j: number): number {
  return Math.floor(place / 2 ** j) % 2;
}

/**
 * What a claim shows of whose it is: the same in every claim of one account in one scope of one snapshot, and
 * nothing else: Poseidon(3, claimKey, scope).
 *
 * @param claimKey 31 bytes
 * @param scope 31 bytes, see `claimScope`
 */
export function claimNullifier(claimKey: Uint8Array, scope: Uint8Array): bigint {
  return poseidon([NULLIFIER_DOMAIN, fromBytes(claimKey), fromBytes(scope)]);
}
