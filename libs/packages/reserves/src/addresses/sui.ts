import { blake2b } from '@noble/hashes/blake2.js';
import { concat, equalBytes } from '@solvent-por/kzg';
import { bytesOf } from '../hex';
import { account, type Network } from './network';

/** 0x and 64 digits: BLAKE2b-256(00 ‖ key). */
export const SUI: Network = {
  name: 'sui',
  family: 'other',
  read: (address) => {
    const bytes = bytesOf(address, 32);
    return bytes?.length === 32 ? account(address, 'key', bytes) : undefined;
  },
  ofEd25519: ({ payload }, key) => equalBytes(payload, blake2b(concat(Uint8Array.of(0), key), { dkLen: 32 })),
};
