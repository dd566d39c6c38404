import { dirname, join } from 'node:path';
import { startNode } from './child-node';
import { callRpc } from './json-rpc';

/** An Ethereum node of this test's own, with a chain of its own. */
export interface Anvil {
  readonly url: string;
  /** Ten accounts that have ether and sign without being asked. */
  readonly accounts: readonly string[];
  rpc<T = unknown>(method: string, params?: readonly unknown[]): Promise<T>;
  /** Mines so many blocks, so many seconds after each other. */
  mine(blocks: number, seconds?: number): Promise<void>;
  /** Sends a transaction of the first account and waits until it is in a block. @returns a contract it made */
  send(transaction: {
    readonly to?: string;
    readonly value?: bigint;
    readonly data?: string;
  }): Promise<string | null>;
  stop(): Promise<void>;
}

export interface AnvilOptions {
  /** 1, so that its network is `eip155:1`. */
  readonly chainId?: number;
  /** Of the genesis block: seconds since 1970. */
  readonly timestamp?: number;
  /** A block counts as finalized when two epochs of so many blocks lie on it. */
  readonly slotsInAnEpoch?: number;
}

interface Receipt {
  readonly contractAddress: string | null;
  readonly status: string;
}

const PLATFORMS: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** The program of the package that npm installed for this machine. */
function program(): string {
  const system = process.platform === 'win32' ? 'win32' : process.platform;
  const name = `@foundry-rs/anvil-${system}-${PLATFORMS[process.arch] ?? process.arch}`;
  return join(dirname(require.resolve(`${name}/package.json`)), 'bin', 'anvil');
}

export async function startAnvil({
  chainId = 1,
  timestamp,
  slotsInAnEpoch = 1,
}: AnvilOptions = {}): Promise<Anvil> {
  let url = '';
  const args = [
    ...['--host', '127.0.0.1', '--port', '0', '--chain-id', String(chainId)],
    ...['--slots-in-an-epoch', String(slotsInAnEpoch)],
    ...(timestamp === undefined ? [] : ['--timestamp', String(timestamp)]),
  ];
  const node = await startNode(program(), args, (output) => {
    const listening = /Listening on (127\.0\.0\.1:\d+)/.exec(output);
    if (listening) url = `http://${listening[1]}`;
    return listening !== null;
  });
  const rpc = <T>(method: string, params: readonly unknown[] = []) => callRpc<T>(url, method, params);
  const accounts = await rpc<string[]>('eth_accounts');
  return {
    ...{ url, accounts, rpc },
    mine: async (blocks, seconds = 1) => {
      await rpc('anvil_mine', [hex(BigInt(blocks)), hex(BigInt(seconds))]);
    },
    send: async ({ to, value = 0n, data }) => {
      const hash = await rpc<string>('eth_sendTransaction', [
        { from: accounts[0], value: hex(value), gas: '0x300000', ...(to && { to }), ...(data && { data }) },
      ]);
      // It is mined by itself, a moment after it was sent.
      const receipt = async () => rpc<Receipt | null>('eth_getTransactionReceipt', [hash]);
      let mined = await receipt();
      while (!mined) mined = await receipt();
      if (mined.status !== '0x1') throw new Error(`the transaction ${hash} failed`);
      return mined.contractAddress;
    },
    stop: node.stop,
  };
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
