import { equalBytes } from '@solvent-por/kzg';
import { decodeBech32 } from './bech32';
import { compressed, evmAccount, hash160 } from './hashes';
import { account, type Network } from './network';

const PREFIXES = {
  cosmoshub: 'cosmos',
  celestia: 'celestia',
  dydx: 'dydx',
  cronos: 'cro',
  dora: 'dora',
  terra: 'terra',
  'terra-classic': 'terra',
  injective: 'inj',
};

/** Bech32 of a key's hash; accounts of modules and contracts have 32 bytes. Injective hashes as Ethereum does. */
export const COSMOS_NETWORKS: readonly Network[] = Object.entries(PREFIXES).map(([name, prefix]) => ({
  name,
  family: 'other',
  read: (address) => {
    const payload = decodeBech32(address, prefix);
    if (payload?.length === 20) return account(address, 'key', payload);
    return payload?.length === 32 ? account(address, 'unsupported', payload) : undefined;
  },
  ofSecp256k1: ({ payload }, key) =>
    equalBytes(payload, name === 'injective' ? evmAccount(key) : hash160(compressed(key))),
}));
