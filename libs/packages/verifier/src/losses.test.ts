import { toHex } from '@solvent-por/kzg';
import type { Asset } from './asset';
import { parseHeader } from './header';
import { lossesBetween } from './losses';
import { manifestDigest, type Manifest } from './manifest';

const BTC = { symbol: 'BTC', scale: 8, limbs: 6 };
const ETH = { symbol: 'ETH', scale: 8, limbs: 6 };
const tiers = [{ percent: 95, upTo: '100' }, { percent: 80 }];
const pools = [
  { name: 'free', tiers: [{ percent: 0 }] },
  { name: 'margin', tiers },
];

interface Given {
  readonly mode?: string;
  readonly takenAt?: string;
  readonly assets?: readonly Asset[];
  readonly previous?: string | null;
  readonly claimRoot?: string;
  readonly unit?: string;
}

/** A manifest as far as it is compared; its signature is nobody's. */
function manifest({
  mode = 'spot',
  takenAt = '2026-10-31T00:00:00Z',
  assets = [BTC, ETH],
  ...rest
}: Given): Manifest {
  const zero = `0x${'00'.repeat(32)}`;
  const unit = {
    spot: {},
    aggregate: { unit: assets[0]!.symbol },
    margin: { unit: rest.unit ?? 'USD', priceScale: 8 },
  };
  const header = parseHeader({
    protocol: 'solvent/v1',
    operator: '0x27aee2caf6281b8ae5fad01ff34ce5fff9c5c26bcc95b089f4d95ec66984919d',
    snapshot: 's',
    takenAt,
    mode,
    ...unit[mode as keyof typeof unit],
    assets: assets.map((asset) => (mode === 'margin' ? { price: '1', ...asset } : asset)),
  });
  const claimRoot = rest.claimRoot ?? null;
  return {
    protocol: 'solvent/v1',
    header,
    batchCount: 1,
    columns: zero,
    root: zero,
    totals: [],
    totalsOpening: `0x${'00'.repeat(48)}`,
    claimRoot,
    claimKeys: claimRoot === null ? null : [zero],
    previous: rest.previous ?? null,
    signature: `0x${'00'.repeat(64)}`,
  };
}

/** One month later. */
function losses(before: Given, after: Given) {
  const earlier = manifest(before);
  const previous = after.previous === undefined ? toHex(manifestDigest(earlier)) : after.previous;
  return lossesBetween(earlier, manifest({ takenAt: '2026-11-30T00:00:00Z', ...after, previous }));
}
const codes = (...given: Parameters<typeof losses>) => losses(...given).map(({ code }) => code);

const margin = (asset: Partial<Asset>): Given => ({ mode: 'margin', assets: [{ ...BTC, ...asset }] });

test('the same again, and more, is no loss', () => {
  expect(codes({}, {})).toEqual([]);
  expect(codes({ assets: [BTC] }, { assets: [{ ...BTC, scale: 9 }, ETH] })).toEqual([]);
  expect(codes({ mode: 'aggregate', assets: [BTC] }, { mode: 'margin' })).toEqual([]);
  expect(codes({}, { mode: 'margin' })).toEqual([]);
  expect(codes(margin({}), margin({ tiers }))).toEqual([]);
});

test('each loss is named', () => {
  expect(losses({}, { assets: [{ ...BTC, scale: 6 }] })).toEqual([
    {
      code: 'SCALE_COARSER',
      symbol: 'BTC',
      before: 8,
      after: 6,
      message: expect.stringContaining('6 decimals in place of 8'),
    },
    { code: 'ASSET_DROPPED', symbol: 'ETH', message: 'ETH is no longer shown' },
  ]);
  expect(codes({ claimRoot: `0x${'01'.repeat(32)}` }, {})).toEqual(['CLAIMS_DROPPED']);
});

test.each([
  ['margin', 'aggregate'],
  ['spot', 'aggregate'],
  ['margin', 'spot'],
  ['aggregate', 'spot'],
])('%s turned into %s is one loss, not one for each asset', (before, after) => {
  const of = (mode: string) => ({ mode, assets: mode === 'aggregate' ? [BTC] : [BTC, ETH] });
  expect(losses(of(before), of(after))).toEqual([
    {
      code: 'MODE_WEAKER',
      before,
      after,
      message: expect.stringContaining(`mode ${after} in place of ${before}`),
    },
  ]);
});

