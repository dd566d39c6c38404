import { ALICE, madeCoins, NEXT, OWN, TIME } from '../../testing/made-coins';
import { stubs } from '../../testing/http-stub';
import { right } from '../../testing/lies';
import { verifyWith } from '../../testing/published';
import { scriptOf } from './script';

/* Esplora is in no registry that tests may use: this is a stub that answers in its form. */

const stub = stubs();
const SCRIPT = scriptOf('bitcoin', ALICE.p2pkh);
const id = (n: number) => n.toString(16).padStart(64, '0');
interface Transaction {
  readonly txid: string;
  readonly vin: readonly object[];
  readonly vout: readonly object[];
  readonly status: object;
}
const transaction = (
  n: number,
  height: number | undefined,
  outputs: readonly number[],
  spends: readonly number[] = [],
): Transaction => ({
  txid: id(n),
  vin: spends.map((of) => ({ txid: id(of), vout: 0, is_coinbase: false, prevout: { scriptpubkey: SCRIPT } })),
  vout: outputs.map((value) => ({ scriptpubkey: SCRIPT, value })),
  status: height === undefined ? { confirmed: false } : { confirmed: true, block_height: height },
});
/** Newest first; after the stated block all of it went elsewhere, and something came. */
const HISTORY = [
  transaction(9, undefined, [1]),
  transaction(8, 900_001, [77], [3, 2]),
  transaction(3, 900_000, [100_000_000, 23_456_789 - 5]),
  transaction(2, 899_999, [5], [1]),
  transaction(1, 800_000, [50_000_000]),
];

interface Changes {
  readonly history?: readonly object[];
  readonly page?: number;
  readonly answers?: Readonly<
    Record<string, { readonly body: string; readonly status?: number } | undefined>
  >;
}

function esplora({ history = HISTORY, page = 2, answers = {} }: Changes) {
  const blocks: Readonly<Record<string, string>> = {
    '/block-height/900000': OWN,
    [`/block/${OWN}`]: JSON.stringify({ id: OWN, height: 900_000, timestamp: TIME }),
    [`/block/${OWN}/status`]: JSON.stringify({ in_best_chain: true, height: 900_000, next_best: NEXT }),
    [`/block/${NEXT}`]: JSON.stringify({ id: NEXT, timestamp: TIME + 900, previousblockhash: OWN }),
    '/blocks/tip/height': '900005',
  };
  return stub((path) => {
    if (Object.hasOwn(answers, path)) return answers[path];
    const [, , address, , , after] = path.split('/');
    if (!path.startsWith('/address/'))
      return path in blocks ? { body: blocks[path]! } : { status: 404, body: 'Not found' };
    expect(address).toBe(ALICE.p2pkh);
    const from = after === undefined ? 0 : history.findIndex((of) => (of as Transaction).txid === after) + 1;
    return { body: JSON.stringify(history.slice(from, from + page)) };
  });
}

async function asked(changes: Changes = {}, amount?: bigint) {
  const { url, requests } = await esplora(changes);
  const node = { network: 'bitcoin', kind: 'esplora', url, name: 'explorer' };
  return { ...(await verifyWith(madeCoins(amount), [node])), requests };
}

test('a history is replayed page by page to the stated height: checked', async () => {
  const { verdict, troubles, requests } = await asked();
  expect(verdict).toMatchObject({
    ...{ verdict: 'right', blocks: { bitcoin: 'confirmed' }, nodes: { bitcoin: 'explorer' } },
    assets: { BTC: { proved: '0', checked: '123456789' } },
  });
  expect(troubles).toEqual([]);
  expect(requests.filter(({ path }) => path.startsWith('/address/'))).toHaveLength(4);
});

test('one satoshi more, a spending left out, or a later one called earlier: wrong', async () => {
  expect(await asked({}, 123_456_790n)).toMatchObject({ verdict: { code: 'NODE_CONTRADICTS' } });
  const without = HISTORY.filter(({ txid }) => txid !== id(2));
  expect(await asked({ history: without })).toMatchObject({ verdict: { code: 'NODE_CONTRADICTS' } });
  const earlier = HISTORY.map((of) =>
    of.txid === id(8) ? { ...of, status: { confirmed: true, block_height: 1 } } : of,
  );
  expect(await asked({ history: earlier })).toMatchObject({ verdict: { code: 'NODE_CONTRADICTS' } });
});

