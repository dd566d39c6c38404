import { keccak_256 } from '@noble/hashes/sha3.js';
import { equalBytes } from '@solvent-por/kzg';
import { sha256d } from '../addresses/hashes';
import { malformed, untrue } from '../failure';
import { hexOf, integerOf } from '../hex';
import { listItems, numberOf, readRlp, stringBytes } from './rlp';

export const MOST_EVM_HEADER_BYTES = 4096;
export const BITCOIN_HEADER_BYTES = 80;
/** 70·10^12 difficulty: half of that of 2025. A header with less work was made for the purpose. */
const MOST_TARGET = 1n << 178n;

/** What a header says that hashes to its block. */
export interface EvmHeader {
  /** 32 bytes */
  readonly stateRoot: Uint8Array;
  readonly number: bigint;
  /** Seconds since 1970. */
  readonly timestamp: bigint;
}

/**
 * The header of an EVM block: an RLP list whose keccak256 is the block; other chains append items.
 * @param block 32 bytes
 * @throws SolventError BLOCK_HEADER_MALFORMED | RLP_MALFORMED (kind malformed), BLOCK_HEADER_UNTRUE (kind
 *   invalid): it hashes to another block
 */
export function readEvmHeader(header: Uint8Array, block: Uint8Array): EvmHeader {
  if (header.length > MOST_EVM_HEADER_BYTES) refuse(`a header has at most ${MOST_EVM_HEADER_BYTES} bytes`);
  if (!equalBytes(keccak_256(header), block)) falsify(`the header does not hash to ${hexOf(block)}`);
  const items = listItems(readRlp(header));
  if (items.length < 15) refuse('it has fewer than 15 items');
  const stateRoot = stringBytes(items[3]!);
  if (stateRoot.length !== 32) refuse('its state root has not 32 bytes');
  return { stateRoot, number: numberOf(items[8]!), timestamp: numberOf(items[11]!) };
}

/**
 * The header of a Bitcoin block: it hashes to the block, and shows the work of today's blocks. Neither that
 * the block is in the chain nor its height.
 *
 * @param block 32 bytes as explorers print them
 * @returns seconds since 1970
 * @throws SolventError BLOCK_HEADER_MALFORMED (not 80 bytes), BLOCK_HEADER_UNTRUE
 */
export function readBitcoinHeader(header: Uint8Array, block: Uint8Array): number {
  if (header.length !== BITCOIN_HEADER_BYTES) refuse(`a header has ${BITCOIN_HEADER_BYTES} bytes`);
  const hash = sha256d(header).reverse();
  if (!equalBytes(hash, block)) falsify(`the header does not hash to ${hexOf(block)}`);
  const view = new DataView(header.buffer, header.byteOffset);
  const bits = view.getUint32(72, true);
  const [mantissa, exponent] = [bits & 0xffffff, bits >>> 24];
  if (mantissa < 1 || mantissa >= 1 << 23 || exponent < 3) falsify('the header has no target');
  const target = BigInt(mantissa) << BigInt(8 * (exponent - 3));
  if (target >= MOST_TARGET) falsify('the header shows less work than half of that of a block of 2025');
  if (integerOf(hash) > target) falsify('the header shows less work than its own target asks for');
  return view.getUint32(68, true);
}

function refuse(problem: string): never {
  return malformed('BLOCK_HEADER_MALFORMED', `the header of a block cannot be read: ${problem}`);
}

function falsify(problem: string): never {
  return untrue('BLOCK_HEADER_UNTRUE', problem);
}
