import { SolventError } from '@solvent-por/kzg';
import {
  readKnownContracts,
  type ConfirmingNodes,
  type ContractKind,
  type FetchedProof,
  type JudgedLine,
  type KnownCoins,
  type NodeAnswer,
  type Reserves,
} from '@solvent-por/reserves';
import { ADAPTERS } from './adapters';
import { onceEach, type NodeConfiguration } from './configuration';
import { NodeFailure } from './failure';
import type { ChainNode, NodeAdapter, NodeQuestion } from './node';
import { Requests, type Fetch } from './requests';
import { printableText } from './text';

/** An address and what is asked about it, of any of the publication's networks. */
export interface AskedBalance {
  readonly network: string;
  readonly token?: string;
  readonly address: string;
}

/** What a node said, for whoever keeps answers. */
export interface AnswerRecord extends AskedBalance {
  /** The node's name. */
  readonly node: string;
  /** 0x and 64 digits. */
  readonly block: string;
  readonly height: string;
  readonly answer: NodeAnswer;
}

/** Why a node gave no answer; the message names it, and never its URL. */
export interface NodeTrouble {
  readonly network: string;
  readonly node: string;
  readonly code: string;
  readonly message: string;
}

export interface NodesOptions {
  /** Or as much of it as nodes are asked about. */
  readonly reserves: Pick<Reserves, 'networks' | 'holdings' | 'takenAt'>;
  /** What the verifier vouches for, by `readKnownCoins`: where tokens keep their balances. */
  readonly coins: KnownCoins;
  /** By `readKnownContracts`; what is built in where absent. */
  readonly contracts?: ReadonlyMap<string, ContractKind>;
  /** The runtime's own where absent. */
  readonly fetch?: Fetch;
  /** Adapters beside those built in, by kind. */
  readonly adapters?: Readonly<Record<string, NodeAdapter>>;
  readonly onAnswer?: (record: AnswerRecord) => void;
  /** Once for each node and kind of failure. */
  readonly onTrouble?: (trouble: NodeTrouble) => void;
}

/** Nodes that answer for one publication. Close them when done. */
export interface ReserveNodes {
  /**
   * Asks each node for its network's block, all side by side. Who gives no answer in time, or has no final
   * block yet, is left out (`onTrouble` hears why) and not asked about lines.
   *
   * @returns what `ReservesOptions.nodes` of @solvent-por/reserves takes
   * @throws SolventError NODE_CONTRADICTS (kind invalid): a node has another block there, another time, or a
   *   later block not after `takenAt`
   */
  confirmBlocks(): Promise<ConfirmingNodes>;
  /**
   * What `StreamOptions.ask` of @solvent-por/reserves takes: answers in the order of the lines, undefined
   * where there is none. Never rejects for a node's sake.
   */
  ask(lines: readonly JudgedLine[]): Promise<readonly (NodeAnswer | undefined)[]>;
  /** Balances alone, whatever lines say of them. */
  balances(asked: readonly AskedBalance[]): Promise<readonly (NodeAnswer | undefined)[]>;
  /** Headers as `reserves.json` has them, by network, of nodes that can give them. */
  headers(): Promise<Readonly<Record<string, string>>>;
  /** Evidence for a publication, of EVM nodes; undefined where there is none. */
  proofs(asked: readonly AskedBalance[]): Promise<readonly (FetchedProof | undefined)[]>;
  /** How many batches of lines should wait for nodes at once: `StreamOptions.askAhead`. */
  readonly ahead: number;
  close(): Promise<void>;
}

interface Opened {
  readonly configuration: NodeConfiguration;
  readonly block: { readonly block: string; readonly height: string };
  readonly node: ChainNode;
  readonly requests: Requests;
  confirmed: boolean;
}

/** A few batches: while one waits, the next are asked about. */
const USUAL_AHEAD = 8;

/**
 * Opens nodes of the verifier's choice for one publication; nothing is sent yet. Nodes of networks that it does
 * not list are left alone.
 *
 * @throws SolventError NODE_TWICE, NODE_KIND (kind usage)
 */
export function openNodes(configurations: readonly NodeConfiguration[], options: NodesOptions): ReserveNodes {
  onceEach(configurations);
  return new OpenedNodes(configurations, options);
}

class OpenedNodes implements ReserveNodes {
  private readonly nodes: ReadonlyMap<string, Opened>;
  private readonly said = new Set<string>();

  constructor(
    configurations: readonly NodeConfiguration[],
    private readonly options: NodesOptions,
  ) {
    const blocks = new Map(options.reserves.networks.map((block) => [block.network, block]));
    this.nodes = new Map(
      configurations.flatMap((configuration): [string, Opened][] => {
        const block = blocks.get(configuration.network);
        const adapter = adapterOf(configuration, options.adapters);
        if (!block) return [];
        const requests = new Requests(configuration, options.fetch ?? ((url, init) => fetch(url, init)));
        const contracts = options.contracts ?? readKnownContracts();
        const node = adapter.open({ configuration, block, coins: options.coins, contracts, requests });
        return [[block.network, { configuration, block, node, requests, confirmed: false }]];
      }),
    );
  }

