import { NEVER, RpcRefusal, type Lie } from '@solvent-por/dev/chain-nodes';
import type { NetworkBlock } from '@solvent-por/reserves';
import { eip191 } from '../../../reserves/testing/keys';
import { ALICE, BOB, ETHER, publishAt, type EvmWorld } from '../../testing/evm-world';
import { honest, instead, right, without } from '../../testing/lies';
import { givenLyingNodes } from '../../testing/lying-nodes';
import { verifyWith } from '../../testing/published';

/* A real node (anvil) with a chain of its own, and liars between it and the verifier. */

let world: EvmWorld;
let block: NetworkBlock;
const { node, liar, withLie } = givenLyingNodes((given) => ({ world, block } = given));

test('balances come with their proofs: proved, and no word of the node’s', async () => {
  const asked = await verifyWith(publishAt(world, block), [node()], { tokens: world.tokens });
  expect(right(asked)).toMatchObject({
    blocks: { 'eip155:1': 'confirmed' },
    nodes: { 'eip155:1': 'archive' },
    assets: {
      ETH: { proved: '3000000000', checked: '0', claimed: '0' },
      USDT: { proved: '5000001', checked: '0', claimed: '0' },
    },
  });
  expect(asked.troubles).toEqual([]);
  expect(asked.answers).toMatchObject([
    {
      node: 'archive',
      block: block.block,
      height: block.height,
      address: ALICE.evm,
      answer: { amount: 3n * ETHER },
    },
    { token: world.token },
  ]);
});

test('a node without eth_getProof gives its word: checked', async () => {
  const report = right(await withLie(without('eth_getProof')));
  expect(report.assets.ETH).toMatchObject({ proved: '0', checked: '3000000000' });
  expect(report.assets.USDT).toMatchObject({ proved: '0', checked: '5000001' });
});

test('a token without a rule is checked by balanceOf, and its line stays claimed', async () => {
  const asked = await verifyWith(publishAt(world, block), [node()]);
  expect(right(asked)).toMatchObject({ reasons: { token: 1 }, assets: { USDT: { claimed: '5000001' } } });
  expect(await verifyWith(publishAt(world, block, { tether: 5_000_002n }), [node()])).toMatchObject({
    verdict: { verdict: 'wrong', code: 'NODE_CONTRADICTS', reason: expect.stringContaining('5000001') },
  });
});

test.each([
  ['one wei more', { ether: 3n * ETHER + 1n }],
  ['one unit of the token less', { tether: 5_000_000n }],
])('a publication that states %s than the node proves: wrong', async (_, held) => {
  expect(await withLie(honest, publishAt(world, block, held))).toMatchObject({
    verdict: { verdict: 'wrong', code: 'NODE_CONTRADICTS' },
  });
});

describe('a node that lies about an amount', () => {
  test('contradicts the publication, by its word', async () => {
    const lie = instead('eth_getBalance', () => '0x1', without('eth_getProof'));
    expect(await withLie(lie)).toMatchObject({ verdict: { verdict: 'wrong', code: 'NODE_CONTRADICTS' } });
  });

  test('cannot prove it: a proof of another account, or of another state, is no answer', async () => {
    const { accountProof } = await world.anvil.rpc<{ accountProof: string[] }>('eth_getProof', [
      BOB.evm,
      [],
      block.block,
    ]);
    for (const forged of [accountProof.slice(0, -1), ['0x80'], [], 7]) {
      const asked = await withLie(
        instead('eth_getProof', (proof: object) => ({ ...proof, accountProof: forged })),
        publishAt(world, block, { ether: 4n * ETHER }),
      );
      expect(right(asked).assets.ETH).toMatchObject({ proved: '0', checked: '0', claimed: '4000000000' });
      expect(asked.troubles.length).toBeGreaterThan(0);
    }
  });

  test('amounts that are no numbers of the protocol are no answer', async () => {
    for (const amount of ['0x', '3', 3, null, `0x1${'0'.repeat(64)}`, { amount: '0x1' }]) {
      const asked = await withLie(instead('eth_getBalance', () => amount, without('eth_getProof')));
      expect(right(asked).reasons).toMatchObject({ balance: 1 });
      expect(asked.troubles).toMatchObject([{ code: 'NODE_ANSWER_MALFORMED' }]);
    }
  });
});

test('an answer for another block is none: the node is asked by hash alone, and has lost it', async () => {
  const asked: unknown[] = [];
  const lie: Lie = (call, answer) => {
    if (call.method !== 'eth_getBalance') return without('eth_getProof')(call, answer);
    asked.push(call.params);
    throw new RpcRefusal(-32000, 'header for hash not found');
  };
  expect(right(await withLie(lie))).toMatchObject({ reasons: { balance: 1 } });
  expect(asked).toEqual([[ALICE.evm, { blockHash: block.block, requireCanonical: true }]]);
});

describe('a node that hangs', () => {
  test('holds nobody up for longer than its time, and the others are asked all the same', async () => {
    const silent = await liar(world.anvil.url, () => NEVER);
    const bitcoin = { network: 'bitcoin', height: '1', block: `0x${'11'.repeat(32)}`, time: block.time };
    const published = publishAt(world, block, {
      networks: [bitcoin],
      more: () => [{ network: 'bitcoin', asset: 'BTC', address: ALICE.p2pkh, amount: '5', class: 'own' }],
    });
    const nodes = [{ network: 'bitcoin', url: silent.url, timeoutMs: 50 }, node()];
    const asked = await verifyWith(published, nodes, { tokens: world.tokens });
    expect(right(asked)).toMatchObject({
      blocks: { bitcoin: 'unconfirmed', 'eip155:1': 'confirmed' },
      assets: { ETH: { proved: '3000000000' } },
    });
    expect(asked.troubles).toMatchObject([
      { network: 'bitcoin', code: 'NODE_SLOW', message: expect.stringContaining('50 ms') },
    ]);
  });

  test('during the lines costs their balance, and no more', async () => {
    const lie = instead('eth_getBalance', () => NEVER, without('eth_getProof'));
    const asked = await withLie(lie, publishAt(world, block), { timeoutMs: 1000, batch: 1 });
    expect(right(asked)).toMatchObject({ reasons: { balance: 1 } });
    expect(asked.troubles).toMatchObject([{ code: 'NODE_SLOW' }]);
  });
});

test('staked coins: an EVM node is not even asked', async () => {
  const { url, asked } = await liar(world.anvil.url, honest);
  const published = publishAt(world, block, {
    more: (text) => [
      {
        ...{ network: 'eip155:1', asset: 'ETH', address: BOB.evm, class: 'staked', amount: '77' },
        ownership: { scheme: 'eip191', signatures: [eip191(text, BOB)] },
      },
    ],
  });
  const report = right(await verifyWith(published, [node(url)], { tokens: world.tokens }));
  expect(report.reasons).toMatchObject({ balance: 1 });
  expect(asked.filter((method) => method === 'eth_getProof')).toHaveLength(2);
});

test('a node that takes no batches, one by one', async () => {
  const report = right(await withLie(honest, publishAt(world, block), { batch: 1 }));
  expect(report.assets.ETH).toMatchObject({ proved: '3000000000' });
});
