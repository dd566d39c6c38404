import { concat, equalBytes, hexBytes, toHex, utf8 } from '@solvent-por/kzg';
import { sha256 } from '@noble/hashes/sha2.js';
import { canonicalJson, parseCanonical } from '../canonical';
import { DocumentReader } from '../document';
import { verifyEd25519 } from '../ed25519';
import * as finding from '../finding';
import { PROTOCOL } from '../header';
import { manifestDigest, type Manifest } from '../manifest';
import { invalid, valid, type Verdict } from '../verdict';
import { shardShapes } from './shape';

/** Longest index.json of a bundle (section 15). */
export const MAX_SEALED_INDEX_BYTES = 1024;

/** What an operator signs about a sealed bundle; hex as in the document. */
export interface SealedIndex {
  readonly protocol: typeof PROTOCOL;
  /** Digest of the manifest it belongs to. */
  readonly manifest: string;
  readonly bits: number;
  readonly entries: number;
  /** SHA-256 of tree.bin. */
  readonly tree: string;
  /** Root of the tree of shards. */
  readonly shards: string;
  /** 64 bytes: Ed25519 by header.operator. */
  readonly signature: string;
}

export type UnsignedSealedIndex = Omit<SealedIndex, 'signature'>;

const DOMAIN = utf8('solvent/v1/sealed-index');
const UNSIGNED_MEMBERS = [
  'protocol',
  'manifest',
  'bits',
  'entries',
  'tree',
  'shards',
] as const satisfies readonly (keyof UnsignedSealedIndex)[];

const read = new DocumentReader('SEALED_INDEX_MALFORMED');

/**
 * Reads the bytes of index.json. Whether it is to be believed: `verifySealedIndex`.
 * @throws SolventError SEALED_INDEX_MALFORMED | DOCUMENT_* (kind malformed)
 */
export function parseSealedIndex(bytes: Uint8Array): SealedIndex {
  const value = parseCanonical(bytes, MAX_SEALED_INDEX_BYTES, "sealed bundle's index");
  const index = read.object<keyof SealedIndex>(value, 'index', [...UNSIGNED_MEMBERS, 'signature']);
  if (index.protocol !== PROTOCOL) read.fail('protocol', `must be "${PROTOCOL}"`);
  const { MAX_SAFE_INTEGER } = Number;
  return Object.freeze({
    protocol: PROTOCOL,
    manifest: read.hex(index.manifest, 'manifest', 32),
    // Which numbers they must be is a question of its own: others are well-formed, and refused by
    // verifySealedIndex.
    bits: read.integer(index.bits, 'bits', 0, MAX_SAFE_INTEGER),
    entries: read.integer(index.entries, 'entries', 0, MAX_SAFE_INTEGER),
    tree: read.hex(index.tree, 'tree', 32),
    shards: read.hex(index.shards, 'shards', 32),
    signature: read.hex(index.signature, 'signature', 64),
  });
}

/** What is signed: SHA-256("solvent/v1/sealed-index" ‖ JCS(index without signature)). */
export function sealedIndexDigest(index: UnsignedSealedIndex | SealedIndex): Uint8Array {
  const unsigned = Object.fromEntries(UNSIGNED_MEMBERS.map((name) => [name, index[name]]));
  return sha256(concat(DOMAIN, utf8(canonicalJson(unsigned))));
}

/**
 * Whether an index is the operator's own, of this manifest, and of a shape that the rule of section 15 gives.
 * It comes before any shard is asked for: which shard that is depends on `bits`, and a host that could choose
 * them would learn who asks.
 *
 * @param manifest one that was verified
 * @returns codes of refusal: SEALED_INDEX_MANIFEST, SEALED_INDEX_BITS, SEALED_INDEX_ENTRIES,
 *   SEALED_INDEX_SIGNATURE
 */
export function verifySealedIndex(index: SealedIndex, manifest: Manifest): Verdict {
  const { header, batchCount } = manifest;
  if (!equalBytes(hexBytes(index.manifest, 32), manifestDigest(manifest)))
    return invalid(
      'SEALED_INDEX_MANIFEST',
      `the bundle belongs to another manifest than the one given, which is of snapshot ${header.snapshot} (${header.takenAt}): take the manifest of the bundle's snapshot, or the bundle of this one`,
    );
  const shapes = shardShapes(batchCount);
  const shape = shapes.find(({ bits }) => bits === index.bits);
  if (!shape)
    return invalid(
      'SEALED_INDEX_BITS',
      `the index says ${index.bits} bits a shard number, where ${batchCount} batches give ${shapes[0].bits}, or ${shapes[1].bits}: nothing more was fetched, for it would tell the host who asks`,
    );
  if (shape.entries !== index.entries)
    return invalid(
      'SEALED_INDEX_ENTRIES',
      `the index says ${index.entries} entries a shard, where ${batchCount} batches and ${index.bits} bits give ${shape.entries}`,
    );
  const signature = hexBytes(index.signature, 64);
  if (!verifyEd25519(signature, sealedIndexDigest(index), hexBytes(header.operator, 32)))
    return invalid(
      'SEALED_INDEX_SIGNATURE',
      `the index is not signed by the manifest's operator ${header.operator}: it is not theirs, or was changed`,
    );
  return valid(finding.sealedIndex(toHex(sealedIndexDigest(index)), header.operator));
}
