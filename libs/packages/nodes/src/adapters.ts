import { EVM } from './evm/evm';
import type { NodeAdapter } from './node';
import { BITCOIN_CORE } from './utxo/bitcoin-core';
import { BTCD } from './utxo/btcd';
import { ESPLORA } from './utxo/esplora';

/** Nodes that are asked here, by kind. */
export const ADAPTERS: Readonly<Record<string, NodeAdapter>> = {
  evm: EVM,
  'bitcoin-core': BITCOIN_CORE,
  esplora: ESPLORA,
  btcd: BTCD,
};
