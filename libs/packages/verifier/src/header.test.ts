import { toHex } from '@solvent-por/kzg';
import { createHash } from 'node:crypto';
import { headerDigest, parseHeader } from './header';

type Members = Record<string, unknown>;

const operator = `0x${'ab'.repeat(32)}`;
const asset = (symbol: string, more: Members = {}): Members => ({ symbol, scale: 8, limbs: 6, ...more });
const common = { protocol: 'solvent/v1', operator, snapshot: 'nov-2026', takenAt: '2026-11-30T00:00:00Z' };
const aggregate = (): Members => ({ ...common, mode: 'aggregate', unit: 'USD', assets: [asset('USD')] });
const spot = (): Members => ({ ...common, mode: 'spot', assets: [asset('BTC'), asset('ETH')] });
const margin = (): Members => ({
  ...common,
  mode: 'margin',
  unit: 'USD',
  priceScale: 6,
  assets: [asset('BTC', { price: '950' }), asset('ETH', { price: '18446744073709551615' })],
});
const malformed = (member: string) =>
  expect.objectContaining({ code: 'HEADER_MALFORMED', kind: 'malformed', details: { member } });
const without = (members: Members, name: string) =>
  Object.fromEntries(Object.entries(members).filter(([key]) => key !== name));
const marginAsset = (more: Members) => ({ ...margin(), assets: [asset('BTC', { price: '950', ...more })] });

const many = (count: number, more: Members = {}) =>
  Array.from({ length: count }, (_, i) => asset(`A${i}`, more));
/** Tiers of width 100 each. */
const tiers = (count: number): Members[] =>
  Array.from({ length: count }, (_, i) => ({
    percent: 99 - i,
    ...(i < count - 1 ? { upTo: String(100 * (i + 1)) } : {}),
  }));
const pools = (count: number, of = 1): Members[] =>
  Array.from({ length: count }, (_, q) => ({ name: `pool-${q}`, tiers: tiers(of) }));
/**
 * Margin assets that need exactly so many limbs: net takes 14, an asset of 32 tiers 31 + 31 and twice its
 * limbs, a plain one twice its limbs.
 */
function limbsOf(count: number): Members[] {
  const assets: Members[] = [];
  let left = count - 14;
  for (let i = 0; left > 200; i++, left -= 62 + 2 * 6)
    assets.push(asset(`T${i}`, { price: '1', tiers: tiers(32) }));
  if (left % 2) {
    // A pool is a base value less than a debt.
    assets.push(asset('ODD', { price: '1', limbs: 1, pools: pools(2) }));
    left -= 3;
  }
  for (let i = 0; left > 0; i++) {
    const limbs = Math.min(6, left / 2);
    assets.push(asset(`P${i}`, { price: '1', limbs }));
    left -= 2 * limbs;
  }
  return assets;
}

test.each([
  ['aggregate', aggregate()],
  ['spot', spot()],
  ['margin', margin()],
  [
    'margin at the edges',
    { ...margin(), priceScale: 36, assets: [asset('A'.repeat(16), { scale: 36, limbs: 1, price: '1' })] },
  ],
  ['512 assets', { ...spot(), assets: many(512) }],
  ['512 assets in margin: 1,024 published values', { ...margin(), assets: many(512, { price: '1' }) }],
  ['the first and the last year', { ...spot(), takenAt: '2000-01-01T00:00:00Z' }],
  ['year 9999', { ...spot(), takenAt: '9999-12-31T23:59:59Z' }],
  ['one tier', marginAsset({ tiers: [{ percent: 0 }] })],
  ['32 tiers', marginAsset({ tiers: tiers(32) })],
  ['percent 100 and 0', marginAsset({ tiers: [{ percent: 100, upTo: '1' }, { percent: 0 }] })],
  ['upTo 2^64 − 1', marginAsset({ tiers: [{ percent: 9, upTo: String(2n ** 64n - 1n) }, { percent: 8 }] })],
  [
    'upTo 2^11 − 1 of one limb',
    marginAsset({ limbs: 1, tiers: [{ percent: 9, upTo: '2047' }, { percent: 8 }] }),
  ],
  ['two pools', marginAsset({ pools: pools(2) })],
  ['eight pools of 32 tiers', marginAsset({ limbs: 2, pools: pools(8, 32) })],
  [
    'pools of 16 characters',
    marginAsset({
      pools: [
        { name: 'a'.repeat(16), tiers: tiers(1) },
        { name: '-0', tiers: tiers(1) },
      ],
    }),
  ],
  ['8,192 limbs', { ...margin(), assets: limbsOf(8192) }],
  [
    'a scale and a priceScale of 0',
    { ...margin(), priceScale: 0, assets: [asset('BTC', { scale: 0, price: '1' })] },
  ],
  ['a unit of 16 characters', { ...margin(), unit: 'U'.repeat(16) }],
  ['a snapshot of one character', { ...spot(), snapshot: '-' }],
  ['511 assets', { ...spot(), assets: many(511) }],
  ['8,191 limbs', { ...margin(), assets: limbsOf(8191) }],
  ['31 tiers', marginAsset({ tiers: tiers(31) })],
  ['seven pools', marginAsset({ pools: pools(7) })],
  ['29 February of a leap year', { ...spot(), takenAt: '2000-02-29T23:59:59Z' }],
  ['a snapshot of 64 characters', { ...spot(), snapshot: 'a'.repeat(64) }],
])('reads %s', (_what, header) => {
  expect(parseHeader(header)).toEqual(header);
});

