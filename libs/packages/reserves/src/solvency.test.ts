import { sha256 } from '@noble/hashes/sha2.js';
import { concat, toHex, utf8 } from '@solvent-por/kzg';
import { canonicalJson, headerDigest, parseHeader, type Header } from '@solvent-por/verifier';
import { signEd } from '../testing/keys';
import { make, OPERATOR, OPERATOR_KEY, TAKEN_AT } from '../testing/made-publication';
import { reportOf, verdictOf } from '../testing/verdict-of';
import { readManifest } from './verify/manifest';
import { compareWithLiabilities, type ReservesSums } from './verify/solvency';

const header = (assets: readonly (readonly [string, number])[], more: object = {}): Header =>
  parseHeader({
    ...{ protocol: 'solvent/v1', operator: OPERATOR_KEY, snapshot: 'test', takenAt: TAKEN_AT, mode: 'spot' },
    assets: assets.map(([symbol, scale]) => ({ symbol, scale, limbs: 6 })),
    ...more,
  });
const sums = (proved: number, checked: number, claimed: number, scale = 8) => ({
  ...{ scale, proved: `${proved}`, checked: `${checked}`, claimed: `${claimed}` },
});
const compare = (owed: readonly (readonly [string, number, number])[], held: ReservesSums) =>
  compareWithLiabilities(
    {
      header: header(owed.map(([symbol, scale]) => [symbol, scale])),
      totals: owed.map(([, , equity]) => `${equity}`),
    },
    held,
  );
const one = (equity: number, held: ReturnType<typeof sums>) => {
  const { assets, ...whole } = compare([['BTC', 8, equity]], { assets: { BTC: held } });
  return { ...whole, btc: assets!.BTC };
};

describe('an asset', () => {
  test.each<[string, number, ReturnType<typeof sums>, object]>([
    ['proved covers', 10, sums(10, 5, 5), { verdict: 'covered', by: 'proved' }],
    ['proved lacks one unit', 10, sums(9, 1, 5), { verdict: 'covered', by: 'checked' }],
    ['checked lacks one unit', 10, sums(5, 4, 1), { verdict: 'claimed' }],
    ['one unit short', 10, sums(5, 4, 0), { verdict: 'short' }],
    ['nothing owed', 0, sums(0, 0, 0), { verdict: 'covered', by: 'proved' }],
  ])('%s', (_, equity, held, expected) => {
    const { btc, ...whole } = one(equity, held);
    expect(whole).toEqual(expected);
    expect(btc).toMatchObject(expected);
  });

  test('ratios are cumulated, in basis points rounded down, and null where nothing is owed', () => {
    expect(one(3, sums(1, 1, 2)).btc!.ratio).toEqual({ proved: '3333', checked: '6666', claimed: '13333' });
    expect(one(0, sums(1, 1, 2)).btc!.ratio).toEqual({ proved: null, checked: null, claimed: null });
  });
});

