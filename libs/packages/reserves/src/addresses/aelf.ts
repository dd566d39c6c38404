import { equalBytes } from '@solvent-por/kzg';
import { decodeBase58Check } from './base58';
import { sha256d } from './hashes';
import { account, type Network } from './network';

/** Base58Check, without a version, of SHA-256 twice over the 65-byte key. */
export const AELF: Network = {
  name: 'aelf',
  family: 'other',
  read: (address) => {
    const payload = decodeBase58Check(address);
    return payload?.length === 32 ? account(address, 'key', payload) : undefined;
  },
  ofSecp256k1: ({ payload }, key) => equalBytes(payload, sha256d(key)),
};
