import { keccak_256 } from '@noble/hashes/sha3.js';
import { concat, hexBytes, toHex } from '@solvent-por/kzg';
import { fetchedBalance, type FetchedProof, type KnownCoin, type NodeAnswer } from '@solvent-por/reserves';
import { contradiction, malformedAnswer } from '../failure';
import type { ChainNode, NodeAdapter, NodeContext, NodeQuestion } from '../node';
import { Rpc, RpcError } from '../rpc';
import { hexData, listOf, objectOf, quantity } from '../shapes';
import { blockAt, finalHeight, MOST_BLOCK_BYTES } from './blocks';
import { Contracts, isRevert } from './contracts';
import { encodeHeader, hashesTo } from './header';

const MOST_HEADER_BYTES = 4096;
const MOST_PROOF_NODES = 64;
const MOST_NODE_BYTES = 4096;
const BALANCE_OF = '0x70a08231';
const EMPTY_TRIE = ['0x80'];

/** Nodes of eip155 networks by Ethereum's JSON-RPC. */
export const EVM: NodeAdapter = {
  fits: (network) => network.startsWith('eip155:'),
  open: (context) => new EvmNode(context),
};

class EvmNode implements ChainNode {
  private readonly rpc: Rpc;
  private readonly contracts: Contracts;
  /** EIP-1898: the stated block alone, and only while it is in the main chain. */
  private readonly at: { readonly blockHash: string; readonly requireCanonical: true };
  private provable: Promise<string | undefined> | undefined;
  /** Whether the node has `eth_getProof`. */
  private proves = true;

  constructor(private readonly context: NodeContext) {
    const { requests, configuration, block, contracts } = context;
    this.rpc = new Rpc(requests, configuration.batch);
    this.at = { blockHash: block.block, requireCanonical: true };
    this.contracts = new Contracts(this.rpc, this.at, contracts);
  }

  async confirm(takenAt: number): Promise<void> {
    const { block, configuration } = this.context;
    const { network } = configuration;
    const [chain, own, next] = await Promise.all([
      this.rpc.call('eth_chainId', []),
      blockAt(this.rpc, BigInt(block.height)),
      blockAt(this.rpc, BigInt(block.height) + 1n),
    ]);
    const id = quantity(chain, 'a chain id');
    if (id !== BigInt(network.slice('eip155:'.length)))
      contradiction(
        `${this.says()} that it is of chain ${id}, not of ${network}: name a node of that network`,
      );
    if (!own) return this.behind(`has no block ${block.height} yet`);
    const hash = hexData(own.hash, 'a hash', 32);
    if (quantity(own.number, 'a height') !== BigInt(block.height))
      malformedAnswer(`${this.says()} something of another block than was asked for`);
    if (hash !== block.block)
      contradiction(`${this.says()} that block ${block.height} is ${hash}, not ${block.block}`);
    const time = quantity(own.timestamp, 'a time');
    if (time !== BigInt(Date.parse(block.time) / 1000))
      contradiction(`${this.says()} that block ${block.height} is of second ${time}, not of ${block.time}`);
    if (!next) return this.behind(`has no block after ${block.height} yet: it may not be the last one`);
    if (hexData(next.parentHash, 'a hash', 32) !== block.block)
      malformedAnswer(`${this.says()} two blocks that do not follow each other: ask again`);
    if (quantity(next.timestamp, 'a time') <= BigInt(takenAt))
      contradiction(`${this.says()} that block ${block.height} is not the last one before the snapshot`);
    await this.final();
  }

  ask(questions: readonly NodeQuestion[]): readonly Promise<NodeAnswer | undefined>[] {
    return questions.map(async (question) => {
      const [balance, control] = await Promise.all([
        question.balance ? this.balance(question) : undefined,
        question.question ? this.contracts.control(question.address, question.question) : undefined,
      ]);
      return balance || control ? { ...balance, ...control } : undefined;
    });
  }

  header(): Promise<string | undefined> {
    return (this.provable ??= this.fetchHeader());
  }

