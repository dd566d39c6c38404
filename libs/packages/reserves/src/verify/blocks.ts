import { SolventError, hexBytes } from '@solvent-por/kzg';
import { networkOf } from '../addresses/networks';
import type { NetworkBlock, Reserves } from '../documents/reserves';
import { untrue } from '../failure';
import { bytesOf } from '../hex';
import { readBitcoinHeader, readEvmHeader, MOST_EVM_HEADER_BYTES } from '../proofs/block-header';

const BEACON_GENESIS = 1_606_824_023;
const SLOT_SECONDS = 12;
const MOST_SECONDS_BEFORE = 600;
const MOST_SECONDS_BEFORE_SLOW = 7200;

/** Blocks by hash from elsewhere: network to 0x and 64 digits. */
export type BlockHashes = Readonly<Record<string, string>>;

/** Nodes that confirmed a network's block: network to the node's name. */
export type ConfirmingNodes = Readonly<Record<string, string>>;

/** A network's block with what its header shows. */
export interface CheckedBlock {
  readonly block: NetworkBlock;
  readonly confirmed: boolean;
  /** Of an eip155 network with `header`. */
  readonly stateRoot?: Uint8Array;
}

/**
 * Judges the blocks of a publication: times, headers, and which are confirmed (section 7): by a node, or by a
 * hash from elsewhere where a header ties the time to it.
 *
 * @throws SolventError BLOCK_UNTRUE, BLOCK_HEADER_UNTRUE (kind invalid), BLOCK_HEADER_MALFORMED, RLP_MALFORMED
 *   (kind malformed), BLOCK_UNLISTED (kind usage): a hash of a network that the publication doesn't list
 */
export function checkBlocks(
  reserves: Reserves,
  hashes: BlockHashes = {},
  nodes: ConfirmingNodes = {},
): ReadonlyMap<string, CheckedBlock> {
  const listed = new Map(reserves.networks.map((block) => [block.network, block]));
  for (const network of [...Object.keys(hashes), ...Object.keys(nodes)])
    if (!listed.has(network))
      throw new SolventError(
        'BLOCK_UNLISTED',
        'usage',
        `the publication lists no network ${network}: leave its block out; it has ${[...listed.keys()].join(', ')}`,
      );
  const checked = new Map(
    reserves.networks.map((block): [string, CheckedBlock] => {
      checkTime(block, reserves.takenAt);
      const stateRoot = checkHeader(block);
      return [
        block.network,
        { block, ...confirmation(block, hashes, nodes), ...(stateRoot && { stateRoot }) },
      ];
    }),
  );
  checkBeacon(listed);
  return checked;
}

function confirmation(
  { network, block, header }: NetworkBlock,
  hashes: BlockHashes,
  nodes: ConfirmingNodes,
): { readonly confirmed: boolean } {
  const hash = Object.hasOwn(hashes, network) ? hashes[network] : undefined;
  if (hash !== undefined && hash !== block)
    refuse(`the block of ${network} is ${block} in the publication, and ${hash} by the hash that was given`);
  const byHash = hash !== undefined && header !== undefined;
  return { confirmed: byHash || Object.hasOwn(nodes, network) };
}

function checkTime({ network, time }: NetworkBlock, takenAt: string): void {
  const before = (Date.parse(takenAt) - Date.parse(time)) / 1000;
  const { family } = networkOf(network);
  const most = family === 'utxo' || family === 'not judged' ? MOST_SECONDS_BEFORE_SLOW : MOST_SECONDS_BEFORE;
  if (before < 0) refuse(`the block of ${network} is of ${time}, after the snapshot's ${takenAt}`);
  if (before > most)
    refuse(
      `the block of ${network} is of ${time}, ${before} s before the snapshot: at most ${most} are allowed`,
    );
}

/** @returns the state root of an EVM header */
function checkHeader({ network, block, header, height, time }: NetworkBlock): Uint8Array | undefined {
  if (header === undefined) return undefined;
  const bytes = bytesOf(header, MOST_EVM_HEADER_BYTES)!;
  const seconds = Date.parse(time) / 1000;
  if (network === 'bitcoin') {
    if (readBitcoinHeader(bytes, hexBytes(block, 32)) !== seconds)
      refuse('bitcoin’s header is of another time');
    return undefined;
  }
  const { number, timestamp, stateRoot } = readEvmHeader(bytes, hexBytes(block, 32));
  if (number !== BigInt(height)) refuse(`the header of ${network} is of height ${number}, not ${height}`);
  if (timestamp !== BigInt(seconds)) refuse(`the header of ${network} is of another time than ${time}`);
  return stateRoot;
}

/** A slot's time is its number's; and both layers of Ethereum stand at the same one. */
function checkBeacon(listed: ReadonlyMap<string, NetworkBlock>): void {
  const [beacon, execution] = [listed.get('beacon'), listed.get('eip155:1')];
  if (!beacon) return;
  const slot = BigInt(Date.parse(beacon.time) / 1000 - BEACON_GENESIS);
  if (slot !== BigInt(SLOT_SECONDS) * BigInt(beacon.height))
    refuse(`slot ${beacon.height} of beacon is not of ${beacon.time}`);
  if (execution && execution.time !== beacon.time)
    refuse('the blocks of beacon and eip155:1 must be of the same time');
}

/** Seconds between the first and the last block. */
export function spanOf({ networks }: Reserves): number {
  const times = networks.map(({ time }) => Date.parse(time) / 1000);
  return Math.max(...times) - Math.min(...times);
}

function refuse(problem: string): never {
  return untrue('BLOCK_UNTRUE', problem);
}
