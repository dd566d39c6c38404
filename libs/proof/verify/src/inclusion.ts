import {
  equalBytes,
  fromBytes,
  hexBytes,
  mod,
  OpeningChecks,
  rowPoint,
  ROWS,
  toBytes,
  toHex,
  u32be,
  type KzgVerifier,
} from '@solvent/algebra';
import { accountTag, ID_BYTES, SALT_BYTES } from './account';
import { ACCOUNT_ROWS } from './account-batch';
import { parseCanonical } from './canonical';
import { TOTAL_BOUND, VALUE_BOUND } from './decimal';
import { DocumentReader } from './document';
import { headerDigest, parseHeader, type Header } from './header';
import { layoutOf } from './layout';
import { manifestDigest, MAX_BATCHES, type Manifest } from './manifest';
import { climb, leafNode, siblingSides, treeRoot } from './sum-tree';
import { addTotalsCheck } from './totals';
import { Transcript } from './transcript';
import { Trusted } from './trusted';
import { invalid, type Invalid, type Valid } from './verdict';

/** A node on the way to the top, as sent: its hash and commitments to its sums. */
export interface PathNode {
  readonly hash: Uint8Array;
  readonly sums: readonly Uint8Array[];
}

/** One account's inclusion proof (section 9). Points are 48-byte encodings that were not decoded yet. */
export interface Inclusion {
  readonly header: Header;
  readonly batchCount: number;
  readonly batch: number;
  readonly row: number;
  readonly id: Uint8Array;
  readonly salt: Uint8Array;
  /** Published values of this account, in layout order, in smallest units. */
  readonly values: readonly bigint[];
  readonly commitments: { readonly tag: Uint8Array; readonly sums: readonly Uint8Array[] };
  readonly opening: Uint8Array;
  readonly path: readonly PathNode[];
  readonly totals: readonly bigint[];
  readonly totalsOpening: Uint8Array;
  /** Digest of the manifest it belongs to. */
  readonly manifest: Uint8Array;
}

const read = new DocumentReader('INCLUSION_MALFORMED');

/** Most siblings of a path: a tree of 65,536 batches has 16 levels. */
const MAX_PATH = 16;
/** An inclusion proof is at most so many bytes (section 11). */
export const MAX_INCLUSION_BYTES = 2 * 1024 * 1024;

/**
 * Reads the bytes of an inclusion file.
 * @throws SolventError INCLUSION_MALFORMED | HEADER_MALFORMED | DOCUMENT_* (kind malformed)
 */
export function parseInclusion(bytes: Uint8Array): Inclusion {
  return readInclusion(parseCanonical(bytes, MAX_INCLUSION_BYTES, 'inclusion proof', readInclusion));
}

function readInclusion(value: unknown): Inclusion {
  const document = read.object(value, 'inclusion', [
    'header',
    'batchCount',
    'batch',
    'row',
    'id',
    'salt',
    'values',
    'commitments',
    'opening',
    'path',
    'totals',
    'totalsOpening',
    'manifest',
  ]);
  const header = parseHeader(document.header);
  const width = layoutOf(header).published.length;
  const commitments = read.object(document.commitments, 'commitments', ['tag', 'sums']);
  return {
    header,
    batchCount: read.integer(document.batchCount, 'batchCount', 1, MAX_BATCHES),
    batch: read.integer(document.batch, 'batch', 0, MAX_BATCHES - 1),
    row: read.integer(document.row, 'row', 0, ROWS - 1),
    id: bytesOf(document.id, 'id', ID_BYTES),
    salt: bytesOf(document.salt, 'salt', SALT_BYTES),
    values: decimals(document.values, 'values', width, VALUE_BOUND),
    commitments: {
      tag: bytesOf(commitments.tag, 'commitments.tag', 48),
      sums: pointsOf(commitments.sums, 'commitments.sums', width),
    },
    opening: bytesOf(document.opening, 'opening', 48),
    path: read.array(document.path, 'path', 0, MAX_PATH).map((node, i) => {
      const { hash, sums } = read.object(node, `path[${i}]`, ['hash', 'sums']);
      return { hash: bytesOf(hash, `path[${i}].hash`, 32), sums: pointsOf(sums, `path[${i}].sums`, width) };
    }),
    totals: decimals(document.totals, 'totals', width, TOTAL_BOUND),
    totalsOpening: bytesOf(document.totalsOpening, 'totalsOpening', 48),
    manifest: bytesOf(document.manifest, 'manifest', 32),
  };
}