  async proof({ address, token }: NodeQuestion): Promise<FetchedProof | undefined> {
    const rule = this.ruleOf(token);
    if (token !== undefined && rule === undefined) return undefined;
    const header = this.proves ? await this.header() : undefined;
    if (header === undefined) return undefined;
    const keys = rule ? [slotKey(address, BigInt(rule.slot!))] : [];
    const result = objectOf(
      await this.rpc.call('eth_getProof', [token ?? address, keys, this.at]),
      'a proof',
    );
    const account = nodesOf(result.accountProof);
    if (token === undefined) return { header, balance: account };
    const [slot] = listOf(result.storageProof, 'a proof of storage', 1);
    const balance = nodesOf(objectOf(slot, 'a proof of storage').proof);
    return { header, balance, token: { address: token, storage: account } };
  }

  /** With its proof where there can be one, so that it is no word of the node's. */
  private async balance(question: NodeQuestion): Promise<Pick<NodeAnswer, 'amount' | 'proof'> | undefined> {
    const { address, token } = question;
    const proof = await this.proof(question).catch((error) => this.withoutProof(error));
    if (proof) return fetchedBalance(this.context.block, address, proof, this.coin(token));
    if (token === undefined)
      return { amount: quantity(await this.rpc.call('eth_getBalance', [address, this.at]), 'a balance') };
    const data = `${BALANCE_OF}${address.slice(2).padStart(64, '0')}`;
    try {
      const result = await this.rpc.call('eth_call', [{ to: token, data }, this.at]);
      return { amount: BigInt(hexData(result, 'a balance', 32)) };
    } catch (error) {
      if (error instanceof RpcError && isRevert(error)) return undefined;
      throw error;
    }
  }

  /** Many nodes keep balances of old blocks, but give proofs of new ones alone, or none. */
  private withoutProof(error: unknown): undefined {
    if (!(error instanceof RpcError)) throw error;
    if (error.rpcCode === NO_SUCH_METHOD) this.proves = false;
    return undefined;
  }

  private async fetchHeader(): Promise<string | undefined> {
    const { header, block } = this.context.block;
    if (header !== undefined) return header;
    const members = await this.rpc.call('eth_getBlockByHash', [block, false], { most: MOST_BLOCK_BYTES });
    if (members === null) return this.behind('does not have the block any more');
    const encoded = encodeHeader(objectOf(members, 'a block'), block);
    return encoded ?? (await this.rawHeader());
  }

  /** Of chains whose headers have other items: geth and its kin give the bytes. */
  private async rawHeader(): Promise<string | undefined> {
    try {
      const raw = hexData(await this.rpc.call('debug_getRawHeader', [this.context.block.block]), 'a header', {
        most: MOST_HEADER_BYTES,
      });
      const bytes = hexBytes(raw, raw.length / 2 - 1);
      return hashesTo(bytes, this.context.block.block) ? raw : undefined;
    } catch (error) {
      if (error instanceof RpcError) return undefined;
      throw error;
    }
  }

  private async final(): Promise<void> {
    const { block, configuration, requests } = this.context;
    if ((await finalHeight(this.rpc, requests, configuration)) < BigInt(block.height))
      this.behind(`has block ${block.height}, which is not final yet: ask again later`);
  }

  private coin(token: string | undefined): KnownCoin | undefined {
    return this.context.coins.coin(this.context.block.network, token);
  }

  /** What is known of where the token keeps its balances at this height. */
  private ruleOf(token: string | undefined): KnownCoin | undefined {
    const coin = token === undefined ? undefined : this.coin(token);
    return coin?.slot !== undefined && BigInt(this.context.block.height) >= BigInt(coin.since!)
      ? coin
      : undefined;
  }

  private behind(problem: string): never {
    throw this.context.requests.failure('NODE_BEHIND', problem);
  }

  private says(): string {
    const { name, network } = this.context.configuration;
    return `the node ${name} of ${network} says`;
  }
}

const NO_SUCH_METHOD = -32601;

/** Nodes of a trie; some clients give none at all for an empty one. */
function nodesOf(value: unknown): readonly string[] {
  const nodes = listOf(value, 'nodes of a proof', MOST_PROOF_NODES).map((node) =>
    hexData(node, 'a node of a proof', { most: MOST_NODE_BYTES }),
  );
  return nodes.length === 0 ? EMPTY_TRIE : nodes;
}

/** keccak256(pad32(address) ‖ be32(slot)), a Solidity mapping's place. */
function slotKey(address: string, slot: bigint): string {
  const key = concat(
    new Uint8Array(12),
    hexBytes(address, 20),
    hexBytes(`0x${slot.toString(16).padStart(64, '0')}`, 32),
  );
  return toHex(keccak_256(key));
}