describe('the whole is the worst of its assets', () => {
  const held = { assets: { BTC: sums(10, 0, 0), ETH: sums(0, 10, 0) } };
  test('covered by the weakest', () =>
    expect(
      compare(
        [
          ['BTC', 8, 10],
          ['ETH', 8, 10],
        ],
        held,
      ),
    ).toMatchObject({ verdict: 'covered', by: 'checked' }));
  test('a surplus in one never helps another', () =>
    expect(
      compare(
        [
          ['BTC', 8, 1],
          ['ETH', 8, 11],
        ],
        held,
      ),
    ).toMatchObject({ verdict: 'short' }));
  test('what no ledger holds is not covered on chain', () =>
    expect(
      compare(
        [
          ['BTC', 8, 1],
          ['USD', 2, 1],
        ],
        held,
      ),
    ).toMatchObject({
      verdict: 'not covered on chain',
      assets: { USD: { verdict: 'not covered on chain', equity: '1' } },
    }));
  test('but nothing of it owed is covered', () =>
    expect(
      compare(
        [
          ['BTC', 8, 1],
          ['USD', 2, 0],
        ],
        held,
      ),
    ).toMatchObject({ verdict: 'covered', by: 'proved' }));
  test('another scale cannot be compared', () =>
    expect(compare([['BTC', 9, 1]], held)).toMatchObject({ verdict: 'not comparable' }));
  test('short comes before what is not comparable', () =>
    expect(
      compare(
        [
          ['BTC', 9, 1],
          ['ETH', 8, 11],
        ],
        held,
      ),
    ).toMatchObject({ verdict: 'short' }));
  test('what is not owed changes nothing', () =>
    expect(compare([['BTC', 8, 1]], held)).toMatchObject({
      ...{ verdict: 'covered', by: 'proved' },
      assets: { ETH: { verdict: 'not owed' } },
    }));
  test('an attested amount is the operator’s word', () => {
    const attested = [{ symbol: 'USD', scale: 2, amount: '5' }];
    expect(compare([['USD', 2, 5]], { ...held, attested })).toMatchObject({ verdict: 'claimed' });
    expect(compare([['USD', 2, 6]], { ...held, attested })).toMatchObject({ verdict: 'short' });
  });
});

describe('claims to another coin', () => {
  const owed = [
    ['BETH', 9, 30],
    ['ETH', 9, 2],
  ] as const;
  test('are compared together with it', () => {
    const { assets, ...whole } = compare(owed, { assets: { ETH: sums(32, 0, 0, 9) } });
    expect(whole).toEqual({ verdict: 'covered', by: 'proved' });
    expect(assets).toMatchObject({
      ETH: { equity: '32' },
      BETH: { with: 'ETH', verdict: 'covered', by: 'proved', equity: '30' },
    });
    expect(compare(owed, { assets: { ETH: sums(31, 0, 0, 9) } })).toMatchObject({ verdict: 'short' });
  });
  test('not where both are held', () => {
    const held = { assets: { BETH: sums(30, 0, 0, 9), ETH: sums(2, 0, 0, 9) } };
    expect(compare(owed, held)).toMatchObject({ verdict: 'covered', assets: { ETH: { equity: '2' } } });
  });
  test('not comparable in another scale', () =>
    expect(
      compare(
        [
          ['BETH', 8, 30],
          ['ETH', 9, 2],
        ],
        { assets: { ETH: sums(99, 0, 0, 9) } },
      ),
    ).toMatchObject({
      ...{ verdict: 'not comparable', assets: { BETH: { verdict: 'not comparable' } } },
    }));
  test('where the coin itself is not owed', () =>
    expect(compare([['BETH', 9, 30]], { assets: { ETH: sums(29, 0, 0, 9) } })).toMatchObject({
      verdict: 'short',
      assets: { BETH: { verdict: 'short', with: 'ETH' } },
    }));
});

describe('aggregate', () => {
  const unit = header([['USD', 2]], { mode: 'aggregate', unit: 'USD' });
  const held = { unit: 'USD', priceScale: 6, assets: { BTC: { ...sums(100, 100, 0), price: '1000000' } } };
  const owe = (equity: number, sums: ReservesSums, prices?: Parameters<typeof compareWithLiabilities>[2]) =>
    compareWithLiabilities({ header: unit, totals: [`${equity}`, '0'] }, sums, prices);
  test('at the operator’s prices never better than claimed', () => {
    expect(owe(1, held)).toMatchObject({
      verdict: 'claimed',
      prices: 'operator',
      unit: { verdict: 'claimed' },
    });
    expect(owe(20_001, held)).toMatchObject({ verdict: 'short' });
  });
  test('at the verifier’s, which replace all of them', () => {
    const prices = (BTC: string) => ({ unit: 'USD', priceScale: 6, prices: { BTC } });
    expect(owe(10_000, held, prices('1000000'))).toMatchObject({
      verdict: 'covered',
      by: 'proved',
      prices: 'verifier',
    });
    expect(owe(10_001, held, prices('1000000'))).toMatchObject({ verdict: 'covered', by: 'checked' });
    expect(owe(1, held, prices('1'))).toMatchObject({ verdict: 'short' });
  });
  test('not comparable in another unit, or with a price missing', () => {
    expect(owe(1, { ...held, unit: 'EUR' })).toMatchObject({ verdict: 'not comparable' });
    expect(owe(1, held, { unit: 'USD', priceScale: 6, prices: {} })).toMatchObject({
      verdict: 'not comparable',
    });
  });
});

