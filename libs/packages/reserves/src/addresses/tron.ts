import { equalBytes } from '@solvent-por/kzg';
import { afterVersion, decodeBase58Check } from './base58';
import { evmAccount } from './hashes';
import { account, type Network } from './network';

const VERSION = 0x41;

/** Base58Check of 41 and the 20 bytes of an EVM address. */
export const TRON: Network = {
  name: 'tron',
  family: 'tron',
  read: (address) => {
    const bytes = decodeBase58Check(address);
    const payload = bytes && afterVersion(bytes, [VERSION], 20);
    return payload && account(address, 'key', payload);
  },
  ofSecp256k1: ({ payload }, key) => equalBytes(payload, evmAccount(key)),
};