/** The JSON form of an inclusion proof; its canonical form is the file. */
export function inclusionToJson(inclusion: Inclusion): object {
  const { header, batchCount, batch, row, commitments, path } = inclusion;
  return {
    header,
    batchCount,
    batch,
    row,
    id: toHex(inclusion.id),
    salt: toHex(inclusion.salt),
    values: inclusion.values.map(String),
    commitments: { tag: toHex(commitments.tag), sums: commitments.sums.map(toHex) },
    opening: toHex(inclusion.opening),
    path: path.map(({ hash, sums }) => ({ hash: toHex(hash), sums: sums.map(toHex) })),
    totals: inclusion.totals.map(String),
    totalsOpening: toHex(inclusion.totalsOpening),
    manifest: toHex(inclusion.manifest),
  };
}

/** γ of an inclusion's opening (section 9). */
export function inclusionChallenge(
  parts: Pick<Inclusion, 'batch' | 'row' | 'values' | 'commitments'>,
  digestOfHeader: Uint8Array,
  tag: Uint8Array,
): bigint {
  const transcript = new Transcript('inclusion');
  transcript.absorb('header', digestOfHeader);
  transcript.absorb('batch', u32be(parts.batch));
  transcript.absorb('row', u32be(parts.row));
  transcript.absorb('tag', parts.commitments.tag);
  transcript.absorb('sums', ...parts.commitments.sums);
  transcript.absorb('opened', toBytes(fromBytes(tag)), ...parts.values.map((value) => toBytes(value)));
  return transcript.challenge('gamma');
}

/** What an inclusion is compared with; a member that is there must be what it says, one that isn't is not checked (see `Trusted`). */
export interface TrustedInclusion {
  /** 32 bytes from the user, never from the file. */
  readonly id?: Uint8Array;
  /** A manifest whose signature and global proof the caller, or someone they trust, verified (section 11). */
  readonly manifest?: Manifest;
}

/** The outcome of {@link verifyInclusion}: what was compared with something the user brought is said beside it. */
export type InclusionVerdict =
  | Invalid
  | (Valid & {
      /** The id came from the user. Otherwise the file's own id was used: someone else's file would pass. */
      readonly idChecked: boolean;
      /** Compared with a manifest the caller verified. Otherwise the path alone shows nothing about other accounts. */
      readonly manifestChecked: boolean;
    });

/**
 * Verifies that an account with this id and these values is in the snapshot (section 9).
 *
 * @param trusted `{}` compares with nothing, and the verdict says so
 * @throws SolventError POINT_MALFORMED; TRUSTED_MALFORMED (kind usage): a member of `trusted` is there but undefined, or of another type, or not known
 */