describe('haircuts', () => {
  it.each<[string, Partial<Asset>, Partial<Asset>, string[]]>([
    ['the same', { tiers }, { tiers }, []],
    ['dropped', { tiers }, {}, ['HAIRCUTS_DROPPED']],
    ['a larger percentage', { tiers }, { tiers: [{ percent: 96, upTo: '100' }, { percent: 80 }] }, ['HAIRCUT_SMALLER']],
    ['a larger limit', { tiers }, { tiers: [{ percent: 95, upTo: '101' }, { percent: 80 }] }, ['HAIRCUT_SMALLER']],
    ['more above all limits', { tiers }, { tiers: [{ percent: 90, upTo: '100' }, { percent: 81 }] }, ['HAIRCUT_SMALLER']],
    ['a coarser list below', { tiers }, { tiers: [{ percent: 80 }] }, []],
    ['a coarser list above', { tiers }, { tiers: [{ percent: 95 }] }, ['HAIRCUT_SMALLER']],
    ['the same at a finer scale', { tiers }, { scale: 9, tiers: [{ percent: 95, upTo: '1000' }, { percent: 80 }] }, []],
    ['pools dropped', { pools }, { tiers }, ['POOLS_DROPPED']],
    ['pools and haircuts dropped', { pools }, {}, ['POOLS_DROPPED', 'HAIRCUTS_DROPPED']],
    ['one pool in place of another', { pools }, { pools: [pools[1]!, { ...pools[0]!, name: 'other' }] }, ['POOLS_DROPPED']],
    ['a pool in which more counts', { pools }, { pools: [{ name: 'free', tiers: [{ percent: 1 }] }, pools[1]!] }, ['HAIRCUT_SMALLER']],
    ['two lists in place of one: what is divided counts more', { tiers }, { pools: [pools[1]!, { ...pools[1]!, name: 'b' }] }, ['HAIRCUT_SMALLER']],
    ['a pool beside which nothing counts', { tiers }, { pools }, []],
  ])('%s', (_name, before, after, expected) => {
    expect(codes(margin(before), margin(after))).toEqual(expected);
  }); // prettier-ignore

  describe('a limit moves with the price', () => {
    const at = (price: string, upTo: string, more: Partial<Asset> = {}) =>
      margin({ price, tiers: [{ percent: 95, upTo }, { percent: 80 }], ...more });
    const pooled = (price: string, upTo: string) =>
      margin({
        price,
        pools: [pools[0]!, { name: 'margin', tiers: [{ percent: 95, upTo }, { percent: 80 }] }],
      });
    const RAISED = ['HAIRCUT_SMALLER'];

    // A limit of 1,000,000 in value, rounded down to an amount: 285 at a price of 3,500 and 303 at 3,300,
    // which is worth more than 285 at 3,500.
    it.each<[string, Given, Given, string[]]>([
      ['the price falls, the limit in value is kept', at('3500', '285'), at('3300', '303'), []],
      ['the price rises, the limit in value is kept', at('3300', '303'), at('3500', '285'), []],
      ['the price falls, the limit in amounts is kept', at('3500', '285'), at('3300', '285'), []],
      ['the price rises, the limit in amounts is kept', at('3300', '285'), at('3500', '285'), []],
      ['the price falls, and the limit is raised by more than that', at('3500', '285'), at('3300', '304'), RAISED],
      ['the price rises, and so does the limit in amounts', at('3300', '303'), at('3500', '304'), RAISED],
      ['another scale, the limit in value kept', at('3500', '285'), at('33', '30303', { scale: 10 }), []],
      ['another scale, the limit raised', at('3500', '285'), at('33', '30400', { scale: 10 }), RAISED],
      ['beside a larger percentage', at('3500', '285'), at('3300', '303', { tiers: [{ percent: 96, upTo: '303' }, { percent: 80 }] }), RAISED],
      ['in a pool', pooled('3500', '285'), pooled('3300', '303'), []],
      ['in a pool, and raised', pooled('3500', '285'), pooled('3300', '304'), RAISED],
    ])('%s', (_name, before, after, expected) => {
      expect(codes(before, after)).toEqual(expected);
    }); // prettier-ignore

    it('beyond what an account can hold, and the tiers above it are left out', () => {
      const before = at('20', '2000', { limbs: 1 });
      expect(codes(before, margin({ price: '1', limbs: 1, tiers: [{ percent: 95 }] }))).toEqual([]);
      expect(codes(before, margin({ price: '20', limbs: 1, tiers: [{ percent: 95 }] }))).toEqual(RAISED);
    });

    it('is compared in amounts alone where values are in other units', () => {
      expect(codes(at('3500', '285'), { ...at('3300', '303'), unit: 'EUR' })).toEqual(RAISED);
    });
  });

  it('names the pool', () => {
    const raised = [{ name: 'free', tiers: [{ percent: 1 }] }, pools[1]!];
    expect(losses(margin({ pools }), margin({ pools: raised }))).toMatchObject([
      { symbol: 'BTC', pool: 'free' },
    ]);
  });
});

describe('months', () => {
  it.each([
    ['2026-11-01T00:00:00Z', []],
    ['2026-12-01T00:00:00Z', [{ first: '2026-11', last: '2026-11', count: 1 }]],
    ['2027-02-28T00:00:00Z', [{ first: '2026-11', last: '2027-01', count: 3 }]],
  ])('from October to %s', (takenAt, expected) => {
    expect(losses({}, { takenAt })).toMatchObject(expected);
    expect(losses({}, { takenAt })).toHaveLength(expected.length);
    expect(losses({}, { takenAt, previous: null })).toHaveLength(expected.length);
  });

  it('are not called skipped where another manifest lies between', () => {
    expect(codes({}, { takenAt: '2027-02-28T00:00:00Z', previous: `0x${'11'.repeat(32)}` })).toEqual([]);
  });
});