test('transactions that come twice count once', async () => {
  const twice = [...HISTORY, HISTORY[4]!, transaction(10, 10, [])];
  expect(right(await asked({ history: twice, page: 10 })).assets.BTC).toMatchObject({ checked: '123456789' });
});

test.each<[string, unknown]>([
  ['a float', 0.5],
  ['a negative number', -1],
  ['a text', 'all'],
])('%s as an amount is no answer', async (_, value) => {
  const history = [{ ...HISTORY[4]!, vout: [{ scriptpubkey: SCRIPT, value }] }];
  const given = await asked({ history });
  expect(right(given)).toMatchObject({ reasons: { balance: 1 } });
  expect(given.troubles).toMatchObject([{ code: 'NODE_ANSWER_MALFORMED' }]);
});

test('an explorer that gives the same page for ever is no answer', async () => {
  const path = `/address/${ALICE.p2pkh}/txs/chain`;
  const body = JSON.stringify([HISTORY[4]]);
  const given = await asked({ answers: { [path]: { body }, [`${path}/${id(1)}`]: { body } } });
  expect(given.troubles).toMatchObject([{ code: 'NODE_ANSWER_MALFORMED' }]);
});

test('an explorer whose pages go round in a circle is no answer, and not asked for ever', async () => {
  const path = `/address/${ALICE.p2pkh}/txs/chain`;
  const [three, two, one] = HISTORY.slice(2).map((of) => ({ body: JSON.stringify([of]) }));
  const given = await asked({
    answers: {
      ...{ [path]: three, [`${path}/${id(3)}`]: two, [`${path}/${id(2)}`]: one, [`${path}/${id(1)}`]: three },
    },
  });
  expect(given.troubles).toMatchObject([{ code: 'NODE_ANSWER_MALFORMED' }]);
  expect(given.requests.filter(({ path }) => path.startsWith('/address/'))).toHaveLength(4);
});

test.each<[string, object]>([
  ['a script', { vout: [{ scriptpubkey: { toString: 1 }, value: 1 }] }],
  ['a transaction’s name', { txid: { toString: 1 } }],
  ['an index', { vin: [{ txid: id(5), vout: { toString: 1 } }] }],
])('an object where %s should be is no answer, and no crash', async (_, changes) => {
  const given = await asked({ history: [{ ...HISTORY[4]!, ...changes }] });
  expect(right(given)).toMatchObject({ reasons: { balance: 1 } });
  expect(given.troubles).toMatchObject([{ code: 'NODE_ANSWER_MALFORMED' }]);
});

const own = (changes: object) => ({
  [`/block/${OWN}`]: { body: JSON.stringify({ id: OWN, timestamp: TIME, ...changes }) },
});
const next = (changes: object) => ({
  [`/block/${NEXT}`]: {
    body: JSON.stringify({ id: NEXT, timestamp: TIME + 900, previousblockhash: OWN, ...changes }),
  },
});
const status = (changes: object) => ({
  [`/block/${OWN}/status`]: { body: JSON.stringify({ in_best_chain: true, next_best: NEXT, ...changes }) },
});

test.each<[string, Changes['answers'], RegExp]>([
  ['another hash at that height', { '/block-height/900000': { body: NEXT } }, /is 0x0b0b/],
  ['another time', own({ timestamp: TIME + 1 }), /second/],
  ['a next block not after takenAt', next({ timestamp: TIME + 533 }), /not the last one/],
])('an explorer that says %s contradicts: wrong', async (_, answers, message) => {
  await expect(asked({ answers: answers! })).rejects.toThrow(message);
});

test.each<[string, Changes['answers'], string]>([
  ['has no such block', { '/block-height/900000': { status: 404, body: 'Block not found' } }, 'NODE_BEHIND'],
  ['has no next block', status({ next_best: null }), 'NODE_BEHIND'],
  ['has it five deep', { '/blocks/tip/height': { body: '900004' } }, 'NODE_BEHIND'],
  ['lost it meanwhile', status({ in_best_chain: false }), 'NODE_ANSWER_MALFORMED'],
  ['gives a next block that does not follow', next({ previousblockhash: NEXT }), 'NODE_ANSWER_MALFORMED'],
  ['is a page of HTML', { '/block-height/900000': { body: '<html>' } }, 'NODE_ANSWER_MALFORMED'],
])('an explorer that %s confirms nothing', async (_, answers, code) => {
  const given = await asked({ answers: answers! });
  expect(right(given).blocks).toEqual({ bitcoin: 'unconfirmed' });
  expect(given.troubles).toMatchObject([{ code }]);
});
