import {
  CONFIRMED,
  draft,
  make,
  OPERATOR,
  type Changes,
  type Draft,
  type Made,
} from '../testing/made-publication';
import { edKey, signEd } from '../testing/keys';
import { piecesOf, reportOf, verdictOf } from '../testing/verdict-of';
import { parseReserves, reservesDigest } from './documents/parse-reserves';
import { hexOf } from './hex';
import { verifyReserves } from './verify/verify-reserves';

type Document = Draft['document'];
const document = (change: (document: Document) => void): Changes => ({
  draft: (made) => change(made.document),
});
const unsigned = (change: (document: Document) => void): Changes => ({ unsigned: change });
const signed = (change: (document: Record<string, unknown>) => void): Changes => ({ signed: change });
const text = (change: (reserves: string) => string): Made => {
  const made = make();
  return { ...made, reserves: change(made.reserves) };
};

test('the honest twin of everything here is right', async () => {
  expect(await reportOf(make())).toMatchObject({ verdict: 'right', ownership: { fresh: 3 } });
});

describe('R1: form', () => {
  test.each<[string, (reserves: string) => string]>([
    ['a space', (r) => r.replace(':', ': ')],
    ['a final LF', (r) => `${r}\n`],
    ['members out of order', (r) => `{"anchor":"eip155:1",${r.slice(1).replace('"anchor":"eip155:1",', '')}`],
    ['a member twice', (r) => r.replace('"anchor":"eip155:1",', '"anchor":"eip155:1","anchor":"eip155:1",')],
    ['an amount as a float', (r) => r.replace('"own":"100"', '"own":1e2')],
    ['a total with a leading zero', (r) => r.replace('"own":"100"', '"own":"0100"')],
    ['a total of 2^128', (r) => r.replace('"own":"100"', `"own":"${1n << 128n}"`)],
    ['a number as text', (r) => r.replace('"scale":8', '"scale":"8"')],
    ['a scale of 37', (r) => r.replace('"scale":8', '"scale":37')],
    ['cut off', (r) => r.slice(0, -1)],
    ['17 deep', (r) => r.replace('"attested":[]', `"attested":${'['.repeat(16)}${']'.repeat(16)}`)],
    ['100 deep', (r) => r.replace('"attested":[]', `"attested":${'['.repeat(100)}${']'.repeat(100)}`)],
    ['no object', () => '[]'],
  ])('%s: malformed', async (_, change) => {
    const made = text(change);
    expect(made.reserves).not.toBe(make().reserves);
    expect(await verdictOf(made)).toMatchObject({ verdict: 'malformed' });
  });

  test.each<[string, Changes]>([
    ['an unknown member', document((d) => (d.extra = 1))],
    ['an unknown member of a network', document((d) => (d.networks[0]!.extra = 1))],
    [
      'an unknown member of totals',
      unsigned((d) => ((d.assets[0]!.totals as Record<string, unknown>).lent = '0')),
    ],
    ['a missing member', unsigned((d) => delete d.addresses)],
    ['longer than 8 MiB', document((d) => (d.messages = ['x'.repeat(9_000_000)]))],
  ])('%s: malformed', async (_, changes) => {
    expect(await verdictOf(make(changes))).toMatchObject({ verdict: 'malformed' });
  });
});

