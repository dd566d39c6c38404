import { readKnownCoins } from '@solvent-por/reserves';
import { COIN_BLOCK, madeCoins, ALICE } from '../testing/made-coins';
import { openNodes, readNodeConfiguration, type ChainNode, type NodeTrouble } from './index';

const URL = 'http://127.0.0.1/v3/0123456789abcdef';

/** Asked through an adapter of somebody's own. */
async function asked(node: Partial<ChainNode>) {
  const troubles: NodeTrouble[] = [];
  const configuration = { network: 'bitcoin', kind: 'own', url: URL, name: 'mine' };
  const nodes = openNodes([readNodeConfiguration(configuration)], {
    reserves: madeCoins().document,
    coins: readKnownCoins(),
    adapters: {
      own: {
        fits: () => true,
        open: () => ({ confirm: async () => undefined, ask: () => [], ...node }),
      },
    },
    onTrouble: (trouble) => troubles.push(trouble),
  });
  const confirmed = await nodes.confirmBlocks();
  const [answer] = await nodes.balances([{ network: COIN_BLOCK.network, address: ALICE.p2pkh }]);
  await nodes.close();
  return { confirmed, answer, troubles };
}

test.each<[string, Partial<ChainNode>]>([
  ['confirming', { confirm: () => Promise.reject(new TypeError(`failed to fetch ${URL}`)) }],
  ['asked', { ask: () => [Promise.reject(new TypeError(`failed to fetch ${URL}`))] }],
  [
    'being asked',
    {
      ask: () => {
        throw new RangeError(`no room for ${URL}`);
      },
    },
  ],
])('whatever an adapter throws when %s is no answer, and its words are not repeated', async (_, node) => {
  const { answer, troubles } = await asked(node);
  expect(answer).toBeUndefined();
  expect(troubles).toMatchObject([{ network: 'bitcoin', node: 'mine', code: 'NODE_ANSWER_MALFORMED' }]);
  expect(JSON.stringify(troubles)).not.toContain('0123456789abcdef');
});
