import { sha3_256 } from '@noble/hashes/sha3.js';
import { concat, equalBytes } from '@solvent-por/kzg';
import { bytesOf } from '../hex';
import { account, type Network } from './network';

/** 0x and all 64 digits: SHA3-256(key ‖ 00). The key can be changed. */
export const APTOS: Network = {
  name: 'aptos',
  family: 'other',
  read: (address) => {
    const bytes = bytesOf(address, 32);
    return bytes?.length === 32 ? account(address, 'key', bytes) : undefined;
  },
  ofEd25519: ({ payload }, key) => equalBytes(payload, sha3_256(concat(key, Uint8Array.of(0)))),
  rotated: true,
};
