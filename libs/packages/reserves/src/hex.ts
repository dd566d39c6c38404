import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

/** 0x and lower-case hex digits of any even number. */
const HEX = /^0x(?:[0-9a-f]{2})*$/;

/**
 * Bytes of 0x and lower-case hex digits; faster on long texts than the one of `kzg`, whose length is known.
 * @param most most bytes
 * @returns undefined where the text is anything else, or longer
 */
export function bytesOf(text: unknown, most: number): Uint8Array | undefined {
  if (typeof text !== 'string' || text.length > 2 + 2 * most || !HEX.test(text)) return undefined;
  return hexToBytes(text.slice(2));
}

export function hexOf(bytes: Uint8Array): string {
  return `0x${bytesToHex(bytes)}`;
}

/** Unsigned, big-endian; 0n of no bytes. */
export function integerOf(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${bytesToHex(bytes)}`);
}

/** Unsigned, big-endian, 32 bytes. @param value below 2^256 */
export function be32(value: bigint): Uint8Array {
  return hexToBytes(value.toString(16).padStart(64, '0'));
}
