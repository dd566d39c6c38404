import type { Asset, Header } from '@solvent-por/verifier';
import { haircutHeader, testHeader } from './snapshots';
import type { Vector } from './vectors';

/** Input of a `layout` vector: a header as JSON. */
export interface LayoutVectorInput {
  readonly header: unknown;
}

/** Section 3 in numbers: what every implementation must compute from a header. */
export interface LayoutVectorOutput {
  readonly limbs: number;
  readonly maxBatches: number;
  /** Limbs of each base value. */
  readonly bases: readonly number[];
  readonly paired: readonly number[];
  /** Base values of each published value. */
  readonly published: readonly (readonly number[])[];
  readonly relations: ReadonlyArray<{
    readonly terms: ReadonlyArray<readonly [base: number, coefficient: string]>;
    readonly constant: string;
  }>;
}

type Json = Record<string, unknown>;

/** Section 3 written a second time, as its table reads: asset by asset, pool by pool, tier by tier. */
function layoutOf({ mode, assets }: Header): LayoutVectorOutput {
  const bases: number[] = [];
  const add = (limbs: number) => bases.push(limbs) - 1;
  const published: number[][] = [];
  const relations: { terms: [number, string][]; constant: string }[] = [];
  if (mode === 'aggregate') {
    const [debt, net] = [add(assets[0]!.limbs), add(assets[0]!.limbs)];
    published.push([net, debt], [debt]);
  } else if (mode === 'spot') {
    for (const { limbs } of assets) published.push([add(limbs)]);
  } else {
    const D = assets.some((asset) => asset.tiers ?? asset.pools) ? 100 : 1;
    const solvency: [number, string][] = [];
    const rooms: { part: number; width: bigint; limbs: number }[] = [];
    const pools: number[][] = [];
    const equities = assets.map((asset) => {
      const own: number[] = [];
      for (const pool of asset.pools ?? [{ name: '', tiers: asset.tiers ?? [{ percent: D }] }]) {
        let before = 0n;
        const parts = pool.tiers.map(({ percent, upTo }) => {
          const width = upTo === undefined ? undefined : BigInt(upTo) - before;
          before = BigInt(upTo ?? 0);
          const limbs = width === undefined ? asset.limbs : Math.ceil(width.toString(2).length / 11);
          const part = add(limbs);
          if (width !== undefined) rooms.push({ part, width, limbs });
          if (percent > 0) solvency.push([part, String(-BigInt(asset.price!) * BigInt(percent))]);
          return part;
        });
        own.push(...parts);
        if (asset.pools) pools.push(parts);
      }
      return own;
    });
    const debts = assets.map(({ limbs, price }) => {
      const debt = add(limbs);
      solvency.push([debt, String(BigInt(price!) * BigInt(D))]);
      return [debt];
    });
    published.push(...equities, ...debts, ...pools);
    for (const { part, width, limbs } of rooms)
      relations.push({
        terms: [
          [part, '1'],
          [add(limbs), '1'],
        ],
        constant: String(-width),
      });
    relations.push({ terms: [...solvency, [add(D === 1 ? 13 : 14), '1']], constant: '0' });
  }
  const limbs = bases.reduce((sum, x) => sum + x, 0);
  return {
    limbs,
    maxBatches: Math.max(1, Math.floor(192 / limbs)),
    bases,
    paired: [...new Set(published.flat())].sort((a, b) => a - b),
    published,
    relations,
  };
}

