import { blake2b } from '@noble/hashes/blake2.js';
import { concat, equalBytes, utf8 } from '@solvent-por/kzg';
import { decodeBase58 } from './base58';
import { account, type Network } from './network';

/** Registered SS58 prefixes. */
const PREFIXES = {
  polkadot: 0,
  'polkadot-asset-hub': 0,
  kusama: 2,
  'kusama-asset-hub': 2,
  shiden: 5,
  karura: 8,
  phala: 30,
  centrifuge: 36,
  clover: 42,
  avail: 42,
  efinity: 1110,
  enjin: 2135,
};

/** SS58 of the key with the network's own prefix and a checksum of two bytes. */
export const SUBSTRATE_NETWORKS: readonly Network[] = Object.entries(PREFIXES).map(([name, number]) => {
  const prefix = prefixBytes(number);
  return {
    name,
    family: 'other',
    read: (address) => {
      const bytes = decodeBase58(address);
      if (bytes?.length !== prefix.length + 34 || !prefix.every((byte, i) => bytes[i] === byte))
        return undefined;
      const hash = blake2b(concat(utf8('SS58PRE'), bytes.subarray(0, -2)), { dkLen: 64 });
      if (!equalBytes(hash.subarray(0, 2), bytes.subarray(-2))) return undefined;
      return account(address, 'key', bytes.subarray(prefix.length, -2));
    },
    ofEd25519: ({ payload }, key) => equalBytes(payload, key),
  };
});

/** Below 64 one byte; above, 14 bits over two. */
function prefixBytes(prefix: number): Uint8Array {
  if (prefix < 64) return Uint8Array.of(prefix);
  return Uint8Array.of(((prefix & 0xfc) >> 2) | 0x40, (prefix >> 8) | ((prefix & 3) << 6));
}
