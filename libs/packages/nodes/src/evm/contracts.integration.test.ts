import { answering, safeAnswers, SIGNS_ANYTHING, word, type Answers } from '@solvent-por/dev/chain-nodes';
import { hexBytes, toHex } from '@solvent-por/kzg';
import { keccak_256 } from '@noble/hashes/sha3.js';
import type { NetworkBlock } from '@solvent-por/reserves';
import { eip191 } from '../../../reserves/testing/keys';
import { ALICE, BOB, evmWorld, publishAt, type EvmWorld } from '../../testing/evm-world';
import { instead, liars, right } from '../../testing/lies';
import { verifyWith, type AskOptions, type Asked } from '../../testing/published';

/* Contracts as small as what is asked of them, on a real node (anvil); the verifier knows their code. */

let world: EvmWorld;
let block: NetworkBlock;
let made: Readonly<Record<string, string>>;
let contracts: Readonly<Record<string, string>>;
const liar = liars();
const MODULE = `0x${'ab'.repeat(20)}`;

beforeAll(async () => {
  world = await evmWorld();
  const { anvil } = world;
  const singleton = (await anvil.send({ data: answering({ '0x00000001': '0x' }) }))!;
  const safe = async (answers: Answers) => (await anvil.send({ data: answering(answers, singleton) }))!;
  const both = [ALICE.evm, BOB.evm];
  made = {
    safe: await safe(safeAnswers(both, 2)),
    withModule: await safe(safeAnswers(both, 2, [MODULE])),
    ofThree: await safe(safeAnswers(both, 3)),
    ofOthers: await safe(safeAnswers([ALICE.evm, MODULE], 2)),
    withoutThreshold: await safe({ ...safeAnswers(both, 2), '0xe75235b8': `0x${word(0n)}` }),
    reverting: await safe({}),
    otherSingleton: (await anvil.send({ data: answering(safeAnswers(both, 2), MODULE) }))!,
    wallet: (await anvil.send({ data: SIGNS_ANYTHING }))!,
    refusing: (await anvil.send({ data: answering({ '0x1626ba7e': `0x${word(0xffffffffn)}` }) }))!,
    padded: (await anvil.send({ data: answering({ '0x1626ba7e': `0x1626ba7e${'0'.repeat(55)}1` }) }))!,
    short: (await anvil.send({ data: answering({ '0x1626ba7e': '0x1626ba7e' }) }))!,
  };
  await anvil.mine(1);
  block = await world.blockAt(await world.height());
  await anvil.mine(10);
  const hashes = await Promise.all(
    Object.entries(made).map(async ([name, address]) => [name, await world.codeHash(address)] as const),
  );
  const kinds = ['wallet', 'refusing', 'padded', 'short'];
  contracts = {
    [await world.codeHash(singleton)]: 'safe',
    ...Object.fromEntries(
      hashes.map(([name, hash]) => [hash, kinds.includes(name) ? 'eip1271' : 'safe-proxy'] as const),
    ),
  };
});
afterAll(async () => world?.anvil.stop());

interface Signed {
  readonly scheme?: string;
  readonly message?: number;
}

/** One contract's line beside Alice's, signed by both of its owners, or by itself. */
async function controlOf(
  address: string,
  { scheme = 'owners' }: Signed = {},
  options: AskOptions = {},
  url = world.anvil.url,
): Promise<Asked> {
  const published = publishAt(world, block, {
    more: (text) => [
      {
        ...{ network: 'eip155:1', asset: 'ETH', address, class: 'own', amount: '0' },
        ownership:
          scheme === 'owners'
            ? {
                ...{ scheme, form: 'eip191', owners: [ALICE.evm, BOB.evm] },
                signatures: [eip191(text, ALICE), eip191(text, BOB)],
              }
            : { scheme, signatures: ['0x1234'] },
      },
    ],
  });
  return verifyWith(published, [{ network: 'eip155:1', url }], {
    ...{ tokens: world.tokens, contracts },
    ...options,
  });
}

test('a Safe whose owners signed, as many as it asks for: checked', async () => {
  const report = right(await controlOf(made.safe!));
  expect(report).toMatchObject({ modules: 0, ownership: { fresh: 3 }, reasons: {} });
});

test('a Safe with modules is counted', async () => {
  expect(right(await controlOf(made.withModule!))).toMatchObject({ modules: 1, ownership: { fresh: 3 } });
});

test.each(['ofThree', 'ofOthers', 'withoutThreshold', 'reverting'])(
  'a known Safe that answers otherwise (%s): wrong',
  async (name) => {
    expect(await controlOf(made[name]!)).toMatchObject({
      verdict: {
        verdict: 'wrong',
        code: 'NODE_CONTRADICTS',
        reason: expect.stringContaining('controlled by'),
      },
    });
  },
);

test('a Safe whose code, or whose singleton’s, is not known: unchecked', async () => {
  for (const asked of [
    await controlOf(made.safe!, {}, { contracts: {} }),
    await controlOf(made.otherSingleton!),
    await controlOf(made.wallet!),
    await controlOf(ALICE.evm.replace(/^0x./, '0x0')),
  ])
    expect(right(asked)).toMatchObject({ ownership: { fresh: 2, unchecked: 1 }, reasons: { unchecked: 1 } });
});

test('EIP-1271: a wallet of known code that signs; of unknown code it vouches for itself', async () => {
  expect(right(await controlOf(made.wallet!, { scheme: 'eip1271' }))).toMatchObject({
    ownership: { fresh: 3 },
    reasons: {},
  });
  expect(
    right(await controlOf(made.wallet!, { scheme: 'eip1271' }, { contracts: {} })).ownership,
  ).toMatchObject({ unchecked: 1 });
  expect(right(await controlOf(made.safe!, { scheme: 'eip1271' })).ownership).toMatchObject({ unchecked: 1 });
});

test.each(['refusing', 'padded', 'short'])(
  'EIP-1271: another answer than the magic value (%s): wrong',
  async (name) => {
    expect(await controlOf(made[name]!, { scheme: 'eip1271' })).toMatchObject({
      verdict: { verdict: 'wrong', code: 'NODE_CONTRADICTS' },
    });
  },
);

test('a node that gives other code, or nothing, shows no control', async () => {
  for (const code of ['0x', '0x6000', 7]) {
    const { url } = await liar(
      world.anvil.url,
      instead('eth_getCode', () => code),
    );
    expect(right(await controlOf(made.safe!, {}, {}, url)).ownership).toMatchObject({ unchecked: 1 });
  }
});

test('the code that is known is hashed as the chain has it', async () => {
  const code = await world.anvil.rpc<string>('eth_getCode', [made.wallet!, 'latest']);
  expect(contracts[toHex(keccak_256(hexBytes(code, code.length / 2 - 1)))]).toBe('eip1271');
});
