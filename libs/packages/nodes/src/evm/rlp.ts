import { concat, hexBytes } from '@solvent-por/kzg';

/** A string of bytes. */
export function rlpString(bytes: Uint8Array): Uint8Array {
  return bytes.length === 1 && bytes[0]! < 0x80 ? bytes : concat(lengthOf(bytes.length, 0x80), bytes);
}

/** Bytes given as 0x and hex. */
export function rlpHex(hex: string): Uint8Array {
  return rlpString(hexBytes(hex, hex.length / 2 - 1));
}

/** A number, big-endian without leading zeros. */
export function rlpNumber(value: bigint): Uint8Array {
  return rlpHex(value === 0n ? '0x' : `0x${evenHex(value)}`);
}

export function rlpList(items: readonly Uint8Array[]): Uint8Array {
  const payload = concat(...items);
  return concat(lengthOf(payload.length, 0xc0), payload);
}

function lengthOf(length: number, base: number): Uint8Array {
  if (length < 56) return Uint8Array.of(base + length);
  const digits = evenHex(BigInt(length));
  return concat(Uint8Array.of(base + 55 + digits.length / 2), hexBytes(`0x${digits}`, digits.length / 2));
}

function evenHex(value: bigint): string {
  const hex = value.toString(16);
  return hex.padStart(hex.length + (hex.length % 2), '0');
}
