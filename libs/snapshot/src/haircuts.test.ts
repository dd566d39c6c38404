import fc from 'fast-check';
import { HaircutCurve, MAX_LIMBS, MAX_PUBLISHED, parseHeader, type Tier } from '@solvent/proof/verify';
import { SolventError } from '@solvent/algebra';
import { margin } from '../readers/fixtures/input';
import { coarserTiers } from './coarser-tiers';
import { headerOf, parseConfig, valueLimits, type SnapshotConfigInput } from './index';

/** The margin fixture with other members of its first asset, BTC at 65,100.22 and scale 8. */
const btc = (members: object): unknown => ({ ...margin, assets: [{ ...margin.assets[0], ...members }, ...margin.assets.slice(1)] }); // prettier-ignore

function refused(value: unknown): SolventError {
  try {
    parseConfig(value);
  } catch (error) {
    if (error instanceof SolventError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

const ZERO = [{ percent: 0 }];

test('tiers of a configuration: amounts in tokens, values at its price, rounded down, both in one list', () => {
  const tiers = [{ percent: 100, upToValue: '10000' }, { percent: 90, upTo: '0.5' }, { percent: 20, upToValue: '65100.22' }, { percent: 0 }]; // prettier-ignore
  const config = parseConfig(btc({ tiers }));
  const header = headerOf(config);
  // 10000/65100.22 = 0.153609…
  expect(header.assets[0]!.tiers).toEqual([{ percent: 100, upTo: '15360931' }, { percent: 90, upTo: '50000000' }, { percent: 20, upTo: '100000000' }, { percent: 0 }]); // prettier-ignore
  expect(parseHeader(JSON.parse(JSON.stringify(header)))).toEqual(header);
  expect(valueLimits(config)).toEqual([
    { symbol: 'BTC', percent: 100, value: '10000', amount: '0.15360931' },
    { symbol: 'BTC', percent: 20, value: '65100.22', amount: '1' },
  ]);
  expect(parseConfig(config)).toEqual(config);
});

test('pools: names and lists stand in the header, columns and the rest do not', () => {
  const pools = [{ name: 'free', rest: true, tiers: ZERO }, { name: 'margin', column: 'collateral of btc', tiers: [{ percent: 95, upToValue: '1' }, { percent: 0 }] }]; // prettier-ignore
  const config = parseConfig(btc({ pools }));
  expect(headerOf(config).assets[0]!.pools).toEqual([
    { name: 'free', tiers: ZERO },
    { name: 'margin', tiers: [{ percent: 95, upTo: '1536' }, { percent: 0 }] },
  ]);
  expect(valueLimits(config)).toMatchObject([{ pool: 'margin', amount: '0.00001536' }]);
});

const pool = (name: string, more: object = {}) => ({ name, tiers: ZERO, ...more });

test.each<[string, object, RegExp]>([
  ['percentages that rise', { tiers: [{ percent: 50, upTo: '1' }, { percent: 60 }] }, /BTC: tier 2 counts 60 %, the tier before 50: percentages must fall/],
  ['percentages that stay', { tiers: [{ percent: 50, upTo: '1' }, { percent: 50 }] }, /tier 2 counts 50 %/],
  ['limits that fall', { tiers: [{ percent: 9, upTo: '2' }, { percent: 8, upTo: '1' }, { percent: 0 }] }, /tier 2 ends at 1 BTC, not above the tier before/],
  ['limits that are one after rounding', { tiers: [{ percent: 9, upToValue: '1' }, { percent: 8, upToValue: '1.0001' }, { percent: 0 }] }, /tier 2 ends at 0.00001536 BTC/],
  ['a limit of nothing', { tiers: [{ percent: 9, upToValue: '0.0001' }, { percent: 0 }] }, /tier 1 has a limit of less than one smallest unit/],
  ['a limit beyond an account', { limbs: 2, tiers: [{ percent: 9, upTo: '1' }, { percent: 0 }] }, /tier 1 ends at 1 BTC, more than an account can hold \(0.04194303 BTC\)/],
  ['two limits', { tiers: [{ percent: 9, upTo: '1', upToValue: '1' }, { percent: 0 }] }, /tier 1 needs its limit, as "upTo".* or as "upToValue"/],
  ['no limit', { tiers: [{ percent: 9 }, { percent: 0 }] }, /tier 1 needs its limit/],
  ['a limit of the last tier', { tiers: [{ percent: 9, upTo: '1' }] }, /tier 1 is the last one, which has no limit: take it out, or add \{ "percent": 0 \}/],
  ['more decimals than the scale', { tiers: [{ percent: 9, upTo: '0.000000001' }, { percent: 0 }] }, /more than the 8 decimals/],
  ['101 percent', { tiers: [{ percent: 101 }] }, /assets\[0\]\.tiers\[0\]\.percent/],
  ['no tier', { tiers: [] }, /assets\[0\]\.tiers/],
  ['33 tiers', { tiers: Array.from({ length: 33 }, (_, i) => ({ percent: 99 - i, upTo: String(i + 1) })) }, /assets\[0\]\.tiers/],
  ['one pool', { pools: [pool('free')] }, /assets\[0\]\.pools/],
  ['nine pools', { pools: Array.from({ length: 9 }, (_, i) => pool(`p${i}`)) }, /assets\[0\]\.pools/],
  ['a pool twice', { pools: [pool('free'), pool('free', { column: 'x' })] }, /pools of BTC: free is repeated/],
  ['tiers beside pools', { tiers: ZERO, pools: [pool('a'), pool('b')] }, /pools of BTC: each has tiers of its own/],
  ['two rests', { pools: [pool('a', { rest: true }), pool('b', { rest: true })] }, /"rest" may stand in one of them only/],
  ['a column of the rest', { pools: [pool('a', { rest: true, column: 'x' }), pool('b')] }, /a takes the rest, so it has no column/],
  ['one column twice', { pools: [pool('a', { column: 'x' }), pool('b', { column: 'X' })] }, /the column X of b is read as something else already/],
  ['the column of debts', { pools: [pool('a', { column: 'd_btc' }), pool('b')] }, /the column D_BTC of a is read as something else/],
  ['rounding', { convertScale: { from: 10, rounding: 'up' }, pools: [pool('a'), pool('b')] }, /are published exactly/],
])('refuses %s', (_name, members, message) => {
  const error = refused(btc(members));
  expect(error).toMatchObject({ code: 'CONFIG_INVALID', kind: 'usage' });
  expect(error.message).toMatch(message);
}); // prettier-ignore

test('haircuts are margin’s alone', () => {
  const spot = { ...(btc({ tiers: ZERO, price: undefined }) as object), mode: 'spot', unit: undefined, priceScale: undefined }; // prettier-ignore
  expect(refused(spot).message).toMatch(/tiers/);
});

/** Lists as headers have them: percentages fall, limits rise. */
const lists = fc
  .uniqueArray(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 32 })
  .chain((percents) =>
    fc
      .uniqueArray(fc.integer({ min: 1, max: 1_000_000 }), {
        minLength: percents.length - 1,
        maxLength: percents.length - 1,
      })
      .map((limits): Tier[] => {
        const rising = [...limits].sort((a, b) => a - b);
        return [...percents]
          .sort((a, b) => b - a)
          .map((percent, i) => ({ percent, ...(i < rising.length ? { upTo: String(rising[i]) } : {}) }));
      }),
  );

/** Tier by tier, as section 3 says it. */
function counted(tiers: readonly Tier[], amount: bigint): bigint {
  let [below, sum] = [0n, 0n];
  for (const { percent, upTo } of tiers) {
    const end = upTo === undefined || BigInt(upTo) > amount ? amount : BigInt(upTo);
    if (end > below) sum += BigInt(percent) * (end - below);
    below = end > below ? end : below;
  }
  return sum;
}

test('the curve is the sum over tiers filled from the bottom, also in finer units', () => {
  fc.assert(
    fc.property(lists, fc.bigInt({ min: 0n, max: 2_000_000n }), (tiers, amount) => {
      const curve = new HaircutCurve(tiers);
      expect(curve.exact(amount)).toBe(counted(tiers, amount));
      expect(curve.exact(1000n * amount, 1000n)).toBe(1000n * counted(tiers, amount));
      expect(curve.rounded(Number(amount))).toBe(Number(counted(tiers, amount)));
    }),
  );
});

test('coarser lists are lists, no longer than asked, and lie below the true one everywhere', () => {
  fc.assert(
    fc.property(lists, fc.integer({ min: 1, max: 33 }), fc.bigInt({ min: 0n, max: 2_000_000n }), (tiers, count, amount) => {
      const coarser = coarserTiers(tiers, count).map(({ percent, last }) => ({ ...tiers[last]!, percent }));
      expect(coarser).toHaveLength(Math.min(count, tiers.length));
      if (count >= tiers.length) expect(coarser).toEqual(tiers);
      const shown = [...coarser, ...tiers].flatMap(({ upTo }) => (upTo === undefined ? [] : [BigInt(upTo)]));
      for (const at of [amount, ...shown]) expect(counted(coarser, at) <= counted(tiers, at)).toBe(true);
      expect(coarser.every(({ percent }, i) => i === 0 || percent < coarser[i - 1]!.percent)).toBe(true);
      expect(coarser.at(-1)!.upTo).toBeUndefined();
    }),
  );
}); // prettier-ignore

describe('a configuration too large says what takes how much, and which lists would fit', () => {
  const many = (count: number, members: (i: number) => object): SnapshotConfigInput =>
    ({
      ...margin,
      assets: Array.from({ length: count }, (_, i) => ({ symbol: `T${i}`, scale: 8, price: '1', ...members(i) })),
    }) as SnapshotConfigInput;
  const list = Array.from({ length: 11 }, (_, i) => ({ percent: 100 - 10 * i, ...(i < 10 ? { upToValue: String(10_000 * (i + 1)) } : {}) })); // prettier-ignore

  test('limbs', () => {
    // 10 rooms and parts of 4 limbs, the last tier and the debt of 6: 92 an asset, and 14 for net.
    expect(headerOf(parseConfig(many(88, () => ({ tiers: list }))))).toBeTruthy();
    const error = refused(many(120, () => ({ tiers: list })));
    expect(error).toMatchObject({ code: 'CONFIG_SIZE', kind: 'usage', details: { limbs: 120 * 92 + 14, limbsLimit: MAX_LIMBS } });
    expect(error.message).toMatch(/takes 11,054 limbs an account, and 8,192 are the most/);
    expect(error.message).toMatch(/T0, T1, T2, T3 and 116 more: 92 each \(86 for 11 tiers, 6 for its debt\)\n/);
    expect(error.message).toMatch(/With 8 tiers a list at most it is/);
    const member = /^ {2}"symbol":"T0",("tiers":.*)$/m.exec(error.message)![1]!;
    const coarser = JSON.parse(`{${member}}`) as object;
    expect(headerOf(parseConfig(many(120, () => coarser))).assets).toHaveLength(120);
  });

  test('limbs of pools', () => {
    const pools = [pool('free', { rest: true }), pool('loan', { tiers: list }), pool('margin', { tiers: list })];
    const error = refused(many(50, () => ({ pools })));
    expect(error.message).toMatch(/T0, T1, T2, T3 and 46 more: 184 each \(6 for one tier of free, 86 for 11 tiers of loan, 86 for 11 tiers of margin, 6 for its debt\)/);
    const member = /^ {2}"symbol":"T0",("pools":.*)$/m.exec(error.message)![1]!;
    expect(headerOf(parseConfig(many(50, () => JSON.parse(`{${member}}`) as object))).assets).toHaveLength(50);
  });

  test('published values: 1,024 are accepted, 1,026 are not', () => {
    const pooled = (count: number) => many(256, (i) => (i < count ? { pools: [pool('a'), pool('b')] } : {}));
    expect(headerOf(parseConfig(pooled(256))).assets).toHaveLength(256);
    const some = many(257, (i) => (i < 256 ? { pools: [pool('a'), pool('b')] } : {}));
    const error = refused(some);
    expect(error).toMatchObject({ code: 'CONFIG_SIZE', details: { published: 1026, publishedLimit: MAX_PUBLISHED } });
    expect(error.message).toMatch(/512 pools of 256 assets[^]*"tiers": \[\{ "percent": 0 \}\] instead/);
  });
}); // prettier-ignore
