import { concat, hexBytes, fromBytes, utf8 } from '@solvent-por/kzg';
import { sha256 } from '@noble/hashes/sha2.js';
import { canonicalJson, parseCanonical } from './canonical';
import { TOTAL_BOUND } from './decimal';
import { DocumentReader } from './document';
import { verifyEd25519 } from './ed25519';
import { PROTOCOL, parseHeader, type Header } from './header';
import { sizeOf } from './layout';
import { sumsChallenge } from './sums';

/** Longest manifest, and longest first line of a global-proof file (section 11). */
export const MAX_MANIFEST_BYTES = 262_144;

/** Most batches of a snapshot (section 4). */
export const MAX_BATCHES = 65_536;

/** Order of BN254's scalar field, in which the claim tree of section 13 lives. */
const BN254_ORDER = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n;

/**
 * What the operator publishes and signs (section 10). Byte strings are hex and totals decimal strings, as in
 * the document.
 */
export interface Manifest {
  readonly protocol: typeof PROTOCOL;
  readonly header: Header;
  /** 1…65,536 */
  readonly batchCount: number;
  /** 32 bytes: digest of every batch's account tree and columns, in their order (section 8). */
  readonly columns: string;
  /** 32 bytes: root of the sum tree (section 8). */
  readonly root: string;
  /** One for each published value of the layout, in its order; each < 2^96. */
  readonly totals: readonly string[];
  /** 48 bytes: a G1 point; whether it is one is checked where it is used. */
  readonly totalsOpening: string;
  /** 32 bytes below BN254's order; null where the snapshot has no claim tree (section 13). */
  readonly claimRoot: string | null;
  /** 1 to 8 different SHA-256 digests of verifying keys; null exactly when claimRoot is. */
  readonly claimKeys: readonly string[] | null;
  /** Digest of the operator's preceding manifest, null for the first one of a key. */
  readonly previous: string | null;
  /** 64 bytes: Ed25519 over the digest, by header.operator. */
  readonly signature: string;
}

export type UnsignedManifest = Omit<Manifest, 'signature'>;

const read = new DocumentReader('MANIFEST_MALFORMED');

const UNSIGNED_MEMBERS = [
  'protocol',
  'header',
  'batchCount',
  'columns',
  'root',
  'totals',
  'totalsOpening',
  'claimRoot',
  'claimKeys',
  'previous',
] as const satisfies readonly (keyof UnsignedManifest)[];

/**
 * Reads a manifest. Says nothing about its signature: see `verifyManifestSignature` and
 * `verifyManifestTrust`.
 *
 * @param input the document's bytes (which must be its JCS form and at most 262,144), or a value parsed from
 *   them before
 * @returns a frozen manifest
 * @throws SolventError MANIFEST_MALFORMED, HEADER_MALFORMED (details.member), DOCUMENT_TOO_LARGE,
 *   DOCUMENT_MALFORMED,
 *   DOCUMENT_NOT_CANONICAL; all kind malformed
 */
export function parseManifest(input: unknown): Manifest {
  const value =
    input instanceof Uint8Array
      ? parseCanonical(input, MAX_MANIFEST_BYTES, 'manifest', parseManifest)
      : input;
  const m = read.object<keyof Manifest>(value, 'manifest', [...UNSIGNED_MEMBERS, 'signature']);
  return Object.freeze({ ...parseMembers(m), signature: read.hex(m.signature, 'signature', 64) });
}

/** The same for a manifest that is yet to be signed. @throws as parseManifest */
export function parseUnsignedManifest(value: unknown): UnsignedManifest {
  return Object.freeze(
    parseMembers(read.object<keyof UnsignedManifest>(value, 'manifest', UNSIGNED_MEMBERS)),
  );
}

/**
 * The digest that is signed, chained and named by inclusion files: SHA-256("solvent/v1/manifest" ‖
 * JCS(manifest without signature)).
 */
export function manifestDigest(manifest: UnsignedManifest | Manifest): Uint8Array {
  const unsigned = Object.fromEntries(UNSIGNED_MEMBERS.map((name) => [name, manifest[name]]));
  return sha256(concat(utf8('solvent/v1/manifest'), utf8(canonicalJson(unsigned))));
}

/**
 * Whether the signature is the one of `header.operator`; whether that is the expected operator is another
 * question.
 */
export function verifyManifestSignature(manifest: Manifest): boolean {
  return verifyEd25519(
    hexBytes(manifest.signature, 64),
    manifestDigest(manifest),
    hexBytes(manifest.header.operator, 32),
  );
}

/** γ of the manifest's snapshot (section 8). */
export function manifestChallenge(manifest: Manifest | UnsignedManifest, digestOfHeader: Uint8Array): bigint {
  const { batchCount, columns, totals } = manifest;
  return sumsChallenge(digestOfHeader, batchCount, hexBytes(columns, 32), totals.map(BigInt));
}

function parseMembers(m: Readonly<Record<keyof UnsignedManifest, unknown>>): UnsignedManifest {
  if (m.protocol !== PROTOCOL) read.fail('protocol', `must be "${PROTOCOL}"`);
  const header = parseHeader(m.header);
  const { published } = sizeOf(header);
  const claimRoot = parseClaimRoot(m.claimRoot);
  const claimKeys = parseClaimKeys(m.claimKeys);
  if ((claimRoot === null) !== (claimKeys === null)) {
    read.fail('claimKeys', 'and claimRoot must both be null or neither');
  }
  return {
    protocol: PROTOCOL,
    header,
    batchCount: read.integer(m.batchCount, 'batchCount', 1, MAX_BATCHES),
    columns: read.hex(m.columns, 'columns', 32),
    root: read.hex(m.root, 'root', 32),
    totals: Object.freeze(
      read
        .array(m.totals, 'totals', published, published)
        .map((total, i) => read.decimal(total, `totals[${i}]`, 0n, TOTAL_BOUND).toString()),
    ),
    totalsOpening: read.hex(m.totalsOpening, 'totalsOpening', 48),
    claimRoot,
    claimKeys,
    previous: m.previous === null ? null : read.hex(m.previous, 'previous', 32),
  };
}

function parseClaimRoot(value: unknown): string | null {
  if (value === null) return null;
  const root = read.hex(value, 'claimRoot', 32);
  if (fromBytes(hexBytes(root, 32)) >= BN254_ORDER)
    read.fail('claimRoot', 'must be below the order of BN254');
  return root;
}

function parseClaimKeys(value: unknown): readonly string[] | null {
  if (value === null) return null;
  const keys = read.array(value, 'claimKeys', 1, 8).map((key, i) => read.hex(key, `claimKeys[${i}]`, 32));
  if (new Set(keys).size !== keys.length) read.fail('claimKeys', 'must be different from each other');
  return Object.freeze(keys);
}