  get ahead(): number {
    return Math.max(USUAL_AHEAD, ...[...this.nodes.values()].map(({ node }) => node.ahead ?? 0));
  }

  async confirmBlocks(): Promise<ConfirmingNodes> {
    const takenAt = Date.parse(this.options.reserves.takenAt) / 1000;
    const ends = await Promise.allSettled(
      [...this.nodes.values()].map(async (opened) => {
        const done = await this.tried(opened, async () => {
          await opened.node.confirm(takenAt);
          return true;
        });
        opened.confirmed = done === true;
      }),
    );
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    const confirmed = [...this.nodes].filter(([, opened]) => opened.confirmed);
    return Object.fromEntries(confirmed.map(([network, { configuration }]) => [network, configuration.name]));
  }

  ask(lines: readonly JudgedLine[]): Promise<readonly (NodeAnswer | undefined)[]> {
    const { holdings } = this.options.reserves;
    return this.answers(
      lines.map((line) => {
        const { network, token } = holdings[line.holding]!;
        return {
          network,
          ...(token !== undefined && { token }),
          address: line.address,
          // Of staked coins an EVM node says nothing; what is proved needs nobody's word.
          balance: line.facts.balance === 'claimed' && !(line.facts.evm && line.class === 'staked'),
          ...(line.question && { question: line.question }),
        };
      }),
    );
  }

  balances(asked: readonly AskedBalance[]): Promise<readonly (NodeAnswer | undefined)[]> {
    return this.answers(asked.map((one) => ({ ...one, balance: true })));
  }

  async headers(): Promise<Readonly<Record<string, string>>> {
    const headers = await Promise.all(
      [...this.nodes].map(async ([network, opened]) => {
        const header = await this.tried(opened, async () => opened.node.header?.());
        return header === undefined ? [] : [[network, header] as const];
      }),
    );
    return Object.fromEntries(headers.flat());
  }

  proofs(asked: readonly AskedBalance[]): Promise<readonly (FetchedProof | undefined)[]> {
    return Promise.all(
      asked.map(async (one) => {
        const opened = this.nodes.get(one.network);
        if (!opened?.node.proof) return undefined;
        return this.tried(opened, async () => opened.node.proof!({ ...one, balance: true }));
      }),
    );
  }

  async close(): Promise<void> {
    for (const { requests } of this.nodes.values()) requests.close();
  }

  /** Each network's questions together, the networks side by side. */
  private async answers(
    asked: readonly (NodeQuestion & { readonly network: string })[],
  ): Promise<readonly (NodeAnswer | undefined)[]> {
    const answers: (NodeAnswer | undefined)[] = asked.map(() => undefined);
    await Promise.all(
      [...this.nodes].map(async ([network, opened]) => {
        if (!opened.confirmed) return;
        const places = asked.flatMap((question, i) =>
          question.network === network && (question.balance || question.question) ? [i] : [],
        );
        if (places.length === 0) return;
        const given = await this.tried(opened, async () => opened.node.ask(places.map((i) => asked[i]!)));
        if (!given) return;
        await Promise.all(
          places.map(async (place, i) => {
            const answer = await this.tried(opened, async () => given[i]);
            answers[place] = answer;
            if (answer) this.record(opened, asked[place]!, answer);
          }),
        );
      }),
    );
    return answers;
  }

  private record(
    { configuration, block }: Opened,
    { network, token, address }: AskedBalance,
    answer: NodeAnswer,
  ): void {
    this.options.onAnswer?.({
      ...{ network, address, ...(token !== undefined && { token }) },
      ...{ node: configuration.name, block: block.block, height: block.height, answer },
    });
  }

  /** What comes of it, or undefined where the node gave nothing that can be used. */
  private async tried<T>({ configuration }: Opened, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof SolventError && error.code === 'NODE_CONTRADICTS') throw error;
      const { network, name: node } = configuration;
      const { code, message } = troubleOf(error, `the node ${node} of ${network}`);
      const key = `${network} ${code}`;
      if (!this.said.has(key)) {
        this.said.add(key);
        this.options.onTrouble?.({ network, node, code, message });
      }
      return undefined;
    }
  }
}

/** Of an error that is not typed its name alone: what else it says may quote the URL. */
function troubleOf(error: unknown, node: string): { readonly code: string; readonly message: string } {
  if (error instanceof NodeFailure) return error;
  if (error instanceof SolventError) return { code: error.code, message: `${node}: ${error.message}` };
  const name = error instanceof Error ? printableText(error.name, 40) : 'an error';
  return { code: 'NODE_ANSWER_MALFORMED', message: `${node} gives something that cannot be read (${name})` };
}

function adapterOf(
  { kind, network }: NodeConfiguration,
  own: Readonly<Record<string, NodeAdapter>> = {},
): NodeAdapter {
  const adapters = { ...ADAPTERS, ...own };
  const adapter = Object.hasOwn(adapters, kind) ? adapters[kind]! : undefined;
  if (!adapter)
    throw new SolventError(
      'NODE_KIND',
      'usage',
      `there is no kind of node ${kind}: ${Object.keys(adapters).join(', ')}`,
    );
  if (!adapter.fits(network))
    throw new SolventError('NODE_KIND', 'usage', `a node of kind ${kind} does not answer for ${network}`);
  return adapter;
}