export function verifyInclusion(
  inclusion: Inclusion,
  trusted: TrustedInclusion,
  kzg: KzgVerifier,
): InclusionVerdict {
  const { header, batchCount, batch, row, salt, values, totals } = inclusion;
  const given = new Trusted(trusted, 'trusted', ['id', 'manifest']);
  const [givenId, manifest] = [given.bytes('id', ID_BYTES), given.manifest('manifest')];
  const id = givenId ?? inclusion.id;
  if (!equalBytes(id, inclusion.id))
    return invalid('INCLUSION_ID', 'the file is for another account id than the one given');
  if (row >= ACCOUNT_ROWS) return invalid('INCLUSION_ROW', `row ${row} is not an account row`);
  if (batch >= batchCount)
    return invalid('INCLUSION_BATCH', `batch ${batch} is not in a snapshot of ${batchCount}`);
  const siblings = siblingSides(batch, batchCount).length;
  if (inclusion.path.length !== siblings)
    return invalid(
      'INCLUSION_PATH',
      `the path must have ${siblings} siblings, it has ${inclusion.path.length}`,
    );

  const digest = headerDigest(header);
  const width = values.length;
  const [tagPoint, opening, totalsOpening, ...sumPoints] = kzg.decodePoints([
    inclusion.commitments.tag,
    inclusion.opening,
    inclusion.totalsOpening,
    ...inclusion.commitments.sums,
    ...inclusion.path.flatMap(({ sums }) => sums),
  ]);
  const sums = sumPoints.slice(0, width);
  const path = inclusion.path.map(({ hash }, i) => ({
    hash,
    sums: sumPoints.slice(width * (i + 1), width * (i + 2)),
  }));
  const top = climb(leafNode(digest, batch, inclusion.commitments.tag, sums), path, batch, batchCount);
  const root = treeRoot(digest, batchCount, top);
  if (manifest) {
    const difference = differsFrom(manifest, inclusion, digest, root);
    if (difference)
      return invalid(
        'INCLUSION_MANIFEST',
        `the file belongs to another manifest than the one given: ${difference}`,
      );
  }

  const tag = accountTag(id, salt);
  const gamma = inclusionChallenge(inclusion, digest, tag);
  const checks = new OpeningChecks();
  let [weight, value] = [1n, fromBytes(tag)];
  const weights = values.map((published) => {
    weight = mod(weight * gamma);
    value = mod(value + weight * published);
    return weight;
  });
  checks.add({
    commitment: { points: [tagPoint!, ...sums], scalars: [1n, ...weights] },
    point: rowPoint(row),
    value,
    proof: opening!,
  });
  addTotalsCheck(root, top, totals, totalsOpening!, checks);
  if (!checks.holds(kzg))
    return invalid(
      'INCLUSION_OPENING',
      'the account with these values is not in that row, or the totals are wrong',
    );

  return {
    valid: true,
    notes: [],
    idChecked: givenId !== undefined,
    manifestChecked: manifest !== undefined,
  };
}

/** The first thing in which an inclusion and a manifest differ (section 9: all of these must be equal). */
function differsFrom(
  manifest: Manifest,
  inclusion: Inclusion,
  digest: Uint8Array,
  root: Uint8Array,
): string | undefined {
  if (!equalBytes(headerDigest(manifest.header), digest)) {
    const [own, other] = [named(inclusion.header), named(manifest.header)];
    return own === other
      ? `both are of snapshot ${own}, but their headers differ`
      : `the file is of snapshot ${own}, the manifest of ${other}; take the manifest of the file's snapshot, or ask for a file of the manifest's`;
  }
  if (manifest.batchCount !== inclusion.batchCount) return 'the number of batches differs';
  if (manifest.root !== toHex(root)) return 'the root that the path leads to differs';
  const { totals } = inclusion;
  if (
    manifest.totals.length !== totals.length ||
    manifest.totals.some((total, v) => BigInt(total) !== totals[v])
  )
    return 'a total differs';
  if (manifest.totalsOpening !== toHex(inclusion.totalsOpening)) return 'the totals opening differs';
  if (!equalBytes(manifestDigest(manifest), inclusion.manifest)) return 'the digest of the manifest differs';
  return undefined;
}

function named({ snapshot, takenAt }: Header): string {
  return `${snapshot} (${takenAt})`;
}

function bytesOf(value: unknown, path: string, length: number): Uint8Array {
  return hexBytes(read.hex(value, path, length), length);
}

function pointsOf(value: unknown, path: string, count: number): Uint8Array[] {
  return read.array(value, path, count, count).map((point, v) => bytesOf(point, `${path}[${v}]`, 48));
}

function decimals(value: unknown, path: string, count: number, bound: bigint): bigint[] {
  return read.array(value, path, count, count).map((x, v) => read.decimal(x, `${path}[${v}]`, 0n, bound));
}
