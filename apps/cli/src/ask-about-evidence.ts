import {
  finalBlock,
  finalBlockOf,
  NodeFailure,
  openNodes,
  type NodeConfiguration,
  type NodeTrouble,
} from '@solvent-por/nodes';
import { SolventError } from '@solvent-por/kzg';
import {
  MAX_EVIDENCE_BYTES,
  parsePlainJson,
  readKnownCoins,
  verifyEvidence,
  type ContractKind,
  type EvidenceOptions,
  type JudgedLine,
  type NetworkBlock,
} from '@solvent-por/reserves';
import { usage } from './reserves-outcome';

type Result = ReturnType<typeof verifyEvidence>;
type Open = Extract<Result, { readonly question: unknown }>;

/** A verdict, and which node it rests on. */
export interface Told {
  readonly result: Result;
  readonly node?: { readonly name: string; readonly block: string; readonly height: string };
  readonly troubles?: readonly NodeTrouble[];
}

interface Alone {
  readonly bytes: Uint8Array;
  readonly given: EvidenceOptions;
  /** What is said of it without a node. */
  readonly alone: Result;
}

/** What a node adds to one piece of evidence: a block that it has, a contract that it asks. */
export async function askAboutEvidence(
  { bytes, given, alone }: Alone,
  configuration: NodeConfiguration,
  contracts: ReadonlyMap<string, ContractKind>,
): Promise<Told> {
  const evidence = parsePlainJson(bytes, MAX_EVIDENCE_BYTES, 'the evidence') as Readonly<
    Record<string, unknown>
  >;
  try {
    if ('question' in alone) return await control(alone, evidence, configuration, contracts);
    if (!('block' in alone) || alone.block === 'confirmed') return { result: alone };
    const block = await finalBlockOf(configuration, String(evidence.block));
    return {
      result: verifyEvidence(bytes, { ...given, block: block.block }),
      node: named(configuration, block),
    };
  } catch (error) {
    // Of another chain, or two minds: that says something of the node, and nothing of the evidence.
    const ofNode = error instanceof NodeFailure || isContradiction(error);
    if (!ofNode) throw error;
    const { network, name: node } = configuration;
    return { result: alone, troubles: [{ network, node, code: error.code, message: error.message }] };
  }
}

function isContradiction(error: unknown): error is SolventError {
  return error instanceof SolventError && error.code === 'NODE_CONTRADICTS';
}

/** Who controls a contract at the node's newest final block. */
async function control(
  alone: Open,
  { network, address }: Readonly<Record<string, unknown>>,
  configuration: NodeConfiguration,
  contracts: ReadonlyMap<string, ContractKind>,
): Promise<Told> {
  if (network !== configuration.network)
    usage(`the evidence is of ${String(network)}: name a node of that network`);
  const block = await finalBlock(configuration);
  const troubles: NodeTrouble[] = [];
  const nodes = openNodes([configuration], {
    reserves: {
      networks: [block],
      holdings: [{ ...HOLDING, network: block.network }],
      takenAt: before(block.time),
    },
    ...{ coins: readKnownCoins(), contracts, onTrouble: (trouble) => troubles.push(trouble) },
  });
  try {
    await nodes.confirmBlocks();
    const [answer] = await nodes.ask([lineOf(String(address), alone)]);
    const node = named(configuration, block);
    if (answer?.control === true) return { result: { verdict: 'right' }, node, troubles };
    if (answer?.control === undefined) return { result: alone, troubles };
    const reason = `the node says that ${String(address)} is controlled by others than those who signed`;
    return { result: { verdict: 'wrong', code: 'NODE_CONTRADICTS', reason }, node, troubles };
  } finally {
    await nodes.close();
  }
}

/** The block is no snapshot's last one: the next may be of the same second. */
function before(time: string): string {
  return new Date(Date.parse(time) - 1000).toISOString();
}

const HOLDING = {
  ...{ asset: 'ETH', decimals: 18, lines: 1 },
  totals: { custodian: '0', own: '0', staked: '0' },
};

/** As much of a line as its question needs: no amount is asked for. */
function lineOf(address: string, { question }: Open): JudgedLine {
  return {
    ...{ holding: 0, address, class: 'own', amount: 0n, delegated: false, byKey: false, question },
    facts: {
      ...{ class: 'own', control: 'unchecked', controlByNode: false, rotation: 'fixed', evm: true },
      ...{ oneParty: false, confirmed: true, doubles: false, known: true, frozen: false, balance: 'proved' },
    },
  };
}

function named({ name }: NodeConfiguration, { block, height }: NetworkBlock) {
  return { name, block, height };
}
