import type {
  ContractKind,
  FetchedProof,
  KnownCoins,
  NetworkBlock,
  NodeAnswer,
  Question,
} from '@solvent-por/reserves';
import type { NodeConfiguration } from './configuration';
import type { Requests } from './requests';

/** What one node is asked about one address, at the stated block alone. */
export interface NodeQuestion {
  /** In its network's one spelling. */
  readonly address: string;
  /** Absent for the network's own coin. */
  readonly token?: string;
  /** Whether its balance is asked for. */
  readonly balance: boolean;
  /** What evidence of ownership leaves open. */
  readonly question?: Question;
}

/**
 * A node of one network, asked about one block: what an adapter makes. Whatever it throws but
 * NODE_CONTRADICTS counts as no answer.
 */
export interface ChainNode {
  /**
   * Whether the block is the node's own at that height, of the stated time, the last one not after `takenAt`,
   * and final.
   *
   * @param takenAt seconds since 1970
   * @throws SolventError NODE_CONTRADICTS (kind invalid): it has another; NodeFailure: it does not know, or it
   *   is not final yet
   */
  confirm(takenAt: number): Promise<void>;
  /** One after another in the order of the questions; one that fails does not hide the others. */
  ask(questions: readonly NodeQuestion[]): readonly Promise<NodeAnswer | undefined>[];
  /** The block's header as `reserves.json` has it, where the node can give one that hashes to the block. */
  header?(): Promise<string | undefined>;
  /** Evidence of a balance for a publication; undefined where no rule says where it lies. */
  proof?(question: NodeQuestion): Promise<FetchedProof | undefined>;
  /** How many batches of lines may wait for this node at once, where asking for many together is cheaper. */
  readonly ahead?: number;
}

/** What an adapter is made of. */
export interface NodeContext {
  readonly configuration: NodeConfiguration;
  /** As the publication has it. */
  readonly block: NetworkBlock;
  readonly coins: KnownCoins;
  /** Contracts that the verifier knows, by the hash of their code. */
  readonly contracts: ReadonlyMap<string, ContractKind>;
  readonly requests: Requests;
}

/** Makes a node of one kind: give your own to `openNodes` for networks that have none here. */
export interface NodeAdapter {
  /** Whether nodes of this kind answer for the network. */
  readonly fits: (network: string) => boolean;
  readonly open: (context: NodeContext) => ChainNode;
}
