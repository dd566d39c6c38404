import { malformedAnswer } from '../failure';
import type { NodeContext } from '../node';
import { RpcError, type Rpc } from '../rpc';
import { bareHash, objectOf, wholeNumber } from '../shapes';
import { confirmUtxoBlock } from './confirm';

/** A block of the main chain by the JSON-RPC that Bitcoin Core and btcd have in common. */
export async function confirmByRpc(rpc: Rpc, context: NodeContext, takenAt: number): Promise<void> {
  const hash = await hashAt(rpc, Number(context.block.height));
  await confirmUtxoBlock(context, takenAt, {
    hash,
    read: async () => {
      const own = await header(rpc, hash!);
      const next = own.nextblockhash === undefined ? undefined : await header(rpc, own.nextblockhash);
      if (next && next.previousblockhash !== hash)
        malformedAnswer('the node gives two blocks that do not follow each other');
      return {
        time: wholeNumber(own.time, 'a time'),
        ...(next && { nextTime: wholeNumber(next.time, 'a time') }),
        // −1: it is not in the main chain any more.
        deep: wholeNumber(own.confirmations, 'a number of confirmations'),
      };
    },
  });
}

async function header(rpc: Rpc, hash: unknown): Promise<Readonly<Record<string, unknown>>> {
  return objectOf(await rpc.call('getblockheader', [bareHash(hash, 'a hash'), true]), 'a header');
}

/** Undefined above the tip. */
async function hashAt(rpc: Rpc, height: number): Promise<string | undefined> {
  try {
    return bareHash(await rpc.call('getblockhash', [height]), 'a hash');
  } catch (error) {
    if (error instanceof RpcError && OUT_OF_RANGE.has(error.rpcCode)) return undefined;
    throw error;
  }
}

/** Bitcoin Core's invalid parameter, and btcd's own. */
const OUT_OF_RANGE = new Set([-8, -1]);

/** The 80 bytes of the block's header. */
export async function rawHeader(rpc: Rpc, { block }: NodeContext['block']): Promise<string> {
  const raw = await rpc.call('getblockheader', [block.slice(2), false]);
  if (typeof raw !== 'string' || !/^[0-9a-f]{160}$/.test(raw))
    return malformedAnswer('the node gives something else than a header of 80 bytes');
  return `0x${raw}`;
}