describe('R9: the manifest', () => {
  const own = header([
    ['BTC', 8],
    ['ETH', 9],
    ['USDT', 6],
  ]);
  const manifest = (of: Header, change: object = {}, older = false) => {
    const unsigned = {
      ...{ protocol: 'solvent/v1', header: of, batchCount: 1, root: `0x${'07'.repeat(32)}` },
      ...(older ? {} : { columns: `0x${'08'.repeat(32)}` }),
      ...{ totals: ['50', '3000000000', '5000001'], totalsOpening: `0xc0${'00'.repeat(47)}` },
      ...{ claimRoot: null, claimKeys: null, previous: null, ...change },
    };
    const digest = sha256(concat(utf8('solvent/v1/manifest'), utf8(canonicalJson(unsigned))));
    const text = canonicalJson({ ...unsigned, signature: signEd(digest, OPERATOR) });
    return { text, bound: { header: toHex(headerDigest(of)), manifest: toHex(digest) } };
  };
  const bound = (liabilities: unknown) =>
    make({
      draft: ({ document, lines }) => {
        document.liabilities = liabilities;
        lines.forEach((line) => delete line.ownership);
      },
    });

  test.each([false, true])('bound: right, and the operator’s word (without columns: %s)', async (older) => {
    const made = manifest(own, {}, older);
    const options = { manifest: readManifest(utf8(made.text)) };
    const report = await reportOf(bound(made.bound), options);
    expect(report).toMatchObject({ liabilities: 'unproved', solvency: { verdict: 'claimed' } });
    expect(await reportOf(bound(made.bound))).toMatchObject({ liabilities: 'not given' });
    expect(await reportOf(bound(made.bound), { ...options, liabilitiesProved: true })).toMatchObject({
      liabilities: 'proved',
    });
  });

  test.each<[string, Header, object]>([
    [
      'another snapshot',
      header(
        [
          ['BTC', 8],
          ['ETH', 9],
          ['USDT', 6],
        ],
        { snapshot: 'before' },
      ),
      {},
    ],
    [
      'another time',
      header(
        [
          ['BTC', 8],
          ['ETH', 9],
          ['USDT', 6],
        ],
        { takenAt: '2026-11-29T00:00:00Z' },
      ),
      {},
    ],
    ['other totals', own, { totals: ['1', '1', '1'] }],
  ])('%s: wrong', async (_, of, change) => {
    const named = manifest(own).bound;
    const given = readManifest(utf8(manifest(of, change).text));
    expect(await verdictOf(bound(named), { manifest: given })).toMatchObject({
      verdict: 'wrong',
      code: 'MANIFEST_UNTRUE',
    });
  });

  test('a publication that names no liabilities: wrong with a manifest', async () => {
    const given = readManifest(utf8(manifest(own).text));
    expect(await verdictOf(make(), { manifest: given })).toMatchObject({ verdict: 'wrong' });
  });

  test('not signed, or with a total too few', () => {
    const { text } = manifest(own);
    const forged = canonicalJson({ ...(JSON.parse(text) as object), root: `0x${'09'.repeat(32)}` });
    expect(() => readManifest(utf8(forged))).toThrow(expect.objectContaining({ kind: 'invalid' }) as Error);
    expect(() => readManifest(utf8(manifest(own, { totals: ['1'] }).text))).toThrow(
      expect.objectContaining({ kind: 'malformed' }) as Error,
    );
  });
});
