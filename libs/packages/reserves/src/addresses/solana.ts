import { equalBytes } from '@solvent-por/kzg';
import { decodeBase58 } from './base58';
import { account, type Network } from './network';

/** Base58 of the key itself. */
export const SOLANA: Network = {
  name: 'solana',
  family: 'other',
  read: (address) => {
    const key = decodeBase58(address);
    return key?.length === 32 ? account(address, 'key', key) : undefined;
  },
  ofEd25519: ({ payload }, key) => equalBytes(payload, key),
};
