import { fromBytes, hexBytes, ROWS, SolventError, toBytes, toHex, utf8 } from '@solvent-por/kzg';
import {
  ACCOUNT_ROWS,
  canonicalJson,
  DocumentReader,
  manifestDigest,
  MAX_BATCHES,
  MAX_PUBLISHED,
  parseCanonical,
  PROTOCOL,
  sizeOf,
  VALUE_BOUND,
  type Manifest,
} from '@solvent-por/verifier';
import { CLAIM_DEPTH } from './bounds';
import { elementOf, SHORT_BYTES } from './field';
import { claimLeaf, climbClaims } from './leaf';

/** A claim file is at most so many bytes. */
export const MAX_CLAIM_FILE_BYTES = 65_536;

/**
 * What an account's owner makes claims with, and nobody else may see: the operator hands it out beside the
 * inclusion proof, for one snapshot. Whoever has it can make claims in the account's name, and recognise those
 * that were made.
 */
export interface ClaimFile {
  /** Digest of the manifest it belongs to. */
  readonly manifest: Uint8Array;
  readonly batch: number;
  readonly row: number;
  readonly id: Uint8Array;
  /** 31 bytes. */
  readonly claimKey: Uint8Array;
  /** Published values in layout order, in smallest units. */
  readonly values: readonly bigint[];
  /** 28 siblings in the claim tree, from the leaf's upwards. */
  readonly path: readonly bigint[];
}

const read = new DocumentReader('CLAIM_FILE_MALFORMED');

/**
 * Reads a claim file. @throws SolventError CLAIM_FILE_MALFORMED | CLAIM_ELEMENT | DOCUMENT_* (kind malformed)
 */
export function parseClaimFile(bytes: Uint8Array): ClaimFile {
  return readFile(parseCanonical(bytes, MAX_CLAIM_FILE_BYTES, 'claim file', readFile));
}

/** The bytes of a claim file. */
export function encodeClaimFile(file: ClaimFile): Uint8Array {
  return utf8(
    canonicalJson({
      protocol: PROTOCOL,
      manifest: toHex(file.manifest),
      batch: file.batch,
      row: file.row,
      id: toHex(file.id),
      claimKey: toHex(file.claimKey),
      values: file.values.map(String),
      path: file.path.map((node) => toHex(toBytes(node))),
    }),
  );
}

/**
 * Refuses a claim file whose leaf is not in the manifest's claim tree: the user, who alone holds both, is the
 * only one who can find that out.
 * @throws SolventError CLAIM_FILE_FOREIGN (kind invalid): of another manifest, of none that has a claim tree,
 *   with another number of values, or leading to another root
 */
export function checkClaimFile(file: ClaimFile, manifest: Manifest): void {
  const refuse = (message: string): never => {
    throw new SolventError('CLAIM_FILE_FOREIGN', 'invalid', message);
  };
  const { header, claimRoot, batchCount } = manifest;
  if (claimRoot === null)
    return refuse(`the snapshot ${header.snapshot} has no claim tree: its operator offers no private claims`);
  if (toHex(file.manifest) !== toHex(manifestDigest(manifest)))
    return refuse(
      `the claim file is of another manifest than the one given, which is of snapshot ${header.snapshot} (${header.takenAt}): take the manifest of the file's snapshot`,
    );
  const { published } = sizeOf(header);
  if (file.values.length !== published)
    return refuse(`the claim file has ${file.values.length} values, the snapshot publishes ${published}`);
  if (file.batch >= batchCount || file.row >= ACCOUNT_ROWS)
    return refuse('the claim file names a row that the snapshot does not have');
  const leaf = claimLeaf(file.id, file.claimKey, file.values);
  if (climbClaims(leaf, file.path, ROWS * file.batch + file.row) !== fromBytes(hexBytes(claimRoot, 32)))
    return refuse(
      "the account of the claim file is not in the manifest's claim tree: ask the operator for it anew, and tell them why",
    );
}

function readFile(input: unknown): ClaimFile {
  const file = read.object(input, 'claim file', [
    ...(['protocol', 'manifest', 'batch', 'row', 'id', 'claimKey', 'values', 'path'] as const),
  ]);
  if (file.protocol !== PROTOCOL) read.fail('protocol', `must be "${PROTOCOL}"`);
  const bytes = (value: unknown, path: string, length: number) =>
    hexBytes(read.hex(value, path, length), length);
  return Object.freeze({
    manifest: bytes(file.manifest, 'manifest', 32),
    batch: read.integer(file.batch, 'batch', 0, MAX_BATCHES - 1),
    row: read.integer(file.row, 'row', 0, ROWS - 1),
    id: bytes(file.id, 'id', 32),
    claimKey: bytes(file.claimKey, 'claimKey', SHORT_BYTES),
    values: Object.freeze(
      read
        .array(file.values, 'values', 1, MAX_PUBLISHED)
        .map((value, v) => read.decimal(value, `values[${v}]`, 0n, VALUE_BOUND)),
    ),
    path: Object.freeze(
      read
        .array(file.path, 'path', CLAIM_DEPTH, CLAIM_DEPTH)
        .map((node, j) => elementOf(bytes(node, `path[${j}]`, 32), `path[${j}]`)),
    ),
  });
}
