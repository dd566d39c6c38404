import { describeWithBtcd, NEVER, RpcRefusal, whyNoBtcd, type Lie } from '@solvent-por/dev/chain-nodes';
import {
  ADDRESSES,
  bitcoinWorld,
  held,
  publishCoins,
  SENT,
  translated,
  type BitcoinWorld,
} from '../../testing/bitcoin-world';
import { liars, right } from '../../testing/lies';
import { verifyWith, type Asked } from '../../testing/published';

/*
 * A real Bitcoin node (btcd on regtest), and liars between it and the verifier: all of them spell addresses as
 * its network does.
 */
describeWithBtcd('a Bitcoin node', whyNoBtcd(), () => {
  let world: BitcoinWorld;
  const liar = liars();

  beforeAll(async () => {
    world = await bitcoinWorld();
  });
  afterAll(async () => world?.btcd.stop());

  const honest: Lie = translated;
  const instead =
    (wanted: string, change: (result: never, params: readonly unknown[]) => unknown): Lie =>
    async (call, answer) =>
      call.method === wanted
        ? change((await translated(call, answer)) as never, call.params)
        : translated(call, answer);

  async function asked(lie: Lie, published = publishCoins(world.block), more: object = {}): Promise<Asked> {
    const { url } = await liar(world.btcd.url, lie, world.btcd.authorization);
    return verifyWith(published, [{ network: 'bitcoin', kind: 'btcd', url, name: 'index', ...more }]);
  }

  test('an address’s history is replayed to the stated height: checked, never proved', async () => {
    const all = [
      held(ADDRESSES.p2sh, SENT.p2sh),
      held(ADDRESSES.p2wsh, SENT.p2wsh),
      held(ADDRESSES.unused, 0n),
    ];
    const { verdict, answers, troubles } = await asked(honest, publishCoins(world.block, { more: all }));
    expect(verdict).toMatchObject({
      ...{ verdict: 'right', blocks: { bitcoin: 'confirmed' }, nodes: { bitcoin: 'index' } },
      assets: { BTC: { proved: '0', checked: SENT.p2pkh.toString() } },
      reasons: { none: 3 },
    });
    expect(troubles).toEqual([]);
    expect(answers.map(({ address, answer }) => [address, answer.amount]).sort()).toEqual(
      [
        [ADDRESSES.p2pkh, SENT.p2pkh],
        [ADDRESSES.p2sh, SENT.p2sh],
        [ADDRESSES.p2wsh, SENT.p2wsh],
        [ADDRESSES.unused, 0n],
      ].sort(),
    );
  });

  test('a miner’s history of more than one page', async () => {
    const [subsidy, sent] = [5_000_000_000n, SENT.p2pkh + SENT.p2sh + SENT.p2wsh];
    // The fee that the miner paid went back to it.
    const mined = BigInt(world.height) * subsidy - sent;
    const published = (amount: bigint) =>
      publishCoins(world.block, { more: [held(ADDRESSES.miner, amount)] });
    expect(right(await asked(honest, published(mined)))).toMatchObject({ reasons: { none: 1 } });
    expect(await asked(honest, published(mined - 1n))).toMatchObject({
      verdict: { reason: expect.stringContaining(`has ${mined}, not ${mined - 1n}`) },
    });
  });

  test.each<[string, Lie]>([
    [
      'gives one satoshi more',
      instead('searchrawtransactions', (found: { vout: { value: number }[] }[]) =>
        found.map(({ vout, ...rest }) => ({
          ...rest,
          vout: vout.map((output) => ({ ...output, value: Number((output.value + 1e-8).toFixed(8)) })),
        })),
      ),
    ],
    ['hides a history', instead('searchrawtransactions', () => [])],
    [
      'calls a later spending one of before',
      instead('searchrawtransactions', (found: object[]) =>
        found.map((transaction) => ({ ...transaction, confirmations: 1000 })),
      ),
    ],
  ])('a node that %s contradicts: wrong', async (_, lie) => {
    expect(await asked(lie)).toMatchObject({ verdict: { verdict: 'wrong', code: 'NODE_CONTRADICTS' } });
  });

  test('a publication of one satoshi more than the chain has: wrong', async () => {
    const published = publishCoins(world.block, { amount: SENT.p2pkh + 1n });
    expect(await asked(honest, published)).toMatchObject({ verdict: { code: 'NODE_CONTRADICTS' } });
  });

  test.each<[string, Lie]>([
    ['no list', instead('searchrawtransactions', () => ({}))],
    [
      'amounts finer than a satoshi',
      instead('searchrawtransactions', (found: { vout: object[] }[]) =>
        found.map(({ vout, ...rest }) => ({
          ...rest,
          vout: vout.map((output) => ({ ...output, value: 0.123456789 })),
        })),
      ),
    ],
    [
      'a chain that grows with every question',
      (() => {
        let tips = 0;
        return instead('getbestblockhash', () => String(tips++).padStart(64, '0'));
      })(),
    ],
  ])('%s is no answer', async (_, lie) => {
    const given = await asked(lie);
    expect(right(given)).toMatchObject({ reasons: { balance: 1 } });
    expect(given.troubles).toMatchObject([{ code: 'NODE_ANSWER_MALFORMED' }]);
  });

  test.each<[string, (height: number) => Lie]>([
    ['another hash at that height', () => instead('getblockhash', () => '11'.repeat(32))],
    [
      'another time',
      () => instead('getblockheader', (header: { time: number }) => ({ ...header, time: header.time - 1 })),
    ],
    [
      'a next block that is not after takenAt either',
      (height) =>
        instead('getblockheader', (header: { height: number; time: number }) =>
          header.height === height + 1 ? { ...header, time: Date.parse(world.block.time) / 1000 } : header,
        ),
    ],
  ])('a node that says %s contradicts: wrong', async (_, lie) => {
    await expect(asked(lie(world.height))).rejects.toMatchObject({
      code: 'NODE_CONTRADICTS',
      kind: 'invalid',
    });
  });

  test.each<[string, Lie, object, string]>([
    [
      'is behind',
      (call, answer) => {
        if (call.method === 'getblockhash') throw new RpcRefusal(-1, 'Block number out of range');
        return translated(call, answer);
      },
      {},
      'NODE_BEHIND',
    ],
    [
      'has no next block yet',
      instead('getblockheader', ({ nextblockhash: _, ...header }: { nextblockhash?: string }) => header),
      {},
      'NODE_BEHIND',
    ],
    [
      'has it, but only five deep',
      instead('getblockheader', (header: object) => ({ ...header, confirmations: 5 })),
      {},
      'NODE_BEHIND',
    ],
    ['hangs', () => NEVER, { timeoutMs: 50 }, 'NODE_SLOW'],
  ])('a node that %s confirms nothing', async (_, lie, more, code) => {
    const given = await asked(lie, publishCoins(world.block), more);
    expect(right(given)).toMatchObject({ blocks: { bitcoin: 'unconfirmed' }, reasons: { block: 1 } });
    expect(given.troubles).toMatchObject([{ code }]);
    expect(given.answers).toEqual([]);
  });

  test('six deep is final, by the real node’s own count', async () => {
    const tip = Number(await world.btcd.rpc<number>('getblockcount'));
    const deep = tip - world.height + 1;
    expect(right(await asked(honest, publishCoins(world.block), { finality: deep })).blocks).toEqual({
      bitcoin: 'confirmed',
    });
    expect(right(await asked(honest, publishCoins(world.block), { finality: deep + 1 })).blocks).toEqual({
      bitcoin: 'unconfirmed',
    });
  });

  test('a block that is not the last one before takenAt', async () => {
    const next = await world.blockAt(world.height + 1);
    await expect(asked(honest, publishCoins(world.block, { takenAt: next.time }))).rejects.toThrow(
      /not the last one/,
    );
  });

  test('a node whose operator set aside the next block still confirms this one', async () => {
    const next = (await world.blockAt(world.height + 1)).block.slice(2);
    await world.btcd.rpc('invalidateblock', next);
    const given = await asked(honest);
    await world.btcd.rpc('reconsiderblock', next);
    expect(right(given)).toMatchObject({
      blocks: { bitcoin: 'confirmed' },
      assets: { BTC: { checked: SENT.p2pkh.toString() } },
    });
  });

  test('a reorganised block: confirmed before and after, contradicted in between', async () => {
    const { btcd, block } = world;
    const confirmed = async () => right(await asked(honest)).blocks.bitcoin;
    expect(await confirmed()).toBe('confirmed');
    await btcd.rpc('invalidateblock', block.block.slice(2));
    await btcd.generate(8);
    await expect(asked(honest)).rejects.toMatchObject({ code: 'NODE_CONTRADICTS' });
    await btcd.rpc('reconsiderblock', block.block.slice(2));
    expect(await confirmed()).toBe('confirmed');
  });
});
