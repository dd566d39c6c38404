import { networkOf, type NodeAnswer } from '@solvent-por/reserves';
import { exactJson } from '../exact-json';
import { malformedAnswer } from '../failure';
import type { ChainNode, NodeAdapter, NodeContext, NodeQuestion } from '../node';
import { bareHash, hexText, listOf, objectOf, wholeNumber } from '../shapes';
import { printableText } from '../text';
import { confirmUtxoBlock } from './confirm';
import { Replay, type HistoryEntry } from './replay';
import { scriptOf } from './script';

/** A few more than an Esplora's 25, for those that were told to give more. */
const MOST_PER_PAGE = 1000;
const MOST_PAGES = 40_000;
const MOST_PAGE_BYTES = 1 << 26;
const MOST_PARTS = 100_000;
const SHORT = 1 << 16;
const NOT_FOUND = 404;

/** Esplora's API over HTTP: an address's whole history, replayed to the stated height. */
export const ESPLORA: NodeAdapter = {
  fits: (network) => networkOf(network).family === 'utxo',
  open: (context) => new Esplora(context),
};

class Esplora implements ChainNode {
  constructor(private readonly context: NodeContext) {}

  async confirm(takenAt: number): Promise<void> {
    const { height } = this.context.block;
    const hash = await this.found(`/block-height/${height}`);
    await confirmUtxoBlock(this.context, takenAt, {
      hash: hash === undefined ? undefined : bareHash(hash.trim(), 'a hash'),
      read: async () => {
        const [own, status, tip] = await Promise.all([
          this.json(`/block/${hash!.trim()}`),
          this.json(`/block/${hash!.trim()}/status`),
          this.found('/blocks/tip/height'),
        ]);
        const following = status.next_best;
        const next =
          typeof following === 'string'
            ? await this.json(`/block/${bareHash(following, 'a hash')}`)
            : undefined;
        if (next && next.previousblockhash !== hash!.trim())
          malformedAnswer('the node gives two blocks that do not follow each other');
        const deep = wholeNumber(tip?.trim(), 'a height') - Number(height) + 1;
        return {
          time: wholeNumber(own.timestamp, 'a time'),
          ...(next && { nextTime: wholeNumber(next.timestamp, 'a time') }),
          deep: status.in_best_chain === true ? deep : 0,
        };
      },
    });
  }

  async header(): Promise<string | undefined> {
    const { network, block } = this.context.block;
    if (network !== 'bitcoin') return undefined;
    const raw = (await this.found(`/block/${block.slice(2)}/header`))?.trim() ?? '';
    return /^[0-9a-f]{160}$/.test(raw) ? `0x${raw}` : undefined;
  }

  ask(questions: readonly NodeQuestion[]): readonly Promise<NodeAnswer | undefined>[] {
    return questions.map(async ({ address, token, balance }) =>
      balance && token === undefined ? { amount: await this.balance(address) } : undefined,
    );
  }

  /** Pages from the newest transaction to the oldest, each from the last one of the page before. */
  private async balance(address: string): Promise<bigint> {
    const { network, height } = this.context.block;
    const replay = new Replay(scriptOf(network, address));
    const pages = new Set<string>();
    let after = '';
    for (let page = 0; page < MOST_PAGES; page++) {
      const text = await this.get(`/address/${address}/txs/chain${after}`, MOST_PAGE_BYTES);
      const found = listOf(exactJson(text), 'transactions', MOST_PER_PAGE).map((value) =>
        objectOf(value, 'a transaction'),
      );
      if (found.length === 0) return replay.balance();
      for (const transaction of found)
        if (heightOf(transaction) <= Number(height)) replay.add(entryOf(transaction));
      after = `/${bareHash(found.at(-1)!.txid, 'a transaction')}`;
      if (pages.has(after)) malformedAnswer('the node gives the same page again');
      pages.add(after);
    }
    return malformedAnswer('an address has a longer history than can be replayed');
  }

  private async json(path: string): Promise<Readonly<Record<string, unknown>>> {
    return objectOf(exactJson(await this.get(path, SHORT)), 'an object');
  }

  /** A short text; undefined where there is no such thing. */
  private async found(path: string): Promise<string | undefined> {
    let missing = false;
    const bytes = await this.context.requests.send(
      { path, most: SHORT },
      ({ status }) => (missing = status === NOT_FOUND),
    );
    return missing ? undefined : printableText(new TextDecoder().decode(bytes).trim(), SHORT);
  }

  private get(path: string, most: number): Promise<Uint8Array> {
    return this.context.requests.send({ path, most });
  }
}

/** Above all heights where it waits for a block. */
function heightOf({ status }: Readonly<Record<string, unknown>>): number {
  const { confirmed, block_height: height } = objectOf(status, 'a status');
  return confirmed === true ? wholeNumber(height, 'a height') : Infinity;
}

function entryOf(transaction: Readonly<Record<string, unknown>>): HistoryEntry {
  return {
    id: bareHash(transaction.txid, 'a transaction'),
    outputs: listOf(transaction.vout, 'outputs', MOST_PARTS).map((value) => {
      const output = objectOf(value, 'an output');
      return { script: hexText(output.scriptpubkey, 'a script'), amount: wholeAmount(output.value) };
    }),
    spends: listOf(transaction.vin, 'inputs', MOST_PARTS).flatMap((value) => {
      const input = objectOf(value, 'an input');
      if (input.is_coinbase === true) return [];
      return [`${bareHash(input.txid, 'a transaction')}:${wholeNumber(input.vout, 'an index', 0xffffffff)}`];
    }),
  };
}

/** Of the smallest unit, as an integer. */
function wholeAmount(value: unknown): bigint {
  return typeof value === 'string' && /^(?:0|[1-9][0-9]{0,20})$/.test(value)
    ? BigInt(value)
    : malformedAnswer('the node gives an amount that is no integer of the smallest unit');
}
