import { networkOf } from '@solvent-por/reserves';
import { smallestUnits } from '../exact-json';
import { malformedAnswer, NodeFailure } from '../failure';
import type { NodeAdapter } from '../node';
import { RpcError } from '../rpc';
import { bareHash, hexText, listOf, objectOf, wholeNumber } from '../shapes';
import { DECIMALS } from './replay';
import { RpcUtxoNode } from './rpc-node';
import { scriptOf } from './script';

/** A scan reads all unspent outputs there are: minutes. */
const SCAN_TIMEOUT_MS = 900_000;
const MOST_SCAN_BYTES = 1 << 26;
const MOST_UNSPENT = 1_000_000;
/** Addresses in one scan. */
const MOST_SCANNED = 10_000;
const GATHER_MS = 100;
/** So that one scan is for many lines: 256 batches of 64. */
const AHEAD = 256;

/** Bitcoin Core and its forks, which scan all unspent outputs of the block that is their tip. */
export const BITCOIN_CORE: NodeAdapter = {
  fits: (network) => networkOf(network).family === 'utxo',
  open: (context) => new BitcoinCore(context),
};

interface Scanned {
  readonly address: string;
  readonly resolve: (amount: bigint) => void;
  readonly reject: (error: unknown) => void;
}

class BitcoinCore extends RpcUtxoNode {
  readonly ahead = AHEAD;
  private waiting: Scanned[] = [];
  private scanning = false;

  protected balance(address: string): Promise<bigint> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ address, resolve, reject });
      if (this.scanning) return;
      this.scanning = true;
      void this.scanAll();
    });
  }

  private async scanAll(): Promise<void> {
    while (this.waiting.length > 0) {
      await this.gathered();
      const together = this.waiting.splice(0, MOST_SCANNED);
      try {
        const amounts = await this.scan(together.map(({ address }) => address));
        together.forEach(({ resolve }, i) => resolve(amounts[i]!));
      } catch (error) {
        for (const { reject } of together) reject(error);
      }
    }
    this.scanning = false;
  }

  /** A scan is for as many addresses as there are: until no more come. */
  private async gathered(): Promise<void> {
    for (let before = -1; this.waiting.length > before && this.waiting.length < MOST_SCANNED;) {
      before = this.waiting.length;
      await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    }
  }

  /** What each address has; the node's tip must be the stated block. */
  private async scan(addresses: readonly string[]): Promise<readonly bigint[]> {
    const { block, requests } = this.context;
    const result = objectOf(await this.scanResult(addresses), 'the result of a scan');
    if (result.success !== true) malformedAnswer('the node gives no whole scan: ask again');
    if (`0x${bareHash(result.bestblock, 'a hash')}` !== block.block)
      throw requests.failure(
        'NODE_BEHIND',
        `scans at another block than ${block.height}: make it the node's tip (\`invalidateblock\` with the hash of the next)`,
      );
    const scripts = new Map(addresses.map((address) => [scriptOf(block.network, address), 0n]));
    const outputs = new Set<string>();
    let sum = 0n;
    for (const value of listOf(result.unspents, 'unspent outputs', MOST_UNSPENT)) {
      const unspent = objectOf(value, 'an unspent output');
      const output = `${bareHash(unspent.txid, 'a transaction')}:${wholeNumber(unspent.vout, 'an index')}`;
      const script = hexText(unspent.scriptPubKey, 'a script');
      const amount = smallestUnits(unspent.amount, DECIMALS);
      const before = scripts.get(script);
      if (before === undefined || outputs.has(output))
        malformedAnswer(
          'the node gives an unspent output twice, or of an address that it was not asked about',
        );
      outputs.add(output);
      scripts.set(script, before! + amount);
      sum += amount;
    }
    if (smallestUnits(result.total_amount, DECIMALS) !== sum)
      malformedAnswer('the node gives a total that its unspent outputs do not add up to');
    return addresses.map((address) => scripts.get(scriptOf(block.network, address))!);
  }

  private async scanResult(addresses: readonly string[]): Promise<unknown> {
    const descriptors = [...new Set(addresses)].map((address) => `addr(${address})`);
    try {
      return await this.rpc.call('scantxoutset', ['start', descriptors], {
        most: MOST_SCAN_BYTES,
        usualTimeoutMs: SCAN_TIMEOUT_MS,
      });
    } catch (error) {
      if (error instanceof RpcError && /scan already in progress/i.test(error.said))
        throw new NodeFailure('NODE_REFUSES', `${error.message}; end it with \`scantxoutset abort\``);
      throw error;
    }
  }
}