test('the digest is SHA-256 of the JCS form', () => {
  const text =
    `{"assets":[{"limbs":6,"scale":8,"symbol":"USD"}],"mode":"aggregate","operator":"${operator}","protocol":"solvent/v1",` +
    '"snapshot":"nov-2026","takenAt":"2026-11-30T00:00:00Z","unit":"USD"}';
  expect(toHex(headerDigest(parseHeader(aggregate())))).toBe(
    `0x${createHash('sha256').update(text).digest('hex')}`,
  );
});

test('the result is frozen', () => {
  const header = parseHeader(margin());
  expect([header, header.assets, header.assets[0]].every(Object.isFrozen)).toBe(true);
});

test.each(['protocol', 'operator', 'snapshot', 'takenAt', 'unit', 'priceScale', 'assets'])(
  'refuses margin without %s',
  (name) => {
    expect(() => parseHeader(without(margin(), name))).toThrow(malformed(`header.${name}`));
  },
);

test.each<[string, unknown, string]>([
  ['null', null, 'header'],
  ['an array', [], 'header'],
  ['text', 'header', 'header'],
  ['no mode', without(spot(), 'mode'), 'header.mode'],
  ['an inherited mode', Object.create(spot()), 'header.mode'],
  ['an unknown mode', { ...spot(), mode: 'futures' }, 'header.mode'],
  ['a mode of another type', { ...spot(), mode: ['spot'] }, 'header.mode'],
  ['an unknown member', { ...spot(), note: 1 }, 'header'],
  ['__proto__ as a member', JSON.parse(JSON.stringify(spot()).replace('{', '{"__proto__":1,')), 'header'],
  ['another protocol', { ...spot(), protocol: 'solvent/v2' }, 'header.protocol'],
  [
    'an upper-case key',
    { ...spot(), operator: operator.toUpperCase().replace('0X', '0x') },
    'header.operator',
  ],
  ['a short key', { ...spot(), operator: operator.slice(0, -2) }, 'header.operator'],
  ['a snapshot of other characters', { ...spot(), snapshot: 'Nov_2026' }, 'header.snapshot'],
  ['a snapshot with a line break', { ...spot(), snapshot: 'nov\n' }, 'header.snapshot'],
  ['an empty snapshot', { ...spot(), snapshot: '' }, 'header.snapshot'],
  ['a long snapshot', { ...spot(), snapshot: 'a'.repeat(65) }, 'header.snapshot'],
  ['30 February', { ...spot(), takenAt: '2026-02-30T00:00:00Z' }, 'header.takenAt'],
  ['the year 1999', { ...spot(), takenAt: '1999-12-31T23:59:59Z' }, 'header.takenAt'],
  ['the year 10000', { ...spot(), takenAt: '10000-01-01T00:00:00Z' }, 'header.takenAt'],
  ['the year 20000', { ...spot(), takenAt: '20000-01-01T00:00:00Z' }, 'header.takenAt'],
  ['29 February of 2100', { ...spot(), takenAt: '2100-02-29T00:00:00Z' }, 'header.takenAt'],
  ['month 13', { ...spot(), takenAt: '2026-13-01T00:00:00Z' }, 'header.takenAt'],
  ['month 0', { ...spot(), takenAt: '2026-00-01T00:00:00Z' }, 'header.takenAt'],
  ['day 0', { ...spot(), takenAt: '2026-01-00T00:00:00Z' }, 'header.takenAt'],
  ['hour 24', { ...spot(), takenAt: '2026-01-01T24:00:00Z' }, 'header.takenAt'],
  ['second 60', { ...spot(), takenAt: '2016-12-31T23:59:60Z' }, 'header.takenAt'],
  ['the year 202', { ...spot(), takenAt: '202-01-01T00:00:00Z' }, 'header.takenAt'],
  ['the year 02026', { ...spot(), takenAt: '02026-01-01T00:00:00Z' }, 'header.takenAt'],
  ['a time with a line break', { ...spot(), takenAt: '2026-01-01T00:00:00Z\n' }, 'header.takenAt'],
  ['milliseconds', { ...spot(), takenAt: '2026-01-01T00:00:00.000Z' }, 'header.takenAt'],
  ['an offset', { ...spot(), takenAt: '2026-01-01T00:00:00+00:00' }, 'header.takenAt'],
  ['a time as number', { ...spot(), takenAt: 1 }, 'header.takenAt'],
  ['unit in spot', { ...spot(), unit: 'USD' }, 'header'],
  ['priceScale in spot', { ...spot(), priceScale: 6 }, 'header'],
  ['priceScale in aggregate', { ...aggregate(), priceScale: 6 }, 'header'],
  ['a price in spot', { ...spot(), assets: [asset('BTC', { price: '1' })] }, 'header.assets[0]'],
  ['a price in aggregate', { ...aggregate(), assets: [asset('USD', { price: '1' })] }, 'header.assets[0]'],
  ['a lower-case unit', { ...margin(), unit: 'usd' }, 'header.unit'],
  ['a unit of 17', { ...margin(), unit: 'U'.repeat(17) }, 'header.unit'],
  ['an empty unit', { ...margin(), unit: '' }, 'header.unit'],
  ['priceScale 37', { ...margin(), priceScale: 37 }, 'header.priceScale'],
  ['priceScale −1', { ...margin(), priceScale: -1 }, 'header.priceScale'],
  ['priceScale as text', { ...margin(), priceScale: '6' }, 'header.priceScale'],
  ['no assets', { ...spot(), assets: [] }, 'header.assets'],
  ['513 assets', { ...spot(), assets: many(513) }, 'header.assets'],
  ['assets as an object', { ...spot(), assets: { 0: asset('BTC'), length: 1 } }, 'header.assets'],
  [
    'a symbol twice',
    { ...spot(), assets: [asset('BTC'), asset('ETH'), asset('BTC')] },
    'header.assets[2].symbol',
  ],
  ['an empty symbol', { ...spot(), assets: [asset('')] }, 'header.assets[0].symbol'],
  ['a symbol of 17', { ...spot(), assets: [asset('A'.repeat(17))] }, 'header.assets[0].symbol'],
  ['two assets in aggregate', { ...aggregate(), assets: [asset('USD'), asset('BTC')] }, 'header.assets'],
  ['another unit than the asset in aggregate', { ...aggregate(), unit: 'EUR' }, 'header.unit'],
  [
    'an asset without limbs',
    { ...spot(), assets: [without(asset('BTC'), 'limbs')] },
    'header.assets[0].limbs',
  ],
  ['limbs 0', { ...spot(), assets: [asset('BTC', { limbs: 0 })] }, 'header.assets[0].limbs'],
  ['limbs 7', { ...spot(), assets: [asset('BTC', { limbs: 7 })] }, 'header.assets[0].limbs'],
  ['limbs 1.5', { ...spot(), assets: [asset('BTC', { limbs: 1.5 })] }, 'header.assets[0].limbs'],
  ['scale 37', { ...spot(), assets: [asset('BTC', { scale: 37 })] }, 'header.assets[0].scale'],
  ['scale −1', { ...spot(), assets: [asset('BTC', { scale: -1 })] }, 'header.assets[0].scale'],
  ['no price', { ...margin(), assets: [asset('BTC')] }, 'header.assets[0].price'],
  ['price 0', marginAsset({ price: '0' }), 'header.assets[0].price'],
  ['price −1', marginAsset({ price: '-1' }), 'header.assets[0].price'],
  ['price 2^64', marginAsset({ price: '18446744073709551616' }), 'header.assets[0].price'],
  ['price 01', marginAsset({ price: '01' }), 'header.assets[0].price'],
  ['price 1.5', marginAsset({ price: '1.5' }), 'header.assets[0].price'],
  ['price as number', marginAsset({ price: 950 }), 'header.assets[0].price'],
  ['tiers in spot', { ...spot(), assets: [asset('BTC', { tiers: tiers(1) })] }, 'header.assets[0]'],
  ['pools in aggregate', { ...aggregate(), assets: [asset('USD', { pools: pools(2) })] }, 'header.assets[0]'],
  ['tiers and pools', marginAsset({ tiers: tiers(1), pools: pools(2) }), 'header.assets[0].tiers'],
  ['no tier', marginAsset({ tiers: [] }), 'header.assets[0].tiers'],
  ['33 tiers', marginAsset({ tiers: tiers(33) }), 'header.assets[0].tiers'],
  ['tiers that are null', marginAsset({ tiers: null }), 'header.assets[0].tiers'],
  ['percent 101', marginAsset({ tiers: [{ percent: 101 }] }), 'header.assets[0].tiers[0].percent'],
  ['percent −1', marginAsset({ tiers: [{ percent: -1 }] }), 'header.assets[0].tiers[0].percent'],
  ['percent 0.5', marginAsset({ tiers: [{ percent: 0.5 }] }), 'header.assets[0].tiers[0].percent'],
  ['percent as text', marginAsset({ tiers: [{ percent: '9' }] }), 'header.assets[0].tiers[0].percent'],
  [
    'equal percentages',
    marginAsset({ tiers: [{ percent: 9, upTo: '5' }, { percent: 9 }] }),
    'header.assets[0].tiers[1].percent',
  ],
  [
    'rising percentages',
    marginAsset({ tiers: [{ percent: 8, upTo: '5' }, { percent: 9 }] }),
    'header.assets[0].tiers[1].percent',
  ],
  [
    'equal limits',
    marginAsset({ tiers: [{ percent: 9, upTo: '5' }, { percent: 8, upTo: '5' }, { percent: 7 }] }),
    'header.assets[0].tiers[1].upTo',
  ],
  [
    'falling limits',
    marginAsset({ tiers: [{ percent: 9, upTo: '5' }, { percent: 8, upTo: '4' }, { percent: 7 }] }),
    'header.assets[0].tiers[1].upTo',
  ],
  [
    'limit 0',
    marginAsset({ tiers: [{ percent: 9, upTo: '0' }, { percent: 8 }] }),
    'header.assets[0].tiers[0].upTo',
  ],
  [
    'a limit as number',
    marginAsset({ tiers: [{ percent: 9, upTo: 5 }, { percent: 8 }] }),
    'header.assets[0].tiers[0].upTo',
  ],
  [
    'limit 2^64',
    marginAsset({ tiers: [{ percent: 9, upTo: String(2n ** 64n) }, { percent: 8 }] }),
    'header.assets[0].tiers[0].upTo',
  ],
  [
    'a limit beyond the limbs',
    marginAsset({ limbs: 1, tiers: [{ percent: 9, upTo: '2048' }, { percent: 8 }] }),
    'header.assets[0].tiers[0].upTo',
  ],
  [
    'a last tier with a limit',
    marginAsset({
      tiers: [
        { percent: 9, upTo: '5' },
        { percent: 8, upTo: '6' },
      ],
    }),
    'header.assets[0].tiers[1]',
  ],
  [
    'a tier without limit before the last',
    marginAsset({ tiers: [{ percent: 9 }, { percent: 8 }] }),
    'header.assets[0].tiers[0].upTo',
  ],
  [
    'an unknown member of a tier',
    marginAsset({ tiers: [{ percent: 9, from: '1' }] }),
    'header.assets[0].tiers[0]',
  ],
  ['one pool', marginAsset({ pools: pools(1) }), 'header.assets[0].pools'],
  ['nine pools', marginAsset({ pools: pools(9) }), 'header.assets[0].pools'],
  ['a pool twice', marginAsset({ pools: [pools(1)[0], pools(1)[0]] }), 'header.assets[0].pools[1].name'],
  [
    'a pool without tiers',
    marginAsset({ pools: [pools(1)[0], { name: 'b', tiers: [] }] }),
    'header.assets[0].pools[1].tiers',
  ],
  [
    'a pool of 17 characters',
    marginAsset({ pools: [{ name: 'a'.repeat(17), tiers: tiers(1) }, pools(1)[0]] }),
    'header.assets[0].pools[0].name',
  ],
  [
    'a pool in upper case',
    marginAsset({ pools: [{ name: 'Free', tiers: tiers(1) }, pools(1)[0]] }),
    'header.assets[0].pools[0].name',
  ],
  [
    'a pool with an unknown member',
    marginAsset({ pools: [{ name: 'a', tiers: tiers(1), percent: 1 }, pools(1)[0]] }),
    'header.assets[0].pools[0]',
  ],
  ['8,193 limbs', { ...margin(), assets: limbsOf(8193) }, 'header.assets'],
  ['8,194 limbs', { ...margin(), assets: limbsOf(8194) }, 'header.assets'],
  [
    '1,025 published values',
    { ...margin(), assets: [asset('A', { price: '1', pools: pools(3) }), ...many(510, { price: '1' })] },
    'header.assets',
  ],
])('refuses %s', (_what, header, member) => {
  expect(() => parseHeader(header)).toThrow(malformed(member));
});

test.each([2023, 2024, 2025, 2026, 2100, 2400])('every month of %i has its days and no more', (year) => {
  for (let month = 1; month <= 12; month++) {
    const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
    const taken = (day: number) => ({
      ...spot(),
      takenAt: `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}T00:00:00Z`,
    });
    for (const day of [1, last]) expect(parseHeader(taken(day))).toEqual(taken(day));
    for (const day of [0, last + 1])
      expect(() => parseHeader(taken(day))).toThrow(malformed('header.takenAt'));
  }
});
