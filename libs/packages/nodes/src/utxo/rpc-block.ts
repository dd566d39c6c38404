import { hexBytes, toHex } from '@solvent-por/kzg';
import { malformedAnswer } from '../failure';
import type { NodeContext } from '../node';
import { RpcError, type Rpc } from '../rpc';
import { bareHash, listOf, objectOf, wholeNumber } from '../shapes';
import { confirmUtxoBlock } from './confirm';

/** Blocks that were set aside and are walked back through, one by one: some months of them. */
const MOST_SET_ASIDE = 30_000;
const MOST_TIPS = 10_000;
const NO_SUCH_METHOD = -32601;

/** A block of the main chain by the JSON-RPC that Bitcoin Core and btcd have in common. */
export async function confirmByRpc(rpc: Rpc, context: NodeContext, takenAt: number): Promise<void> {
  const height = Number(context.block.height);
  const hash = await hashAt(rpc, height);
  await confirmUtxoBlock(context, takenAt, {
    hash,
    read: async () => {
      const own = await header(rpc, hash!);
      // −1: it is not in the main chain any more.
      const deep = wholeNumber(own.confirmations, 'a number of confirmations');
      const after =
        own.nextblockhash === undefined
          ? await setAside(rpc, hash!, height)
          : { next: await header(rpc, own.nextblockhash), deep };
      if (after && after.next.previousblockhash !== hash)
        malformedAnswer('the node gives two blocks that do not follow each other');
      return {
        time: wholeNumber(own.time, 'a time'),
        ...(after && { nextTime: wholeNumber(after.next.time, 'a time') }),
        deep: deep < 1 ? deep : (after?.deep ?? deep),
      };
    },
  });
}

/**
 * The block after the node's tip, where whoever runs it set aside all that follow (`invalidateblock`), for
 * outputs can be scanned at the tip alone.
 *
 * @returns its header, and how deep it and those on it make the tip; undefined where nothing was set aside
 */
async function setAside(
  rpc: Rpc,
  hash: string,
  height: number,
): Promise<{ readonly next: Readonly<Record<string, unknown>>; readonly deep: number } | undefined> {
  const longest = (await chainTips(rpc))
    .filter(({ status }) => status === 'invalid')
    .map((tip) => ({
      hash: bareHash(tip.hash, 'a hash'),
      height: wholeNumber(tip.height, 'a height'),
      length: wholeNumber(tip.branchlen, 'the length of a branch', MOST_SET_ASIDE),
    }))
    .filter((tip) => tip.length > 0 && tip.height - tip.length === height)
    .sort((a, b) => b.length - a.length)[0];
  if (!longest) return undefined;
  let next = await anyHeader(rpc, longest.hash);
  for (let left = longest.length - 1; left > 0; left--) next = await anyHeader(rpc, next.previousblockhash);
  return next.previousblockhash === hash ? { next, deep: longest.length + 1 } : undefined;
}

async function chainTips(rpc: Rpc): Promise<readonly Readonly<Record<string, unknown>>[]> {
  try {
    const tips = listOf(await rpc.call('getchaintips', []), 'tips of chains', MOST_TIPS);
    return tips.map((tip) => objectOf(tip, 'a tip'));
  } catch (error) {
    if (error instanceof RpcError && error.rpcCode === NO_SUCH_METHOD) return [];
    throw error;
  }
}

async function header(rpc: Rpc, hash: unknown): Promise<Readonly<Record<string, unknown>>> {
  return objectOf(await rpc.call('getblockheader', [bareHash(hash, 'a hash'), true]), 'a header');
}

/** Of a block beside the main chain, too: of those btcd gives the 80 bytes alone. */
async function anyHeader(rpc: Rpc, hash: unknown): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await header(rpc, hash);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    const bytes = hexBytes(await rawHeader(rpc, `0x${bareHash(hash, 'a hash')}`), HEADER_BYTES);
    return {
      previousblockhash: toHex(bytes.slice(4, 36).reverse()).slice(2),
      time: String(new DataView(bytes.buffer).getUint32(68, true)),
    };
  }
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

/** The 80 bytes of a block's header. @param block 0x and 64 digits */
export async function rawHeader(rpc: Rpc, block: string): Promise<string> {
  const raw = await rpc.call('getblockheader', [block.slice(2), false]);
  if (typeof raw !== 'string' || !/^[0-9a-f]{160}$/.test(raw))
    return malformedAnswer('the node gives something else than a header of 80 bytes');
  return `0x${raw}`;
}

const HEADER_BYTES = 80;