export function layoutVectors(): Vector[] {
  const haircuts = haircutHeader(2);
  const [tiered, pooled, whole] = haircuts.assets as [Asset, Asset, Asset];
  const withAssets = (...assets: readonly Asset[]): Header => ({ ...haircuts, assets });
  const many = (count: number, limbs: number): Asset[] =>
    Array.from({ length: count }, (_, i) => ({ symbol: `A${i}`, scale: 0, limbs, price: String(1 + i) }));
  const correct: [string, Header][] = [
    ['aggregate', testHeader('aggregate')],
    ['spot', testHeader('spot', 3, 2)],
    ['margin', testHeader('margin', 2, 3)],
    ['tiers-and-pools', haircuts],
    ['one-tier-of-percent-0', withAssets({ ...whole, tiers: [{ percent: 0 }] })],
    [
      'an-asset-that-counts-wholly-beside-one-that-does-not',
      withAssets(whole, { ...tiered, tiers: [{ percent: 99 }] }),
    ],
    [
      'widths-at-the-edges-of-limbs',
      withAssets({
        ...tiered,
        limbs: 6,
        tiers: [
          { percent: 9, upTo: '1' },
          { percent: 8, upTo: '2048' },
          { percent: 7, upTo: '4096' },
          { percent: 6, upTo: String(4096n + (1n << 22n) - 1n) },
          { percent: 5, upTo: String((1n << 64n) - 1n) },
          { percent: 4 },
        ],
      }),
    ],
    [
      'eight-pools',
      withAssets({
        ...pooled,
        pools: Array.from({ length: 8 }, (_, q) => ({ ...pooled.pools![q % 2]!, name: `p${q}` })),
      }),
    ],
    ['512-assets', { ...testHeader('margin'), assets: many(512, 6) }],
  ];
  const changed = (name: string, member: string, asset: Json): Vector => ({
    kind: 'malformed',
    name,
    input: { header: { ...haircuts, assets: [asset] } } satisfies LayoutVectorInput,
    expected: { code: 'HEADER_MALFORMED', details: { member: `header.assets${member}` } },
  });
  const tiers = (name: string, member: string, given: unknown, more: Json = {}) =>
    changed(name, `[0].tiers${member}`, { ...whole, ...more, tiers: given });
  const pools = (name: string, member: string, given: unknown) =>
    changed(name, `[0].pools${member}`, { ...whole, pools: given });
  const [free] = pooled.pools!;
  const header = (name: string, member: string, given: Header): Vector => ({
    kind: 'malformed',
    name,
    input: { header: given } satisfies LayoutVectorInput,
    expected: { code: 'HEADER_MALFORMED', details: { member } },
  });
  const limits = (...upTo: readonly string[]) => [
    ...upTo.map((limit, i) => ({ percent: 50 - i, upTo: limit })),
    { percent: 1 },
  ];
  const malformed = [
    header('513-assets', 'header.assets', { ...testHeader('spot'), assets: many(513, 1) }),
    header('too-many-limbs', 'header.assets', {
      ...haircuts,
      assets: Array.from({ length: 111 }, (_, i) => ({
        ...whole,
        symbol: `A${i}`,
        limbs: 6,
        tiers: Array.from({ length: 32 }, (__, j) => ({
          percent: 90 - j,
          ...(j < 31 ? { upTo: String(10 * (j + 1)) } : {}),
        })),
      })),
    }),
    header('too-many-published-values', 'header.assets', {
      ...haircuts,
      assets: [{ ...pooled, symbol: 'P' }, ...many(511, 1)],
    }),
    tiers('no-tier', '', []),
    tiers('33-tiers', '', limits(...Array.from({ length: 32 }, (_, i) => String(i + 1)))),
    tiers('percent-101', '[0].percent', [{ percent: 101 }]),
    tiers('percent-negative', '[0].percent', [{ percent: -1 }]),
    tiers('percentages-equal', '[1].percent', [{ percent: 5, upTo: '9' }, { percent: 5 }]),
    tiers('percentages-that-rise', '[1].percent', [{ percent: 5, upTo: '9' }, { percent: 6 }]),
    tiers('limits-equal', '[1].upTo', limits('9', '9')),
    tiers('limits-that-fall', '[1].upTo', limits('9', '8')),
    tiers('limit-0', '[0].upTo', limits('0')),
    tiers('limit-2-to-the-64', '[0].upTo', limits(String(1n << 64n)), { limbs: 6 }),
    tiers('limit-beyond-the-limbs', '[0].upTo', limits('2048'), { limbs: 1 }),
    tiers('limit-with-leading-zero', '[0].upTo', limits('09')),
    tiers('limit-in-the-last-tier', '[0]', [{ percent: 5, upTo: '9' }]),
    tiers('limit-missing-before-the-last-tier', '[0].upTo', [{ percent: 5 }, { percent: 4 }]),
    tiers('tiers-beside-pools', '', [{ percent: 5 }], { pools: pooled.pools }),
    pools('one-pool', '', [free]),
    pools(
      'nine-pools',
      '',
      Array.from({ length: 9 }, (_, q) => ({ ...free, name: `p${q}` })),
    ),
    pools('pool-named-twice', '[1].name', [free, free]),
    pools('pool-in-upper-case', '[0].name', [{ ...free, name: 'Free' }, free]),
    pools('pool-without-tiers', '[0].tiers', [{ name: 'a' }, free]),
    header('tiers-in-spot', 'header.assets[0]', {
      ...testHeader('spot'),
      assets: [{ symbol: 'A', scale: 0, limbs: 1, tiers: [{ percent: 5 }] }],
    }),
  ];
  return [
    ...correct.map(([name, given]): Vector => ({
      kind: 'correct',
      name,
      input: { header: given } satisfies LayoutVectorInput,
      expected: layoutOf(given),
    })),
    ...malformed,
  ];
}
