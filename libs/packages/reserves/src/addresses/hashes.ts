import { ripemd160 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { concat } from '@solvent-por/kzg';

/** RIPEMD160(SHA-256(bytes)): 20 bytes. */
export function hash160(bytes: Uint8Array): Uint8Array {
  return ripemd160(sha256(bytes));
}

/** SHA-256 twice: 32 bytes. */
export function sha256d(bytes: Uint8Array): Uint8Array {
  return sha256(sha256(bytes));
}

/** The 33-byte form of a secp256k1 key of 65 bytes. */
export function compressed(key: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(2 + (key[64]! & 1)), key.subarray(1, 33));
}

/** The last 20 bytes of keccak256(x ‖ y). @param key 65 bytes */
export function evmAccount(key: Uint8Array): Uint8Array {
  return keccak_256(key.subarray(1)).subarray(12);
}
