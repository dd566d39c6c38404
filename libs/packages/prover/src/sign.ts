import { SolventError, toHex } from '@solvent-por/kzg';
import { ed25519 } from '@noble/curves/ed25519.js';
import {
  manifestDigest,
  parseManifest,
  parseUnsignedManifest,
  PROTOCOL,
  verifyManifestSignature,
  type Header,
  type Manifest,
  type UnsignedManifest,
} from '@solvent-por/verifier';
import type { FinalisedSnapshot } from './snapshot-finaliser';

/** The public key of a signing seed. @param seed 32 bytes (RFC 8032 private key) @returns 32 bytes */
export function operatorKeyOf(seed: Uint8Array): Uint8Array {
  if (seed.length !== 32)
    throw new SolventError('SIGNING_SEED_MALFORMED', 'usage', 'a signing seed must be 32 bytes');
  return ed25519.getPublicKey(seed);
}

/**
 * Signs a manifest (section 10); the result has been parsed and verified again.
 *
 * @param unsigned every member but the signature; header.operator must be the key of the seed
 * @param seed 32 bytes; never logged or stored
 * @throws SolventError SIGNING_SEED_MALFORMED, SIGNING_KEY_MISMATCH (kind usage), MANIFEST_MALFORMED,
 *   HEADER_MALFORMED
 */
export function signManifest(unsigned: UnsignedManifest, seed: Uint8Array): Manifest {
  const checked = parseUnsignedManifest(unsigned);
  const key = toHex(operatorKeyOf(seed));
  if (checked.header.operator !== key) {
    throw new SolventError(
      'SIGNING_KEY_MISMATCH',
      'usage',
      `the header names the operator ${checked.header.operator}, but the signing key is that of ${key}`,
    );
  }
  const manifest = parseManifest({
    ...checked,
    signature: toHex(ed25519.sign(manifestDigest(checked), seed)),
  });
  if (!verifyManifestSignature(manifest)) {
    throw new SolventError('SIGNING_FAILED', 'internal', 'a signature made here does not verify');
  }
  return manifest;
}

/** What a manifest says of private claims (section 13). */
export interface ManifestClaims {
  /** Root of the claim tree, below BN254's order: 32 bytes. */
  readonly root: Uint8Array;
  /** SHA-256 of 1 to 8 verifying keys: 32 bytes each. */
  readonly keys: readonly Uint8Array[];
}

/**
 * The signed manifest of a snapshot that was summed up.
 *
 * @param previous the operator's preceding manifest; undefined begins a chain
 * @param claims undefined where there are none
 * @throws SolventError as signManifest
 */
export function manifestOf(
  header: Header,
  snapshot: FinalisedSnapshot,
  previous: Manifest | undefined,
  seed: Uint8Array,
  claims?: ManifestClaims,
): Manifest {
  return signManifest(
    {
      protocol: PROTOCOL,
      header,
      batchCount: snapshot.batchCount,
      columns: toHex(snapshot.columns),
      root: toHex(snapshot.root),
      totals: snapshot.totals.map(String),
      totalsOpening: toHex(snapshot.totalsOpening),
      claimRoot: claims ? toHex(claims.root) : null,
      claimKeys: claims ? claims.keys.map(toHex) : null,
      previous: previous ? toHex(manifestDigest(previous)) : null,
    },
    seed,
  );
}
