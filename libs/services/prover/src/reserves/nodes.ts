import { openNodes, type NodeConfiguration, type NodeTrouble, type ReserveNodes } from '@solvent-por/nodes';
import type { Reserves } from '@solvent-por/reserves';
import type { OwnKnowledge } from './own-knowledge';

/** Nodes that provers ask about reserves. */
export interface AskedNodes {
  /** Networks that have one. */
  readonly networks: readonly string[];
  /** Opens those of a publication's networks. Close them when done. */
  open(
    reserves: Reserves,
    onTrouble: (trouble: NodeTrouble) => void,
  ): Pick<ReserveNodes, 'confirmBlocks' | 'ask' | 'close'>;
}

/** Those of the configuration. @param known where tokens keep their balances, and what contracts are */
export function configuredNodes(
  configurations: readonly NodeConfiguration[],
  { coins, contracts }: Pick<OwnKnowledge, 'coins' | 'contracts'>,
): AskedNodes {
  return {
    networks: configurations.map(({ network }) => network),
    open: (reserves, onTrouble) => openNodes(configurations, { reserves, coins, contracts, onTrouble }),
  };
}
