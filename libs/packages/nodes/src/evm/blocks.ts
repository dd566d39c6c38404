import type { NodeConfiguration } from '../configuration';
import type { Requests } from '../requests';
import { RpcError, type Rpc } from '../rpc';
import { objectOf, quantity } from '../shapes';

/** A block with the hashes of its transactions. */
export const MOST_BLOCK_BYTES = 1 << 22;

/** What a node gives of a block: its members, not yet looked at. */
export type GivenBlock = Readonly<Record<string, unknown>>;

/** @param which a height, or a tag such as `latest` @returns undefined where there is none */
export async function blockAt(rpc: Rpc, which: bigint | string): Promise<GivenBlock | undefined> {
  const tag = typeof which === 'bigint' ? `0x${which.toString(16)}` : which;
  const block = await rpc.call('eth_getBlockByNumber', [tag, false], { most: MOST_BLOCK_BYTES });
  return block === null ? undefined : objectOf(block, 'a block');
}

/**
 * Up to which height blocks are final.
 * @throws NodeFailure NODE_BEHIND: the node does not say
 */
export async function finalHeight(
  rpc: Rpc,
  requests: Requests,
  { finality = 'finalized' }: NodeConfiguration,
): Promise<bigint> {
  const byDepth = typeof finality === 'number';
  const newest = await blockAt(rpc, byDepth ? 'latest' : finality).catch((error) => {
    if (!(error instanceof RpcError)) throw error;
    return undefined;
  });
  if (!newest)
    throw requests.failure(
      'NODE_BEHIND',
      `does not say which block is ${finality}: give it a number of blocks as finality`,
    );
  return quantity(newest.number, 'a height') - (byDepth ? BigInt(finality) - 1n : 0n);
}
