import { hexBytes, toBytes, toHex, utf8 } from '@solvent-por/kzg';
import {
  canonicalJson,
  DocumentReader,
  MAX_PUBLISHED,
  parseCanonical,
  PROTOCOL,
  VALUE_BOUND,
} from '@solvent-por/verifier';
import { elementOf, SHORT_BYTES } from './field';
import { GROTH16_PROOF_BYTES } from './groth16';

/** A claim is at most so many bytes; one has some 1,100. */
export const MAX_CLAIM_BYTES = 4096;

/**
 * "An account of this snapshot holds at least `threshold` of value number `value`": what a partner is given.
 * It names its manifest and verifying key, and shows nothing of the account but the nullifier.
 */
export interface Claim {
  /** Digest of the manifest whose claimRoot it was proved for: 32 bytes. */
  readonly manifest: Uint8Array;
  /** SHA-256 of the verifying key's document: 32 bytes. */
  readonly key: Uint8Array;
  /** Which of the published values, in layout order, from 0. */
  readonly value: number;
  /** In smallest units, below 2^67. */
  readonly threshold: bigint;
  /** 31 bytes: `claimScope` of partner and purpose. */
  readonly scope: Uint8Array;
  /** 31 bytes: the partner's. */
  readonly challenge: Uint8Array;
  /** 0…r−1; see `claimNullifier`. */
  readonly nullifier: bigint;
  /** Groth16 over BN254, A ‖ B ‖ C as EIP-197 encodes points: 256 bytes that were not decoded yet. */
  readonly proof: Uint8Array;
}

const read = new DocumentReader('CLAIM_MALFORMED');
const MEMBERS = [
  ...(['protocol', 'manifest', 'key', 'value', 'threshold'] as const),
  ...(['scope', 'challenge', 'nullifier', 'proof'] as const),
];

/**
 * Reads a claim; says nothing about whether it holds: see `verifyClaim`.
 * @param bytes the document's bytes: its JCS form, at most 4,096
 * @throws SolventError CLAIM_MALFORMED | CLAIM_ELEMENT | DOCUMENT_* (kind malformed)
 */
export function parseClaim(bytes: Uint8Array): Claim {
  return readClaim(parseCanonical(bytes, MAX_CLAIM_BYTES, 'claim', readClaim));
}

/** The bytes of a claim. */
export function encodeClaim(claim: Claim): Uint8Array {
  const { value, threshold } = claim;
  return utf8(
    canonicalJson({
      protocol: PROTOCOL,
      manifest: toHex(claim.manifest),
      key: toHex(claim.key),
      value,
      threshold: threshold.toString(),
      scope: toHex(claim.scope),
      challenge: toHex(claim.challenge),
      nullifier: toHex(toBytes(claim.nullifier)),
      proof: toHex(claim.proof),
    }),
  );
}

function readClaim(input: unknown): Claim {
  const claim = read.object(input, 'claim', MEMBERS);
  if (claim.protocol !== PROTOCOL) read.fail('protocol', `must be "${PROTOCOL}"`);
  const bytes = (member: (typeof MEMBERS)[number], length: number) =>
    hexBytes(read.hex(claim[member], member, length), length);
  return Object.freeze({
    manifest: bytes('manifest', 32),
    key: bytes('key', 32),
    value: read.integer(claim.value, 'value', 0, MAX_PUBLISHED - 1),
    threshold: read.decimal(claim.threshold, 'threshold', 0n, VALUE_BOUND),
    scope: bytes('scope', SHORT_BYTES),
    challenge: bytes('challenge', SHORT_BYTES),
    nullifier: elementOf(bytes('nullifier', 32), 'nullifier'),
    proof: bytes('proof', GROTH16_PROOF_BYTES),
  });
}