describe('R2: who signed what', () => {
  test.each<[string, Changes]>([
    ['another protocol', document((d) => (d.protocol = 'solvent/v1'))],
    ['a snapshot in capitals', document((d) => (d.snapshot = 'Test'))],
    ['a domain with a slash', document((d) => (d.domain = 'a/b'))],
    ['30 February', document((d) => (d.takenAt = '2026-02-30T00:00:00Z'))],
    ['an operator key of small order', document((d) => (d.operator = `0x${'00'.repeat(32)}`))],
    ['an operator key that is the identity', document((d) => (d.operator = `0x01${'00'.repeat(31)}`))],
    ['an operator key not canonical', document((d) => (d.operator = `0x${'ff'.repeat(32)}`))],
  ])('%s: malformed', async (_, changes) => {
    expect(await verdictOf(make(changes))).toMatchObject({ verdict: 'malformed' });
  });

  test.each<[string, Changes]>([
    ['a changed signature', signed((d) => (d.signature = `0x${'00'.repeat(64)}`))],
    ['a document changed after it was signed', signed((d) => (d.domain = 'other.example'))],
    [
      'a signature with malleable S',
      signed((d) => {
        const order = (1n << 252n) + 27742317777372353535851937790883648493n;
        const bytes = (d.signature as string).slice(2).match(/../g)!;
        const s = BigInt(`0x${bytes.slice(32).reverse().join('')}`) + order;
        d.signature = `0x${bytes.slice(0, 32).join('')}${s.toString(16).padStart(64, '0').match(/../g)!.reverse().join('')}`;
      }),
    ],
  ])('%s: wrong', async (_, changes) => {
    expect(await verdictOf(make(changes))).toMatchObject({ verdict: 'wrong', code: 'RESERVES_UNTRUE' });
  });

  test('another operator than the one expected: wrong', async () => {
    expect(await verdictOf(make(), { operator: hexOf(edKey('somebody').key) })).toMatchObject({
      ...{ verdict: 'wrong', reason: expect.stringContaining('not by the expected') as string },
    });
  });

  const earlier = parseReserves(
    make({
      draft: ({ document: d }) => {
        d.networks[1] = { ...d.networks[1] };
        d.snapshot = 'before';
      },
    }).reserves,
  );
  const before = (takenAt: string) => {
    const { signature: _, ...rest } = { ...earlier, takenAt, statement: earlier.statement };
    return { ...rest, signature: signEd(reservesDigest(rest), OPERATOR) };
  };
  const yesterday = before('2026-11-29T00:00:00Z');
  const digest = hexOf(reservesDigest(yesterday));

  test('the next of the chain, and the same again: right', async () => {
    const next = make(document((d) => (d.previous = digest)));
    expect(await verdictOf(next, { previous: yesterday })).toMatchObject({ verdict: 'right' });
    expect(await verdictOf(next, { previous: parseReserves(next.reserves) })).toMatchObject({
      verdict: 'right',
    });
  });

  test('a broken chain: wrong', async () => {
    const first = make();
    expect(await verdictOf(first, { previous: yesterday })).toMatchObject({ verdict: 'wrong' });
    const other = make(document((d) => (d.previous = `0x${'11'.repeat(32)}`)));
    expect(await verdictOf(other, { previous: yesterday })).toMatchObject({ verdict: 'wrong' });
    const sameTime = before('2026-11-30T00:00:00Z');
    const late = make(document((d) => (d.previous = hexOf(reservesDigest(sameTime)))));
    expect(await verdictOf(late, { previous: sameTime })).toMatchObject({ verdict: 'wrong' });
    const unsignedEarlier = { ...yesterday, signature: `0x${'00'.repeat(64)}` };
    const next = make(document((d) => (d.previous = hexOf(reservesDigest(unsignedEarlier)))));
    expect(await verdictOf(next, { previous: unsignedEarlier })).toMatchObject({ verdict: 'wrong' });
  });
});

describe('R4: assets and holdings', () => {
  const pepe = '0x6982508145454ce325ddbe47a25d4ec3d2311933';
  test.each<[string, Changes]>([
    ['assets out of order', document((d) => d.assets.reverse())],
    ['an asset without a holding', document((d) => d.assets.push({ symbol: 'XRP', scale: 6 }))],
    ['holdings out of order', document((d) => d.holdings.reverse())],
    ['a holding of an asset that is not listed', document((d) => (d.holdings[0]!.asset = 'AAA'))],
    ['ETH with 9 decimals', document((d) => (d.holdings[1]!.decimals = 9))],
    [
      'a token in capitals',
      document((d) => (d.holdings[2]!.token = `0xDAC17F958D2EE523A2206206994597C13D831EC7`)),
    ],
    [
      'one token under two assets',
      document((d) => {
        d.assets.push({ symbol: 'USDU', scale: 6 });
        d.holdings.push({ ...d.holdings[2], asset: 'USDU' });
      }),
    ],
    [
      'the own coin once more',
      document((d) => {
        d.holdings[2]!.token = '0x000000000000000000000000000000000000800a';
        delete d.holdings[2]!.storage;
      }),
    ],
    ['storage of the own coin', document((d) => (d.holdings[1]!.storage = ['0x80']))],
    ['storage without a header', document((d) => delete d.networks[1]!.header)],
    ['a holding of no lines', unsigned((d) => (d.holdings[0]!.lines = 0))],
    [
      'attested in order, but among the assets',
      document((d) => (d.attested = [{ symbol: 'BTC', scale: 2, amount: '1', by: 'bank', digest: null }])),
    ],
    [
      'attested by nobody',
      document((d) => (d.attested = [{ symbol: 'USD', scale: 2, amount: '1', by: '', digest: null }])),
    ],
  ])('%s: malformed', async (_, changes) => {
    expect(await verdictOf(make(changes))).toMatchObject({ verdict: 'malformed' });
  });

  test.each<[string, Changes]>([
    ['a known token with other decimals', document((d) => (d.holdings[2]!.decimals = 8))],
    [
      'a known token under another asset',
      {
        draft: (made) => {
          made.document.holdings[2]!.asset = 'USDZ';
          made.document.assets[2]!.symbol = 'USDZ';
          made.lines[2]!.asset = 'USDZ';
        },
      },
    ],
  ])('%s: wrong', async (_, changes) => {
    expect(await verdictOf(make(changes))).toMatchObject({ verdict: 'wrong', code: 'RESERVES_UNTRUE' });
  });

  test('a token that nobody knows is claimed', async () => {
    const made = make({
      draft: ({ document: d, lines }) => {
        d.holdings[2] = { network: 'eip155:1', asset: 'USDT', token: pepe, decimals: 6 };
        lines[2]!.token = pepe;
        delete lines[2]!.balance;
      },
    });
    expect(await reportOf(made)).toMatchObject({ reasons: { block: 1, token: 1 } });
  });
});

