import { keccak_256 } from '@noble/hashes/sha3.js';
import { hexBytes, toHex } from '@solvent-por/kzg';
import { startAnvil, TOKEN, word, type Anvil, type AnvilOptions } from '@solvent-por/dev/chain-nodes';
import type { NetworkBlock } from '@solvent-por/reserves';
import { eip191, secpKey } from '../../reserves/testing/keys';
import { publish, type Published } from './published';

export const ALICE = secpKey('alice');
export const BOB = secpKey('bob');
export const ETHER = 10n ** 18n;
/** What the token's contract has for Alice. */
export const TETHER = 5_000_001n;

/** A chain on which Alice was sent three ethers and some of a token. */
export interface EvmWorld {
  readonly anvil: Anvil;
  readonly token: string;
  /** What the verifier vouches for: the token, and where it keeps balances. */
  readonly tokens: Readonly<Record<string, unknown>>;
  /** The block at a height, as publications name it. */
  blockAt(height: number): Promise<NetworkBlock>;
  height(): Promise<number>;
  codeHash(address: string): Promise<string>;
}

export async function evmWorld(options: AnvilOptions = {}): Promise<EvmWorld> {
  const anvil = await startAnvil({ timestamp: GENESIS, ...options });
  await anvil.send({ to: ALICE.evm, value: 3n * ETHER });
  const token = (await anvil.send({ data: TOKEN }))!;
  await anvil.send({ to: token, data: `0x${word(ALICE.evm)}${word(TETHER)}` });
  const codeHash = async (address: string) => {
    const code = await anvil.rpc<string>('eth_getCode', [address, 'latest']);
    return toHex(keccak_256(hexBytes(code, code.length / 2 - 1)));
  };
  return {
    ...{ anvil, token, codeHash },
    tokens: {
      [`eip155:1/${token}`]: {
        ...{ asset: 'USDT', decimals: 6, slot: '0', since: '0', code: [await codeHash(token)] },
      },
    },
    height: async () => Number(await anvil.rpc<string>('eth_blockNumber')),
    blockAt: async (height) => {
      const block = await anvil.rpc<{ hash: string; timestamp: string }>('eth_getBlockByNumber', [
        `0x${height.toString(16)}`,
        false,
      ]);
      return {
        ...{ network: 'eip155:1', height: String(height), block: block.hash },
        time: utc(Number(block.timestamp)),
      };
    },
  };
}

const GENESIS = Date.parse('2026-11-29T23:00:00Z') / 1000;

export function utc(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000', '');
}

export interface Held {
  readonly ether?: bigint;
  readonly tether?: bigint;
  /** Blocks of other networks. */
  readonly networks?: readonly NetworkBlock[];
  readonly more?: (text: string) => readonly Readonly<Record<string, unknown>>[];
  /** Members of each line, beside what is signed. */
  readonly line?: Readonly<Record<string, unknown>>;
}

/** Alice's coins at a block, without evidence of balances, taken at the block's own time. */
export function publishAt(
  { token }: EvmWorld,
  block: NetworkBlock,
  { ether = 3n * ETHER, tether = TETHER, more = () => [], line = {}, networks = [] }: Held = {},
): Published {
  const assets = [
    ...networks.map(() => ({ symbol: 'BTC', scale: 8 })),
    { symbol: 'ETH', scale: 9 },
    { symbol: 'USDT', scale: 6 },
  ];
  return publish(
    {
      ...{ takenAt: block.time, networks: [...networks, block], assets, anchor: block.network },
      holdings: [{ network: 'eip155:1', asset: 'USDT', token, decimals: 6 }],
    },
    (text) => {
      const ownership = { scheme: 'eip191', signatures: [eip191(text, ALICE)] };
      const own = { network: 'eip155:1', address: ALICE.evm, class: 'own', ownership, ...line };
      return [
        { ...own, asset: 'ETH', amount: ether.toString() },
        { ...own, asset: 'USDT', token, amount: tether.toString() },
        ...more(text),
      ];
    },
  );
}
