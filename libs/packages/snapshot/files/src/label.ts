import { createHash } from 'node:crypto';
import { concat, equalBytes, fromHex, toHex, u32be, utf8 } from '@solvent-por/kzg';

/** What a file belongs to. */
export interface Origin {
  readonly snapshot: string;
  readonly takenAt: string;
  /** 32 bytes: of the snapshot's header while it is being proved, of its manifest once there is one. */
  readonly digest: Uint8Array;
}

/** What a file says of itself. */
export interface Label {
  /** What it holds: `leaves`, `batch 7` */
  readonly kind: string;
  readonly origin: Origin;
  /** How many of it. */
  readonly count: number;
}

/*
 * The form of a file that must be whole and belong to one snapshot, whatever it holds:
 *
 *   content ‖ SHA-256 of each block of it ‖ label ‖ SHA-256(label) ‖ u32be(length of the label) ‖
 * "solvent/labelled"
 *
 * The label is JSON: kind, snapshot, takenAt and digest of the origin, count, bytes of the content, bytes of
 * a block, and SHA-256 of the blocks' digests, so that the label's digest stands for every byte. It comes
 * last, so that a file is written in one go, and one that was cut off has none. As blocks have digests of
 * their own, a look-up in a large file reads one block, not all of it: opening costs 32 bytes for each block,
 * and nothing is believed unchecked.
 */
const MAGIC = utf8('solvent/labelled');
export const DIGEST_BYTES = 32;
export const TAIL_BYTES = DIGEST_BYTES + 4 + MAGIC.length;
export const MAX_LABEL_BYTES = 2048;

export interface ParsedLabel extends Label {
  readonly bytes: number;
  readonly blockBytes: number;
  readonly table: Uint8Array;
}

/** What follows the content. */
export function ending(
  label: Label,
  digests: readonly Uint8Array[],
  bytes: number,
  blockBytes: number,
): Uint8Array {
  const { kind, count, origin } = label;
  const { snapshot, takenAt, digest } = origin;
  const table = concat(...digests);
  const text = utf8(
    JSON.stringify({
      ...{ kind, snapshot, takenAt, digest: toHex(digest), count, bytes, blockBytes },
      table: toHex(sha256(table)),
    }),
  );
  return concat(table, text, sha256(text), u32be(text.length), MAGIC);
}

export function hasEnd(tail: Uint8Array): boolean {
  return tail.length >= TAIL_BYTES && equalBytes(tail.subarray(tail.length - MAGIC.length), MAGIC);
}

/** The label in a file's last bytes, and its length; undefined where it is not as it was written. */
export function readLabel(
  tail: Uint8Array,
): { readonly label: ParsedLabel; readonly length: number } | undefined {
  if (!hasEnd(tail)) return undefined;
  const end = tail.length - TAIL_BYTES;
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  const length = view.getUint32(end + DIGEST_BYTES);
  if (length > Math.min(end, MAX_LABEL_BYTES)) return undefined;
  const text = tail.subarray(end - length, end);
  if (!equalBytes(sha256(text), tail.subarray(end, end + DIGEST_BYTES))) return undefined;
  const label = parseLabel(text);
  return label && { label, length };
}

function parseLabel(text: Uint8Array): ParsedLabel | undefined {
  const value = parsedJson(text) as Partial<Record<keyof ParsedLabel | keyof Origin, unknown>>;
  const { kind, snapshot, takenAt, count, bytes, blockBytes } = value;
  const [digest, table] = [fromHex(value.digest, DIGEST_BYTES), fromHex(value.table, DIGEST_BYTES)];
  if (!digest || !table || !isCount(count) || !isCount(bytes) || !isCount(blockBytes) || blockBytes === 0)
    return undefined;
  if (typeof kind !== 'string' || typeof snapshot !== 'string' || typeof takenAt !== 'string')
    return undefined;
  return { kind, origin: { snapshot, takenAt, digest }, count, bytes, blockBytes, table };
}

function parsedJson(text: Uint8Array): object {
  try {
    return Object(JSON.parse(new TextDecoder().decode(text))) as object;
  } catch {
    return {};
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}
