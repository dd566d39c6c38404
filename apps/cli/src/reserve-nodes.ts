import { readKnownCoins, type ContractKind, type Reserves } from '@solvent-por/reserves';
import {
  openNodes,
  readNodeConfigurations,
  readNodeText,
  type NodeConfiguration,
  type NodeTrouble,
  type ReserveNodes,
} from '@solvent-por/nodes';
import { SolventError } from '@solvent-por/kzg';
import type { Command } from 'commander';
import { collect } from './arguments';
import type { Context } from './context';
import { about } from './files';
import { usage } from './reserves-outcome';
import { jsonOf } from './reserves-trust';

/** Nodes that a verifier named. */
export interface NodeOptions {
  readonly node?: readonly string[];
  readonly nodes?: string;
}

/** Adds the options by which people name nodes. */
export function withNodes(command: Command): Command {
  return command
    .option(
      '--node <network=URL>',
      'a node of your choice, asked about blocks, balances and contracts: eip155:1=https://…, bitcoin=http://user:password@…, bitcoin=esplora+https://…, bitcoin=btcd+http://…; more than once. ${NAME} in it is taken from the environment',
      collect,
    )
    .option(
      '--nodes <FILE>',
      'JSON: a list of { network, url, kind?, name?, user?, password?, timeoutMs?, finality?, … }',
    );
}

/** @throws SolventError NODE_CONFIGURATION, NODE_TWICE, NETWORK_UNKNOWN, FILE_UNREADABLE */
export async function nodesOf(
  { node = [], nodes }: NodeOptions,
  { environment }: Pick<Context, 'environment'>,
): Promise<readonly NodeConfiguration[]> {
  const named = node.map((text) => readNodeText(text, environment));
  if (nodes === undefined) return named;
  // It would be repeated as the name of a file, with the key in it.
  if (nodes.includes('://'))
    usage('--nodes must be a file of JSON: a node and its URL are given with --node');
  const value = await jsonOf(nodes);
  return [...about(nodes, () => readNodeConfigurations(value)), ...named];
}

export interface OpenedNodes {
  readonly nodes: ReserveNodes;
  /** What nodes that gave no answer had to say, as it comes. */
  readonly troubles: readonly NodeTrouble[];
}

/** Opens them for one publication. @throws SolventError USAGE: of a network that it does not list */
export function openFor(
  configurations: readonly NodeConfiguration[],
  reserves: Pick<Reserves, 'networks' | 'holdings' | 'takenAt'>,
  trust: { readonly tokens?: unknown; readonly contracts?: ReadonlyMap<string, ContractKind> },
): OpenedNodes {
  const listed = reserves.networks.map(({ network }) => network);
  for (const { network } of configurations)
    if (!listed.includes(network))
      usage(`the publication lists no network ${network}: leave its node out; it has ${listed.join(', ')}`);
  const troubles: NodeTrouble[] = [];
  const nodes = openNodes(configurations, {
    reserves,
    coins: readKnownCoins(trust.tokens),
    ...(trust.contracts && { contracts: trust.contracts }),
    onTrouble: (trouble) => troubles.push(trouble),
  });
  return { nodes, troubles };
}

/** Says which nodes gave no answer, and why. @returns a member for `--json` */
export function sayTroubles(
  troubles: readonly NodeTrouble[],
  { say, style }: Context,
): { readonly unanswered?: readonly NodeTrouble[] } {
  for (const { message } of troubles) say(`${style.warning} ${message}`);
  return troubles.length > 0 ? { unanswered: troubles } : {};
}

/** For work that cannot do without the answer. */
export function orFail(troubles: readonly NodeTrouble[]): void {
  const [first] = troubles;
  if (first) throw new SolventError(first.code, 'usage', first.message);
}
