import { sha256 } from '@noble/hashes/sha2.js';
import { base58, createBase58check } from '@scure/base';

const base58check = createBase58check(sha256);
/** Longer texts cost time that grows with the square, and are no address of any network here. */
const MOST_CHARACTERS = 128;

/** Bytes of a Base58 text in its one spelling, or undefined. */
export function decodeBase58(text: string): Uint8Array | undefined {
  return decoded(base58, text);
}

/** Bytes of a Base58Check text (double SHA-256) in its one spelling, without the checksum, or undefined. */
export function decodeBase58Check(text: string): Uint8Array | undefined {
  return decoded(base58check, text);
}

export function encodeBase58Check(bytes: Uint8Array): string {
  return base58check.encode(bytes);
}

/** What follows a version of one or more bytes, if the text has it and `length` bytes after it. */
export function afterVersion(
  bytes: Uint8Array,
  version: readonly number[],
  length: number,
): Uint8Array | undefined {
  if (bytes.length !== version.length + length) return undefined;
  return version.every((byte, i) => bytes[i] === byte) ? bytes.subarray(version.length) : undefined;
}

/** A decoder that throws becomes one that says undefined; encoding again must give the same text. */
export function decoded(
  coder: { readonly decode: (text: string) => Uint8Array; readonly encode: (bytes: Uint8Array) => string },
  text: string,
): Uint8Array | undefined {
  if (text.length > MOST_CHARACTERS) return undefined;
  try {
    const bytes = coder.decode(text);
    return coder.encode(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}
