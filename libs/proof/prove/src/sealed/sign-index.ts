import { createHash } from 'node:crypto';
import { hexBytes, SolventError, toHex } from '@solvent/algebra';
import { ed25519 } from '@noble/curves/ed25519.js';
import {
  manifestDigest,
  PROTOCOL,
  sealedIndexDigest,
  verifySealedIndex,
  type Manifest,
  type SealedIndex,
  type ShardShape,
  type UnsignedSealedIndex,
} from '@solvent/proof/verify';
import { operatorKeyOf } from '../sign';

/** What a bundle's index is made of. */
export interface IndexParts {
  readonly manifest: Manifest;
  readonly shape: ShardShape;
  /** Bytes of tree.bin. */
  readonly tree: Uint8Array;
  /** Root of the tree of shards. */
  readonly shards: Uint8Array;
}

/** The signed index of a bundle whose files are there. @throws SolventError as signSealedIndex */
export function sealedIndexOf({ manifest, shape, tree, shards }: IndexParts, seed: Uint8Array): SealedIndex {
  const unsigned = {
    protocol: PROTOCOL,
    manifest: toHex(manifestDigest(manifest)),
    ...shape,
    tree: toHex(createHash('sha256').update(tree).digest()),
    shards: toHex(shards),
  } as const;
  return signSealedIndex(unsigned, manifest, seed);
}

/**
 * Signs a bundle's index (section 15); the result has been verified again.
 * @param seed 32 bytes, of the operator who signed the manifest; never logged or stored
 * @throws SolventError SIGNING_SEED_MALFORMED, SIGNING_KEY_MISMATCH (usage), SIGNING_FAILED (internal)
 */
export function signSealedIndex(
  index: UnsignedSealedIndex,
  manifest: Manifest,
  seed: Uint8Array,
): SealedIndex {
  refuseOtherSigner(manifest, seed);
  const signed = { ...index, signature: toHex(ed25519.sign(sealedIndexDigest(index), seed)) };
  const verdict = verifySealedIndex(signed, manifest);
  if (!verdict.valid)
    throw new SolventError(
      'SIGNING_FAILED',
      'internal',
      `an index signed here is refused: ${verdict.reason}`,
    );
  return signed;
}

/** @throws SolventError SIGNING_SEED_MALFORMED, SIGNING_KEY_MISMATCH (usage) */
export function refuseOtherSigner({ header }: Manifest, seed: Uint8Array): void {
  const key = toHex(operatorKeyOf(seed));
  if (key !== toHex(hexBytes(header.operator, 32)))
    throw new SolventError(
      'SIGNING_KEY_MISMATCH',
      'usage',
      `the manifest is signed by ${header.operator}, but the signing key is that of ${key}: a bundle is signed with the key of its manifest`,
    );
}
