import { networkOf } from '@solvent-por/reserves';
import { smallestUnits } from '../exact-json';
import { malformedAnswer } from '../failure';
import type { NodeAdapter } from '../node';
import { RpcError } from '../rpc';
import { bareHash, hexText, listOf, objectOf, wholeNumber } from '../shapes';
import { DECIMALS, Replay, type HistoryEntry } from './replay';
import { RpcUtxoNode } from './rpc-node';
import { scriptOf } from './script';

const PAGE = 100;
const MOST_PAGES = 10_000;
const MOST_PAGE_BYTES = 1 << 26;
const MOST_PARTS = 100_000;
/** A block may come between two questions. */
const MOST_TRIES = 5;
/** btcd's "no information available about address": it has no history. */
const NO_HISTORY = -5;

/** btcd with `--addrindex`: an address's whole history, replayed to the stated height. */
export const BTCD: NodeAdapter = {
  fits: (network) => networkOf(network).family === 'utxo',
  open: (context) => new Btcd(context),
};

class Btcd extends RpcUtxoNode {
  protected async balance(address: string): Promise<bigint> {
    const replay = new Replay(scriptOf(this.context.block.network, address));
    for (let page = 0; page < MOST_PAGES; page++) {
      const { entries, length } = await this.page(address, page * PAGE);
      for (const entry of entries) replay.add(entry);
      if (length < PAGE) return replay.balance();
    }
    return malformedAnswer('an address has a longer history than can be replayed');
  }

  /**
   * Transactions from `skip` on, those above the stated block left out. The node tells how deep each one is,
   * not how high, so that its tip must be the same before and after.
   */
  private async page(
    address: string,
    skip: number,
  ): Promise<{ readonly entries: readonly HistoryEntry[]; readonly length: number }> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const before = await this.tip();
      const found = await this.search(address, skip);
      if ((await this.tip()) !== before) continue;
      const deep = await this.deep();
      if ((await this.tip()) !== before) continue;
      const entries = found.map((value) => objectOf(value, 'a transaction'));
      return {
        length: entries.length,
        entries: entries
          .filter(({ confirmations }) =>
            // Absent: it waits for a block.
            confirmations === undefined
              ? false
              : wholeNumber(confirmations, 'a number of confirmations') >= deep,
          )
          .map(entryOf),
      };
    }
    return malformedAnswer('the chain grew with every question: ask again');
  }

  private async tip(): Promise<string> {
    return bareHash(await this.rpc.call('getbestblockhash', []), 'a hash');
  }

  /** How many blocks deep the stated one is. */
  private async deep(): Promise<number> {
    const { block, requests } = this.context;
    const header = objectOf(await this.rpc.call('getblockheader', [block.block.slice(2), true]), 'a header');
    const deep = wholeNumber(header.confirmations, 'a number of confirmations');
    if (deep < 1)
      throw requests.failure('NODE_BEHIND', `has block ${block.height} in its main chain no more`);
    return deep;
  }

  private async search(address: string, skip: number): Promise<readonly unknown[]> {
    try {
      const found = await this.rpc.call('searchrawtransactions', [address, 1, skip, PAGE], {
        most: MOST_PAGE_BYTES,
      });
      return found === null ? [] : listOf(found, 'transactions', PAGE);
    } catch (error) {
      if (error instanceof RpcError && error.rpcCode === NO_HISTORY) return [];
      throw error;
    }
  }
}

function entryOf(transaction: Readonly<Record<string, unknown>>): HistoryEntry {
  const id = bareHash(transaction.txid, 'a transaction');
  const outputs = listOf(transaction.vout, 'outputs', MOST_PARTS).map((value, index) => {
    const output = objectOf(value, 'an output');
    if (wholeNumber(output.n, 'an index') !== index) malformedAnswer('the node gives outputs out of order');
    return {
      script: hexText(objectOf(output.scriptPubKey, 'a script').hex, 'a script'),
      amount: smallestUnits(output.value, DECIMALS),
    };
  });
  const spends = listOf(transaction.vin, 'inputs', MOST_PARTS).flatMap((value) => {
    const input = objectOf(value, 'an input');
    if (input.coinbase !== undefined) return [];
    return [`${bareHash(input.txid, 'a transaction')}:${wholeNumber(input.vout, 'an index', 0xffffffff)}`];
  });
  return { id, outputs, spends };
}
