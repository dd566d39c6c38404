import type { Lie } from '@solvent-por/dev/chain-nodes';
import type { NetworkBlock } from '@solvent-por/reserves';
import { evmWorld, publishAt, type EvmWorld } from './evm-world';
import { liars } from './lies';
import { verifyWith, type Asked } from './published';

/** A chain, and the block on it that is published: ten others follow. */
export interface GivenWorld {
  readonly world: EvmWorld;
  readonly block: NetworkBlock;
}

/** For a whole file of tests: a real node (anvil) with a chain of its own, and liars between it and the verifier. */
export function givenLyingNodes(given: (made: GivenWorld) => void) {
  let made: GivenWorld | undefined;
  const liar = liars();

  beforeAll(async () => {
    const world = await evmWorld();
    await world.anvil.mine(1);
    made = { world, block: await world.blockAt(await world.height()) };
    given(made);
    await world.anvil.mine(10);
  });
  afterAll(async () => made?.world.anvil.stop());

  const node = (url = made!.world.anvil.url) => ({ network: 'eip155:1', url, name: 'archive' });

  /** Verified with what a liar says, which passes on all that its lie does not change. */
  async function withLie(
    lie: Lie,
    published = publishAt(made!.world, made!.block),
    more: object = {},
  ): Promise<Asked> {
    const { world } = made!;
    const { url } = await liar(world.anvil.url, lie);
    return verifyWith(published, [{ ...node(url), ...more }], { tokens: world.tokens });
  }

  return { node, liar, withLie };
}
