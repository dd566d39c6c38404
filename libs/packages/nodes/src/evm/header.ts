import { keccak_256 } from '@noble/hashes/sha3.js';
import { hexBytes, toHex } from '@solvent-por/kzg';
import { rlpList, rlpNumber, rlpString } from '@solvent-por/reserves';
import { hexData, quantity } from '../shapes';

const MOST_EXTRA_BYTES = 1024;
type Form = number | 'quantity' | 'extra';

/** The items of a header, as `eth_getBlockByHash` names them: so many bytes, or a number. */
const ITEMS: readonly (readonly [string, Form])[] = [
  ['parentHash', 32],
  ['sha3Uncles', 32],
  ['miner', 20],
  ['stateRoot', 32],
  ['transactionsRoot', 32],
  ['receiptsRoot', 32],
  ['logsBloom', 256],
  ['difficulty', 'quantity'],
  ['number', 'quantity'],
  ['gasLimit', 'quantity'],
  ['gasUsed', 'quantity'],
  ['timestamp', 'quantity'],
  ['extraData', 'extra'],
  ['mixHash', 32],
  ['nonce', 8],
];
/** Those that forks appended, in their order. */
const APPENDED: readonly (readonly [string, Form])[] = [
  ['baseFeePerGas', 'quantity'],
  ['withdrawalsRoot', 32],
  ['blobGasUsed', 'quantity'],
  ['excessBlobGas', 'quantity'],
  ['parentBeaconBlockRoot', 32],
  ['requestsHash', 32],
];

/**
 * The header of a block from the members that nodes give of it; no node must be believed, for it hashes to the
 * block or is none.
 *
 * @param hash 0x and 64 digits
 * @returns RLP as 0x and hex, or undefined where the members do not make up the block's header
 */
export function encodeHeader(block: Readonly<Record<string, unknown>>, hash: string): string | undefined {
  const present = APPENDED.filter(([name]) => block[name] !== undefined && block[name] !== null);
  try {
    const items = [...ITEMS, ...present].map(([name, form]) => encodeItem(block[name], form, name));
    const header = rlpList(items);
    return hashesTo(header, hash) ? toHex(header) : undefined;
  } catch {
    return undefined;
  }
}

export function hashesTo(header: Uint8Array, hash: string): boolean {
  return toHex(keccak_256(header)) === hash;
}

function encodeItem(value: unknown, form: Form, name: string): Uint8Array {
  if (form === 'quantity') return rlpNumber(quantity(value, name));
  const hex = hexData(value, name, form === 'extra' ? { most: MOST_EXTRA_BYTES } : form);
  return rlpString(hexBytes(hex, hex.length / 2 - 1));
}
