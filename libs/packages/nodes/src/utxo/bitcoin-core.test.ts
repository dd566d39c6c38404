import { ALICE, AMOUNT, madeCoins, NEXT, OWN, TIME } from '../../testing/made-coins';
import { stubs } from '../../testing/http-stub';
import { right } from '../../testing/lies';
import { verifyWith } from '../../testing/published';
import { scriptOf } from './script';

/*
 * Bitcoin Core is in no registry that tests may use: this is a stub that answers in its form, numbers of eight
 * decimals and errors with status 500 included.
 */

const stub = stubs();
const SCRIPT = scriptOf('bitcoin', ALICE.p2pkh);
const unspent = (txid: string, amount: string, script = SCRIPT) =>
  `{"txid":"${txid}","vout":0,"scriptPubKey":"${script}","desc":"addr(${ALICE.p2pkh})#checksum","amount":${amount},"coinbase":false,"height":800000}`;
const scan = (unspents: readonly string[], total: string, more = '"success":true') =>
  `{${more},"txouts":180000000,"height":900000,"bestblock":"${OWN}","unspents":[${unspents.join(',')}],"total_amount":${total}}`;
const SCANNED = scan(
  [unspent('11'.repeat(32), '1.23456788'), unspent('22'.repeat(32), '0.00000001')],
  '1.23456789',
);
const header = (hash: string, time: number, more: object) =>
  JSON.stringify({ hash, time, previousblockhash: OWN, ...more });
const HEADERS: Readonly<Record<string, string>> = {
  [OWN]: header(OWN, TIME, { confirmations: 6, nextblockhash: NEXT }),
  [NEXT]: header(NEXT, TIME + 900, { confirmations: 5 }),
};

/** @param said results by method, as JSON; an error where it begins with `!` */
type Said = Readonly<Record<string, string | ((params: readonly string[]) => string)>>;

function core(said: Said = {}) {
  return stub((_, body) => {
    const one = ({ id, method, params }: { id: number; method: string; params: readonly string[] }) => {
      const own = said[method];
      const result =
        (typeof own === 'function' ? own(params) : own) ??
        { getblockhash: `"${OWN}"`, getblockheader: HEADERS[params[0]!], scantxoutset: SCANNED }[method];
      return result === undefined || result.startsWith('!')
        ? `{"result":null,"error":${result?.slice(1) ?? '{"code":-32601,"message":"Method not found"}'},"id":${id}}`
        : `{"result":${result},"error":null,"id":${id}}`;
    };
    const calls = JSON.parse(body) as Parameters<typeof one>[0] | Parameters<typeof one>[0][];
    if (Array.isArray(calls)) return { body: `[${calls.map(one).join(',')}]` };
    const answer = one(calls);
    return { body: answer, status: answer.includes('"error":null') ? 200 : 500 };
  });
}

async function asked(said: Said = {}, published = madeCoins()) {
  const { url, requests } = await core(said);
  const node = { network: 'bitcoin', url: url.replace('//', '//user:pass%20word@'), name: 'core' };
  return { ...(await verifyWith(published, [node])), requests };
}

test('a scan at the stated block: checked, to the last satoshi; one scan for all addresses', async () => {
  const other = {
    network: 'bitcoin',
    asset: 'BTC',
    address: '1BoatSLRHtKNngkdXEeobR76b53LETtpyT',
    amount: '0',
    class: 'own',
  };
  const { verdict, requests, troubles } = await asked({}, madeCoins(AMOUNT, [other]));
  expect(verdict).toMatchObject({
    ...{ verdict: 'right', blocks: { bitcoin: 'confirmed' }, nodes: { bitcoin: 'core' } },
    assets: { BTC: { proved: '0', checked: '123456789' } },
  });
  expect(troubles).toEqual([]);
  expect(requests.filter(({ body }) => body.includes('scantxoutset'))).toHaveLength(1);
  const sent = requests.map(({ authorization }) => authorization);
  expect(new Set(sent)).toEqual(new Set([`Basic ${Buffer.from('user:pass word').toString('base64')}`]));
});

test.each([
  ['one satoshi more', scan([unspent('11'.repeat(32), '1.23456790')], '1.23456790')],
  ['nothing', scan([], '0.00000000')],
])('a node that says %s contradicts: wrong', async (_, scantxoutset) => {
  expect(await asked({ scantxoutset })).toMatchObject({
    verdict: { verdict: 'wrong', code: 'NODE_CONTRADICTS' },
  });
});

