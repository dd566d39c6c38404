import { hexToBytes } from '@noble/hashes/utils.js';
import { equalBytes } from '@solvent-por/kzg';
import { account, type Network } from './network';

const IMPLICIT = /^[0-9a-f]{64}$/;
const NAME = /^[a-z0-9._-]{2,64}$/;

/** 64 digits of the key; or a name, which no key makes. */
export const NEAR: Network = {
  name: 'near',
  family: 'other',
  read: (address) => {
    if (IMPLICIT.test(address)) return account(address, 'key', hexToBytes(address));
    return NAME.test(address) ? account(address, 'named') : undefined;
  },
  ofEd25519: ({ payload }, key) => equalBytes(payload, key),
  rotated: true,
};
