import { SolventError } from './errors';

/** Concatenation. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Lower-case hex with 0x. */
export function toHex(bytes: Uint8Array): string {
  let hex = '0x';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex;
}

/** Bytes of lower-case 0x hex of exactly `length` bytes, or undefined when the text is anything else. */
export function fromHex(text: unknown, length: number): Uint8Array | undefined {
  if (typeof text !== 'string' || text.length !== 2 + 2 * length || !/^0x[0-9a-f]*$/.test(text))
    return undefined;
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = parseInt(text.slice(2 + 2 * i, 4 + 2 * i), 16);
  return bytes;
}

/**
 * Bytes of hex that was parsed before, such as a member of a manifest. A text that is no such hex all the
 * same ends here: as `undefined` it would be taken further on for "nothing was given".
 * @throws SolventError HEX_MALFORMED (kind malformed)
 */
export function hexBytes(text: unknown, length: number): Uint8Array {
  const bytes = fromHex(text, length);
  if (bytes) return bytes;
  throw new SolventError(
    'HEX_MALFORMED',
    'malformed',
    `expected ${length} bytes as 0x and ${2 * length} lower-case hex digits: parse what comes from outside before it is used`,
  );
}

/** UTF-8. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Unsigned 32-bit, big-endian. */
export function u32be(x: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, x);
  return bytes;
}

/** Equality whose time does not depend on where the bytes differ. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}