test.each([
  ['at another block', SCANNED.replace(OWN, NEXT), 'NODE_BEHIND'],
  ['that was ended', SCANNED.replace('"success":true', '"success":false'), 'NODE_ANSWER_MALFORMED'],
  [
    'whose total is not its sum',
    SCANNED.replace('"total_amount":1.2', '"total_amount":2.2'),
    'NODE_ANSWER_MALFORMED',
  ],
  [
    'with an output twice',
    scan([unspent('11'.repeat(32), '1'), unspent('11'.repeat(32), '0.23456789')], '1.23456789'),
    'NODE_ANSWER_MALFORMED',
  ],
  [
    'with an output of somebody else',
    scan([unspent('11'.repeat(32), '1.23456789', '51')], '1.23456789'),
    'NODE_ANSWER_MALFORMED',
  ],
  ['with a negative amount', scan([unspent('11'.repeat(32), '-1')], '-1'), 'NODE_ANSWER_MALFORMED'],
  [
    'with nine decimals',
    scan([unspent('11'.repeat(32), '1.234567891')], '1.234567891'),
    'NODE_ANSWER_MALFORMED',
  ],
  [
    'that somebody else is running',
    '!{"code":-8,"message":"Scan already in progress, use action \\"abort\\""}',
    'NODE_REFUSES',
  ],
])('a scan %s is no answer', async (_, scantxoutset, code) => {
  const given = await asked({ scantxoutset });
  expect(right(given)).toMatchObject({ reasons: { balance: 1 }, blocks: { bitcoin: 'confirmed' } });
  expect(given.troubles).toMatchObject([{ code }]);
});

test.each([
  ['another hash', { getblockhash: `"${NEXT}"` }, /is 0x0b0b/],
  [
    'another time',
    { getblockheader: header(OWN, TIME - 1, { confirmations: 6, nextblockhash: NEXT }) },
    /second/,
  ],
])('a node that says %s contradicts: wrong', async (_, said, message) => {
  await expect(asked(said)).rejects.toThrow(message);
});

test.each([
  ['the block is above its tip', { getblockhash: '!{"code":-8,"message":"Block height out of range"}' }],
  ['it has no next block', { getblockheader: header(OWN, TIME, { confirmations: 1 }) }],
])('where %s nothing is confirmed, and nothing scanned', async (_, said) => {
  const given = await asked(said);
  expect(right(given).blocks).toEqual({ bitcoin: 'unconfirmed' });
  expect(given.troubles).toMatchObject([{ code: 'NODE_BEHIND' }]);
  expect(given.requests.some(({ body }) => body.includes('scantxoutset'))).toBe(false);
});

describe('a node whose operator set aside the next block, so that it can scan at the stated one', () => {
  const tips = (branchlen: number, more: object = {}) =>
    JSON.stringify([
      { height: 900_000, hash: OWN, branchlen: 0, status: 'active' },
      { height: 900_000 + branchlen, hash: LATER[branchlen - 1], branchlen, status: 'invalid', ...more },
    ]);
  const LATER = [NEXT, ...[3, 4, 5, 6].map((n) => `0${n}`.repeat(32))];
  const headers =
    (nextTime = TIME + 900) =>
    (params: readonly string[]) =>
      params[0] === OWN
        ? header(OWN, TIME, { confirmations: 1 })
        : JSON.stringify({
            ...{ hash: params[0], time: nextTime, confirmations: -1 },
            previousblockhash: [OWN, ...LATER][LATER.indexOf(params[0]!)],
          });

  test('confirms it by the blocks that were set aside, and scans', async () => {
    const { verdict } = await asked({ getchaintips: tips(5), getblockheader: headers() });
    expect(verdict).toMatchObject({
      blocks: { bitcoin: 'confirmed' },
      assets: { BTC: { checked: '123456789' } },
    });
  });

  test.each([
    ['too few are', { getchaintips: tips(4) }],
    ['they are another fork', { getchaintips: tips(5, { branchlen: 4 }) }],
    ['they were not set aside', { getchaintips: tips(5, { status: 'headers-only' }) }],
    ['the node does not say', {}],
  ])('where %s nothing is confirmed', async (_, said) => {
    const given = await asked({ ...said, getblockheader: headers() });
    expect(right(given).blocks).toEqual({ bitcoin: 'unconfirmed' });
    expect(given.troubles).toMatchObject([{ code: 'NODE_BEHIND' }]);
  });

  test('where the next one is not after takenAt either: wrong', async () => {
    const said = { getchaintips: tips(5), getblockheader: headers(TIME + 1) };
    await expect(asked(said)).rejects.toThrow(/not the last one/);
  });
});

test('a next block not after takenAt', async () => {
  const { url } = await stub((_, body) => {
    const { id, method, params } = JSON.parse(body) as { id: number; method: string; params: string[] };
    const result =
      method === 'getblockhash' ? `"${OWN}"` : params[0] === OWN ? HEADERS[OWN] : header(NEXT, TIME + 1, {});
    return { body: `{"result":${result},"error":null,"id":${id}}` };
  });
  await expect(verifyWith(madeCoins(), [{ network: 'bitcoin', url, batch: 1 }])).rejects.toThrow(
    /not the last one/,
  );
});
