import { concat, hexBytes } from '@solvent-por/kzg';

/* RLP (Ethereum's yellow paper, appendix B) of what is hashed: each returns the encoded item. */

/** A string of bytes. */
export function rlpString(bytes: Uint8Array): Uint8Array {
  return bytes.length === 1 && bytes[0]! < 0x80 ? bytes : concat(lengthOf(bytes.length, 0x80), bytes);
}

/** A number, big-endian without leading zeros. */
export function rlpNumber(value: bigint): Uint8Array {
  return rlpString(value === 0n ? new Uint8Array(0) : bigEndian(value));
}

/** A list of items that are encoded already. */
export function rlpList(items: readonly Uint8Array[]): Uint8Array {
  const payload = concat(...items);
  return concat(lengthOf(payload.length, 0xc0), payload);
}

function lengthOf(length: number, base: number): Uint8Array {
  if (length < 56) return Uint8Array.of(base + length);
  const digits = bigEndian(BigInt(length));
  return concat(Uint8Array.of(base + 55 + digits.length), digits);
}

function bigEndian(value: bigint): Uint8Array {
  const hex = value.toString(16);
  const even = hex.padStart(hex.length + (hex.length % 2), '0');
  return hexBytes(`0x${even}`, even.length / 2);
}
