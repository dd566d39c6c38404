import { malformed } from '../failure';
import { ONE_NAME } from '../known/ledgers';
import { NOT_JUDGED } from '../known/not-judged';
import { AELF } from './aelf';
import { ALGORAND } from './algorand';
import { APTOS } from './aptos';
import { BEACON } from './beacon';
import { CARDANO } from './cardano';
import { CONFLUX } from './conflux';
import { COSMOS_NETWORKS } from './cosmos';
import { evmNetwork } from './evm';
import { FILECOIN } from './filecoin';
import { NEAR } from './near';
import { account, type Account, type Network } from './network';
import { SOLANA } from './solana';
import { STELLAR_NETWORKS } from './stellar';
import { SUBSTRATE_NETWORKS } from './substrate';
import { SUI } from './sui';
import { TON } from './ton';
import { TRON } from './tron';
import { UTXO_NETWORKS } from './utxo';

const NETWORKS = new Map<string, Network>(
  [
    ...UTXO_NETWORKS,
    ...COSMOS_NETWORKS,
    ...SUBSTRATE_NETWORKS,
    ...STELLAR_NETWORKS,
    ...[TRON, FILECOIN, CONFLUX, AELF, SOLANA, APTOS, SUI, TON, CARDANO, NEAR, ALGORAND, BEACON],
    ...NOT_JUDGED.map(notJudged),
  ].map((network) => [network.name, network]),
);

/**
 * The network of a name: one of section 6, or `eip155:<chain id>` of a ledger that has no other name.
 * @throws SolventError NETWORK_UNKNOWN (kind malformed)
 */
export function networkOf(name: unknown): Network {
  const network = typeof name === 'string' ? (NETWORKS.get(name) ?? evmNetwork(name)) : undefined;
  if (network === undefined) {
    const shown = typeof name === 'string' ? JSON.stringify(name.slice(0, 40)) : 'of another type';
    return malformed(
      'NETWORK_UNKNOWN',
      `there is no network ${shown} in the reserves specification: a ledger has one name, such as bitcoin or eip155:1`,
    );
  }
  const other = Object.hasOwn(ONE_NAME, network.name) ? ONE_NAME[network.name] : undefined;
  if (other !== undefined)
    malformed('NETWORK_UNKNOWN', `the network ${network.name} is ${other}: use that name, the only one`);
  return network;
}

/**
 * The account that an address stands for.
 * @throws SolventError ADDRESS_MALFORMED (kind malformed)
 */
export function readAddress(network: Network, address: unknown): Account {
  const read = typeof address === 'string' ? network.read(address) : undefined;
  if (read) return read;
  const shown = typeof address === 'string' ? JSON.stringify(address.slice(0, 128)) : 'of another type';
  return malformed(
    'ADDRESS_MALFORMED',
    `${shown} is not an address of ${network.name} in its one spelling: check prefix, checksum and capital letters`,
  );
}

/** Form alone: 1 to 128 printable ASCII characters without space. */
function notJudged(name: string): Network {
  return {
    name,
    family: 'not judged',
    read: (address) => (/^[!-~]{1,128}$/.test(address) ? account(address, 'unsupported') : undefined),
  };
}
