import { sha512_256 } from '@noble/hashes/sha2.js';
import { base32nopad } from '@scure/base';
import { equalBytes } from '@solvent-por/kzg';
import { decoded } from './base58';
import { account, type Network } from './network';

/** Base32 of the key and the last four bytes of its SHA-512/256. */
export const ALGORAND: Network = {
  name: 'algorand',
  family: 'other',
  read: (address) => {
    const bytes = decoded(base32nopad, address);
    if (bytes?.length !== 36) return undefined;
    const key = bytes.subarray(0, 32);
    return equalBytes(sha512_256(key).subarray(28), bytes.subarray(32))
      ? account(address, 'key', key)
      : undefined;
  },
  ofEd25519: ({ payload }, key) => equalBytes(payload, key),
  rotated: true,
};
