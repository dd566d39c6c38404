import { malformed } from '../failure';
import { integerOf } from '../hex';

/** One item of RLP; a list's items are read where they are needed. */
export interface RlpItem {
  readonly list: boolean;
  /** Bytes of a string, or of a list's items. */
  readonly payload: Uint8Array;
  /** The item with its own length in front, as a parent embeds it. */
  readonly encoded: Uint8Array;
}

/** Lists in one another; what goes deeper is hostile. */
const MOST_DEPTH = 32;

/**
 * Reads bytes that must be one item and nothing after it, minimal throughout: lengths in the shortest form, a
 * single byte below 0x80 as itself.
 * @throws SolventError RLP_MALFORMED
 */
export function readRlp(bytes: Uint8Array): RlpItem {
  const item = itemAt(bytes, 0);
  if (item.encoded.length !== bytes.length) refuse('bytes follow it');
  refuseDeep(item, MOST_DEPTH);
  return item;
}

/** The items of a list. @throws SolventError RLP_MALFORMED */
export function listItems({ list, payload }: RlpItem): readonly RlpItem[] {
  if (!list) refuse('a list is expected where a string stands');
  const items: RlpItem[] = [];
  for (let at = 0; at < payload.length; at += items.at(-1)!.encoded.length) items.push(itemAt(payload, at));
  return items;
}

/** The bytes of a string. @throws SolventError RLP_MALFORMED */
export function stringBytes({ list, payload }: RlpItem): Uint8Array {
  return list ? refuse('a string is expected where a list stands') : payload;
}

/** A number without leading zeros, of at most 32 bytes. @throws SolventError RLP_MALFORMED */
export function numberOf(item: RlpItem): bigint {
  const bytes = stringBytes(item);
  if (bytes.length > 32 || bytes[0] === 0) refuse('a number has leading zeros, or more than 32 bytes');
  return integerOf(bytes);
}

function itemAt(bytes: Uint8Array, at: number): RlpItem {
  const first = bytes[at];
  if (first === undefined) return refuse('it is cut off');
  if (first < 0x80) {
    const payload = bytes.subarray(at, at + 1);
    return { list: false, payload, encoded: payload };
  }
  const list = first >= 0xc0;
  const short = first - (list ? 0xc0 : 0x80);
  const lengthBytes = Math.max(0, short - 55);
  const length = lengthBytes === 0 ? short : longLength(bytes, at + 1, lengthBytes);
  const start = at + 1 + lengthBytes;
  if (start + length > bytes.length) refuse('it is cut off');
  const payload = bytes.subarray(start, start + length);
  if (!list && length === 1 && payload[0]! < 0x80) refuse('a single byte is not written as itself');
  return { list, payload, encoded: bytes.subarray(at, start + length) };
}

function longLength(bytes: Uint8Array, at: number, lengthBytes: number): number {
  const digits = bytes.subarray(at, at + lengthBytes);
  if (digits.length < lengthBytes) refuse('it is cut off');
  const length = integerOf(digits);
  if (digits[0] === 0 || length < 56n) refuse('a length is not in its shortest form');
  return length > BigInt(bytes.length) ? refuse('it is cut off') : Number(length);
}

function refuseDeep(item: RlpItem, depth: number): void {
  if (!item.list) return;
  if (depth === 0) refuse(`more than ${MOST_DEPTH} lists stand in one another`);
  for (const inner of listItems(item)) refuseDeep(inner, depth - 1);
}

function refuse(problem: string): never {
  return malformed('RLP_MALFORMED', `RLP cannot be read: ${problem}`);
}
