import type { Lie } from '@solvent-por/dev/chain-nodes';
import type { NetworkBlock } from '@solvent-por/reserves';
import { BOB, evmWorld, publishAt, type EvmWorld } from '../../testing/evm-world';
import { instead, right } from '../../testing/lies';
import { givenLyingNodes } from '../../testing/lying-nodes';
import { verifyWith } from '../../testing/published';

/* Which blocks a real node (anvil) confirms, and liars between it and the verifier. */

let world: EvmWorld;
let block: NetworkBlock;
const { node, withLie } = givenLyingNodes((given) => ({ world, block } = given));

describe('the block', () => {
  const blockOf = (wanted: string, change: (block: Record<string, unknown>) => unknown): Lie => {
    return async (call, answer) => {
      if (call.method !== 'eth_getBlockByNumber' || call.params[0] !== wanted) return answer();
      return change((await answer()) as Record<string, unknown>);
    };
  };
  const hex = (height: number) => `0x${height.toString(16)}`;
  const own = () => hex(Number(block.height));
  const next = () => hex(Number(block.height) + 1);

  test.each<[string, () => Lie, RegExp]>([
    ['another chain', () => instead('eth_chainId', () => '0x5'), /chain 5/],
    [
      'another hash at that height',
      () => blockOf(own(), (of) => ({ ...of, hash: `0x${'11'.repeat(32)}` })),
      /is 0x1111/,
    ],
    [
      'another time',
      () => blockOf(own(), (of) => ({ ...of, timestamp: hex(Number(of.timestamp) - 1) })),
      /second/,
    ],
    [
      'a next block that is not after takenAt either',
      () => blockOf(next(), (of) => ({ ...of, timestamp: hex(Date.parse(block.time) / 1000) })),
      /not the last one/,
    ],
  ])('a node that says %s contradicts: wrong', async (_, lie, message) => {
    await expect(withLie(lie())).rejects.toMatchObject({ code: 'NODE_CONTRADICTS', kind: 'invalid' });
    await expect(withLie(lie())).rejects.toThrow(message);
  });

  test.each<[string, () => Lie, string]>([
    ['is behind', () => blockOf(own(), () => null), 'NODE_BEHIND'],
    ['has no next block yet', () => blockOf(next(), () => null), 'NODE_BEHIND'],
    [
      'answers about another height',
      () => blockOf(own(), (of) => ({ ...of, number: '0x1' })),
      'NODE_ANSWER_MALFORMED',
    ],
    [
      'gives a next block that does not follow',
      () => blockOf(next(), (of) => ({ ...of, parentHash: `0x${'11'.repeat(32)}` })),
      'NODE_ANSWER_MALFORMED',
    ],
    [
      'has it, but not final',
      () => blockOf('finalized', (of) => ({ ...of, number: hex(Number(block.height) - 1) })),
      'NODE_BEHIND',
    ],
    ['does not know what is final', () => blockOf('finalized', () => null), 'NODE_BEHIND'],
  ])('a node that %s confirms nothing, and is not asked about lines', async (_, lie, code) => {
    const asked = await withLie(lie());
    expect(right(asked)).toMatchObject({ blocks: { 'eip155:1': 'unconfirmed' }, reasons: { block: 2 } });
    expect(right(asked).nodes).toBeUndefined();
    expect(asked.troubles).toMatchObject([{ network: 'eip155:1', node: 'archive', code }]);
    expect(asked.answers).toEqual([]);
  });

  test('finality by a number of blocks, where the node has no word for it', async () => {
    const lie = blockOf('finalized', () => null);
    const deep = (await world.height()) - Number(block.height) + 1;
    const { verdict } = await withLie(lie, publishAt(world, block), { finality: deep });
    expect(verdict).toMatchObject({ blocks: { 'eip155:1': 'confirmed' } });
    const deeper = await withLie(lie, publishAt(world, block), { finality: deep + 1 });
    expect(deeper.verdict).toMatchObject({ blocks: { 'eip155:1': 'unconfirmed' } });
  });

  test('a block that is not the last before takenAt: the real node contradicts it', async () => {
    const before = await world.blockAt(Number(block.height) - 1);
    const late = publishAt(world, block);
    const document = { ...late.document, networks: [before], takenAt: block.time };
    await expect(verifyWith({ ...late, document }, [node()])).rejects.toThrow(/not the last one/);
    expect(right(await verifyWith(publishAt(world, before, { tether: 5_000_001n }), [node()]))).toBeDefined();
  });
});

test('a reorganised block: confirmed before, contradicted after, by the node itself', async () => {
  const other = await evmWorld();
  try {
    const snapshot = await other.anvil.rpc('evm_snapshot');
    await other.anvil.mine(1);
    const at = await other.blockAt(await other.height());
    await other.anvil.mine(10);
    const published = publishAt(other, at);
    const options = { tokens: other.tokens };
    const own = [{ network: 'eip155:1', url: other.anvil.url }];
    expect(right(await verifyWith(published, own, options)).assets.ETH).toMatchObject({
      proved: '3000000000',
    });
    await other.anvil.rpc('evm_revert', [snapshot]);
    await other.anvil.send({ to: BOB.evm, value: 1n });
    await other.anvil.mine(10);
    await expect(verifyWith(published, own, options)).rejects.toMatchObject({ code: 'NODE_CONTRADICTS' });
  } finally {
    await other.anvil.stop();
  }
});

test('the real node says itself that a block is not final yet', async () => {
  const other = await evmWorld({ slotsInAnEpoch: 32 });
  try {
    const at = await other.blockAt(await other.height());
    await other.anvil.mine(10);
    const own = [{ network: 'eip155:1', url: other.anvil.url }];
    const young = await verifyWith(publishAt(other, at), own, { tokens: other.tokens });
    expect(young).toMatchObject({
      verdict: { blocks: { 'eip155:1': 'unconfirmed' } },
      troubles: [{ code: 'NODE_BEHIND' }],
    });
    await other.anvil.mine(64);
    expect(right(await verifyWith(publishAt(other, at), own, { tokens: other.tokens })).blocks).toEqual({
      'eip155:1': 'confirmed',
    });
  } finally {
    await other.anvil.stop();
  }
});
