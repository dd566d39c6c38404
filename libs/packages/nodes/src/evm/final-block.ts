import { SolventError } from '@solvent-por/kzg';
import type { NetworkBlock } from '@solvent-por/reserves';
import type { NodeConfiguration } from '../configuration';
import { contradiction } from '../failure';
import { Requests, type Fetch } from '../requests';
import { Rpc } from '../rpc';
import { hexData, objectOf, quantity } from '../shapes';
import { blockAt, finalHeight, MOST_BLOCK_BYTES, type GivenBlock } from './blocks';

/**
 * The newest final block of an EVM node that has a next one, for evidence that names none.
 * @throws SolventError NODE_KIND (kind usage), NODE_CONTRADICTS (another chain); NodeFailure
 */
export async function finalBlock(configuration: NodeConfiguration, send?: Fetch): Promise<NetworkBlock> {
  return withRpc(configuration, send, async (rpc, requests) => {
    const height = await finalHeight(rpc, requests, configuration);
    // Where blocks are final at once, the one before: it must be seen to have a next one.
    const [newest, next] = await Promise.all([blockAt(rpc, height), blockAt(rpc, height + 1n)]);
    const block = next ? newest : await blockAt(rpc, height - 1n);
    if (!block) throw requests.failure('NODE_BEHIND', `has no block ${height}`);
    return stated(configuration.network, block);
  });
}

/**
 * The final block of a hash in an EVM node's main chain.
 * @param hash 0x and 64 digits
 * @throws as `finalBlock`; NodeFailure NODE_BEHIND: it has no such block, or not in its main chain, or not yet
 *   final
 */
export async function finalBlockOf(
  configuration: NodeConfiguration,
  hash: string,
  send?: Fetch,
): Promise<NetworkBlock> {
  return withRpc(configuration, send, async (rpc, requests) => {
    const given = await rpc.call('eth_getBlockByHash', [hash, false], { most: MOST_BLOCK_BYTES });
    const found = given === null ? undefined : stated(configuration.network, objectOf(given, 'a block'));
    const own = found && (await blockAt(rpc, BigInt(found.height)));
    if (!found || !own || hexData(own.hash, 'a hash', 32) !== hash)
      throw requests.failure('NODE_BEHIND', `has no block ${hash} in its main chain`);
    if ((await finalHeight(rpc, requests, configuration)) < BigInt(found.height))
      throw requests.failure('NODE_BEHIND', `has block ${hash}, which is not final yet: ask again later`);
    return found;
  });
}

async function withRpc<T>(
  configuration: NodeConfiguration,
  send: Fetch = (url, init) => fetch(url, init),
  work: (rpc: Rpc, requests: Requests) => Promise<T>,
): Promise<T> {
  const { network, kind, name } = configuration;
  if (kind !== 'evm')
    throw new SolventError(
      'NODE_KIND',
      'usage',
      `a node of kind ${kind} is not asked about single evidence: name one of an eip155 network`,
    );
  const requests = new Requests(configuration, send);
  const rpc = new Rpc(requests, configuration.batch);
  try {
    const chain = quantity(await rpc.call('eth_chainId', []), 'a chain id');
    if (`eip155:${chain}` !== network)
      contradiction(
        `the node ${name} of ${network} says that it is of chain ${chain}: name a node of ${network}`,
      );
    return await work(rpc, requests);
  } finally {
    requests.close();
  }
}

function stated(network: string, block: GivenBlock): NetworkBlock {
  const seconds = quantity(block.timestamp, 'a time');
  return {
    ...{ network, height: quantity(block.number, 'a height').toString() },
    block: hexData(block.hash, 'a hash', 32),
    time: new Date(Number(seconds % 8_640_000_000_000n) * 1000).toISOString().replace('.000', ''),
  };
}
