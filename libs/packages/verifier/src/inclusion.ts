import { hexBytes, ROWS, toHex } from '@solvent-por/kzg';
import { ID_BYTES, SALT_BYTES } from './account';
import { ACCOUNT_TREE_DEPTH, HASH_BYTES } from './account-tree';
import { parseCanonical } from './canonical';
import { VALUE_BOUND } from './decimal';
import { DocumentReader } from './document';
import { PROTOCOL } from './header';
import { MAX_PUBLISHED } from './layout';
import { MAX_BATCHES } from './manifest';

/** A node on the way to the top, as sent: its hash and the commitment to its sums. */
export interface PathNode {
  readonly hash: Uint8Array;
  readonly sum: Uint8Array;
}

/**
 * One account's inclusion proof (section 9). It belongs to one manifest and is nothing without it. Points are
 * 48-byte encodings that were not decoded yet.
 */
export interface Inclusion {
  /** Digest of the manifest it belongs to. */
  readonly manifest: Uint8Array;
  readonly batch: number;
  readonly row: number;
  readonly id: Uint8Array;
  readonly salt: Uint8Array;
  /** Published values of this account, in layout order, in smallest units. */
  readonly values: readonly bigint[];
  /** 12 hashes, from the leaf's sibling up to the child of the batch's `accounts`. */
  readonly accountPath: readonly Uint8Array[];
  /** sum_b of its batch. */
  readonly sum: Uint8Array;
  /** π64, π8, π1. */
  readonly openings: readonly [Uint8Array, Uint8Array, Uint8Array];
  /** From the batch's sibling up to the child of the top. */
  readonly path: readonly PathNode[];
}

const read = new DocumentReader('INCLUSION_MALFORMED');

/** Most siblings of a path: a tree of 65,536 batches has 16 levels. */
const MAX_PATH = 16;
/** An inclusion proof is at most so many bytes (section 11). */
export const MAX_INCLUSION_BYTES = 65_536;

/**
 * Reads the bytes of an inclusion file. How many values there must be is known from its manifest only: see
 * `verifyInclusion`.
 * @throws SolventError INCLUSION_MALFORMED | DOCUMENT_* (kind malformed)
 */
export function parseInclusion(bytes: Uint8Array): Inclusion {
  return readInclusion(parseCanonical(bytes, MAX_INCLUSION_BYTES, 'inclusion proof', readInclusion));
}

function readInclusion(value: unknown): Inclusion {
  const document = read.object(value, 'inclusion', [
    'protocol',
    'manifest',
    'batch',
    'row',
    'id',
    'salt',
    'values',
    'accountPath',
    'sum',
    'openings',
    'path',
  ]);
  if (document.protocol !== PROTOCOL) read.fail('protocol', `must be "${PROTOCOL}"`);
  const list = (value: unknown, path: string, count: number, bytesEach: number) =>
    read.array(value, path, count, count).map((x, i) => bytesOf(x, `${path}[${i}]`, bytesEach));
  return {
    manifest: bytesOf(document.manifest, 'manifest', HASH_BYTES),
    batch: read.integer(document.batch, 'batch', 0, MAX_BATCHES - 1),
    row: read.integer(document.row, 'row', 0, ROWS - 1),
    id: bytesOf(document.id, 'id', ID_BYTES),
    salt: bytesOf(document.salt, 'salt', SALT_BYTES),
    values: read
      .array(document.values, 'values', 1, MAX_PUBLISHED)
      .map((value, v) => read.decimal(value, `values[${v}]`, 0n, VALUE_BOUND)),
    accountPath: list(document.accountPath, 'accountPath', ACCOUNT_TREE_DEPTH, HASH_BYTES),
    sum: bytesOf(document.sum, 'sum', 48),
    openings: list(document.openings, 'openings', 3, 48) as [Uint8Array, Uint8Array, Uint8Array],
    path: read.array(document.path, 'path', 0, MAX_PATH).map((node, i) => {
      const { hash, sum } = read.object(node, `path[${i}]`, ['hash', 'sum']);
      return { hash: bytesOf(hash, `path[${i}].hash`, HASH_BYTES), sum: bytesOf(sum, `path[${i}].sum`, 48) };
    }),
  };
}

/** The JSON form of an inclusion proof; its canonical form is the file. */
export function inclusionToJson(inclusion: Inclusion): object {
  const { batch, row, values, accountPath, openings, path } = inclusion;
  return {
    protocol: PROTOCOL,
    manifest: toHex(inclusion.manifest),
    batch,
    row,
    id: toHex(inclusion.id),
    salt: toHex(inclusion.salt),
    values: values.map(String),
    accountPath: accountPath.map(toHex),
    sum: toHex(inclusion.sum),
    openings: openings.map(toHex),
    path: path.map(({ hash, sum }) => ({ hash: toHex(hash), sum: toHex(sum) })),
  };
}

/**
 * @throws SolventError INCLUSION_MALFORMED when a file has not exactly the values that its manifest's layout
 * publishes
 */
export function refuseOtherWidth(inclusion: Inclusion, published: number): void {
  const { length } = inclusion.values;
  if (length !== published) read.fail('values', `must have exactly ${published} elements, it has ${length}`);
}

function bytesOf(value: unknown, path: string, length: number): Uint8Array {
  return hexBytes(read.hex(value, path, length), length);
}
