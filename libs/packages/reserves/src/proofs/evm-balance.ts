import { keccak_256 } from '@noble/hashes/sha3.js';
import { concat } from '@solvent-por/kzg';
import { malformed } from '../failure';
import { be32, bytesOf, hexOf } from '../hex';
import { MOST_NODES, provedValue } from './merkle-patricia';
import { listItems, numberOf, readRlp, stringBytes } from './rlp';

/** Longest node: a branch of 16 hashes has 532 bytes; a leaf holds an account, or a number. */
const MOST_NODE_BYTES = 4096;
const NO_CODE = hexOf(keccak_256(new Uint8Array(0)));
const EMPTY_TRIE = keccak_256(Uint8Array.of(0x80));

/** An account of the state; absent ones have nothing of anything. */
export interface EvmAccount {
  readonly exists: boolean;
  readonly balance: bigint;
  /** 32 bytes */
  readonly storageRoot: Uint8Array;
  /** Hash of its code: 0x and 64 digits. */
  readonly code: string;
  readonly hasCode: boolean;
}

/** Where a token keeps its balances. */
export interface SlotRule {
  readonly slot: bigint;
  /** 1…256 */
  readonly bits: number;
}

/** 1 to 64 nodes as 0x and hex. @throws SolventError STATE_PROOF_MALFORMED */
export function proofNodes(value: unknown, name: string): readonly Uint8Array[] {
  if (!Array.isArray(value) || value.length < 1 || value.length > MOST_NODES)
    return malformed('STATE_PROOF_MALFORMED', `${name} must be a list of 1 to ${MOST_NODES} nodes`);
  return value.map(
    (node) =>
      bytesOf(node, MOST_NODE_BYTES) ??
      malformed('STATE_PROOF_MALFORMED', `${name} must be nodes as 0x and lower-case hex`),
  );
}

/**
 * The account of an address under a state root.
 * @param address 20 bytes
 * @throws SolventError of `provedValue`
 */
export function provedAccount(
  stateRoot: Uint8Array,
  address: Uint8Array,
  nodes: readonly Uint8Array[],
): EvmAccount {
  const value = provedValue(stateRoot, keccak_256(address), nodes);
  if (!value) return { exists: false, balance: 0n, storageRoot: EMPTY_TRIE, code: NO_CODE, hasCode: false };
  const items = listItems(readRlp(value));
  if (items.length !== 4) return malformed('STATE_PROOF_MALFORMED', 'an account has four members');
  const [storageRoot, code] = [stringBytes(items[2]!), stringBytes(items[3]!)];
  numberOf(items[0]!);
  if (storageRoot.length !== 32 || code.length !== 32)
    return malformed('STATE_PROOF_MALFORMED', 'the hashes of an account have 32 bytes');
  const codeHash = hexOf(code);
  return {
    exists: true,
    balance: numberOf(items[1]!),
    storageRoot,
    code: codeHash,
    hasCode: codeHash !== NO_CODE,
  };
}

/**
 * What a token's contract holds for an address: a Solidity mapping's value.
 * @param address 20 bytes
 * @throws SolventError of `provedValue`
 */
export function provedTokenBalance(
  storageRoot: Uint8Array,
  address: Uint8Array,
  { slot, bits }: SlotRule,
  nodes: readonly Uint8Array[],
): { readonly amount: bigint; readonly frozen: boolean } {
  const key = keccak_256(concat(new Uint8Array(12), address, be32(slot)));
  const value = provedValue(storageRoot, keccak_256(key), nodes);
  const number = value ? numberOf(readRlp(value)) : 0n;
  const amount = number & ((1n << BigInt(bits)) - 1n);
  return { amount, frozen: amount !== number };
}