describe('R6: sums', () => {
  test.each<[string, Changes]>([
    [
      'a total of an asset',
      unsigned((d) => (d.assets[1]!.totals = { custodian: '0', own: '3000000001', staked: '0' })),
    ],
    [
      'a total of a holding and its asset',
      unsigned((d) => {
        d.holdings[0]!.totals = { custodian: '0', own: '200', staked: '0' };
        d.assets[0]!.totals = { custodian: '0', own: '200', staked: '0' };
      }),
    ],
    [
      'a class for another',
      unsigned((d) => {
        d.holdings[0]!.totals = { custodian: '0', own: '0', staked: '100' };
        d.assets[0]!.totals = { custodian: '0', own: '0', staked: '100' };
      }),
    ],
    ['lines', unsigned((d) => (d.holdings[0]!.lines = 2))],
    [
      'the digest of the file',
      unsigned((d) => ((d.addresses as Record<string, unknown>).digest = `0x${'00'.repeat(32)}`)),
    ],
    ['bytes of the file', unsigned((d) => ((d.addresses as Record<string, unknown>).bytes = 1_000_000))],
    ['a line fewer in the file', { file: (lines) => lines.slice(lines.indexOf('\n') + 1) }],
  ])('%s: wrong', async (_, changes) => {
    expect(await verdictOf(make(changes))).toMatchObject({ verdict: 'wrong' });
  });

  test('a file that is longer is refused before it is read', async () => {
    const made = make();
    let asked = 0;
    async function* endless() {
      for (;;) {
        asked++;
        yield new Uint8Array(1000).fill(0x20);
      }
    }
    const verdict = await verifyReserves(new TextEncoder().encode(made.reserves), endless(), {
      blocks: CONFIRMED,
    });
    expect(verdict).toMatchObject({ verdict: 'wrong', code: 'ADDRESSES_UNTRUE' });
    expect(asked).toBeLessThan(20);
  });

  test('a file that is cut off: malformed, and so are 100 MB on a line', async () => {
    const { reserves, addresses, operator } = make(
      unsigned((d) => ((d.addresses as Record<string, unknown>).bytes = 2 ** 40)),
    );
    const verify = (pieces: AsyncIterable<Uint8Array>) =>
      verifyReserves(new TextEncoder().encode(reserves), pieces, { operator });
    expect(await verify(piecesOf(addresses.slice(0, -1)))).toMatchObject({
      verdict: 'malformed',
      code: 'FILE_CUT_OFF',
    });
    let asked = 0;
    async function* hundredMegabytes() {
      for (let i = 0; i < 100; i++) {
        asked++;
        yield new Uint8Array(1_000_000).fill(0x61);
      }
    }
    expect(await verify(hundredMegabytes())).toMatchObject({ verdict: 'malformed', code: 'LINE_TOO_LONG' });
    expect(asked).toBe(1);
  });
});

describe('R7: texts and prices', () => {
  test('another statement: wrong', async () => {
    const changes = document((d) => (d.statement = 'Solvent proof of reserves by exchange.example.'));
    expect(await verdictOf(make(changes))).toMatchObject({ verdict: 'wrong' });
  });

  test.each<[string, Changes]>([
    ['a legacy text that is one of ours', document((d) => (d.messages = ['Solvent proof of nothing']))],
    ['a legacy text twice', document((d) => (d.messages = ['a', 'a']))],
    ['nine legacy texts', document((d) => (d.messages = [...'abcdefghi']))],
    ['a legacy text of two lines', document((d) => (d.messages = ['a\nb']))],
    ['a legacy text of 301 characters', document((d) => (d.messages = ['a'.repeat(301)]))],
    ['a unit without prices', document((d) => Object.assign(d, { unit: 'USD', priceScale: 6 }))],
    ['a price of one asset', document((d) => (d.assets[0]!.price = '1'))],
    [
      'a price of 0',
      document((d) => {
        Object.assign(d, { unit: 'USD', priceScale: 6 });
        d.assets.forEach((asset) => (asset.price = '0'));
      }),
    ],
    [
      'a price of 2^64',
      document((d) => {
        Object.assign(d, { unit: 'USD', priceScale: 6 });
        d.assets.forEach((asset) => (asset.price = (1n << 64n).toString()));
      }),
    ],
  ])('%s: malformed', async (_, changes) => {
    expect(await verdictOf(make(changes))).toMatchObject({ verdict: 'malformed' });
  });

  test('prices of everything: right', async () => {
    const changes = document((d) => {
      Object.assign(d, { unit: 'USD', priceScale: 6 });
      d.assets.forEach((asset) => (asset.price = '950'));
    });
    expect(await reportOf(make(changes))).toMatchObject({ unit: 'USD', assets: { BTC: { price: '950' } } });
  });
});

test('a draft is made anew for every test', () => expect(draft()).not.toBe(draft()));
