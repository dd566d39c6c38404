import { contradiction, malformedAnswer } from '../failure';
import type { NodeContext } from '../node';

/** Blocks on each other, the stated one counted, after which nobody expects it to go. */
const USUAL_DEPTH = 6;

/** What a node knows of its own block at the stated height. */
export interface UtxoBlock {
  /** Seconds since 1970. */
  readonly time: number;
  /** Of the next block; absent where there is none yet. */
  readonly nextTime?: number;
  /** How many blocks deep, itself counted; below 1: not in the main chain. */
  readonly deep: number;
}

/**
 * The rules of section 7 for networks of unspent outputs.
 * @param known the hash at the height (64 digits), undefined where the node has no such block; and how more is
 *   found out about it
 * @throws SolventError NODE_CONTRADICTS, NodeFailure NODE_BEHIND
 */
export async function confirmUtxoBlock(
  { configuration, block, requests }: NodeContext,
  takenAt: number,
  known: { readonly hash: string | undefined; readonly read: () => Promise<UtxoBlock> },
): Promise<void> {
  const { name, network, finality = USUAL_DEPTH } = configuration;
  const says = `the node ${name} of ${network} says`;
  const behind = (problem: string) => requests.failure('NODE_BEHIND', problem);
  if (known.hash === undefined) throw behind(`has no block ${block.height} yet`);
  if (`0x${known.hash}` !== block.block)
    contradiction(`${says} that block ${block.height} is 0x${known.hash}, not ${block.block}`);
  const { time, nextTime, deep } = await known.read();
  if (deep < 1) malformedAnswer(`${says} that the block at that height is not in its main chain: ask again`);
  if (time !== Date.parse(block.time) / 1000)
    contradiction(`${says} that block ${block.height} is of second ${time}, not of ${block.time}`);
  if (nextTime === undefined)
    throw behind(`has no block after ${block.height} yet: it may not be the last one`);
  if (nextTime <= takenAt)
    contradiction(`${says} that block ${block.height} is not the last one before the snapshot`);
  const wanted = typeof finality === 'number' ? finality : USUAL_DEPTH;
  if (deep < wanted)
    throw behind(`has block ${block.height} ${deep} deep, not ${wanted} yet: ask again later`);
}
