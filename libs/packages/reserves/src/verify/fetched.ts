import { hexBytes } from '@solvent-por/kzg';
import type { NetworkBlock } from '../documents/reserves';
import { untrue } from '../failure';
import { bytesOf } from '../hex';
import type { KnownCoin } from '../known/known-coin';
import { MOST_EVM_HEADER_BYTES, readEvmHeader } from '../proofs/block-header';
import { proofNodes, provedAccount, provedTokenBalance } from '../proofs/evm-balance';
import type { NodeAnswer } from './line-judge';
import { tokenRule } from './token-rule';

/** What a node gave for `eth_getProof` at the stated block, which it confirmed. */
export interface FetchedProof {
  /** RLP of the block's header. */
  readonly header: string;
  /** Nodes of the account, or of the token's slot. */
  readonly balance: readonly string[];
  /** Of a token: nodes of its contract's account. */
  readonly token?: { readonly address: string; readonly storage: readonly string[] };
}

/**
 * A balance that a node was asked for together with its proof: what it shows is no word of the node's, and is
 * worth as much as evidence in the publication.
 *
 * @param block as the publication has it: the header must hash to it
 * @param address 0x and 40 digits
 * @param coin what the verifier knows of the token
 * @returns undefined for a token without a rule: its slot would be anybody's word
 * @throws SolventError BLOCK_HEADER_*, STATE_PROOF_*, RLP_MALFORMED: the node gave something else
 */
export function fetchedBalance(
  block: NetworkBlock,
  address: string,
  { header, balance, token }: FetchedProof,
  coin?: KnownCoin,
): Pick<NodeAnswer, 'amount' | 'proof'> | undefined {
  const bytes = bytesOf(header, MOST_EVM_HEADER_BYTES);
  if (!bytes) return untrue('BLOCK_HEADER_UNTRUE', 'the node gave no header of a block');
  const { stateRoot, number, timestamp } = readEvmHeader(bytes, hexBytes(block.block, 32));
  if (number !== BigInt(block.height) || timestamp !== BigInt(Date.parse(block.time) / 1000))
    return untrue('BLOCK_HEADER_UNTRUE', 'the header that the node gave is of another height or time');
  const nodes = proofNodes(balance, 'the proof of the node');
  const owner = hexBytes(address, 20);
  if (token === undefined) {
    const account = provedAccount(stateRoot, owner, nodes);
    return { amount: account.balance, proof: { frozen: false, code: account.hasCode, otherCode: false } };
  }
  const storage = proofNodes(token.storage, 'the proof of the node');
  const contract = provedAccount(stateRoot, hexBytes(token.address, 20), storage);
  const { rule, otherCode } = tokenRule(coin, contract, block.height);
  if (!rule) return otherCode ? { proof: { frozen: false, code: false, otherCode } } : undefined;
  const { amount, frozen } = provedTokenBalance(contract.storageRoot, owner, rule, nodes);
  return { amount, proof: { frozen, code: false, otherCode } };
}
