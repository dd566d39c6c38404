import type { Header } from './header';
import { parseHeader } from './header';
import { layoutOf, sizeOf, type InputAmount } from './layout';
import { maxProofLineBytes, helperCount } from './batch-proof';

const common = {
  protocol: 'solvent/v1',
  operator: `0x${'00'.repeat(32)}`,
  snapshot: 's',
  takenAt: '2026-01-01T00:00:00Z',
} as const;
const asset = (symbol: string, limbs = 6, price?: string) => ({
  symbol,
  scale: 2,
  limbs,
  ...(price ? { price } : {}),
});

describe('layouts (section 3)', () => {
  test('aggregate: debt and net, of which equity is the sum', () => {
    const layout = layoutOf({ ...common, mode: 'aggregate', assets: [asset('USD')] });
    expect(layout.bases.map(({ name, firstLimb }) => [name, firstLimb])).toEqual([
      ['debt', 0],
      ['net', 6],
    ]);
    expect(layout.published.map(({ side, form }) => [side, form.terms.map(({ base }) => base)])).toEqual([
      ['equity', [1, 0]],
      ['debt', [0]],
    ]);
    expect(layout).toMatchObject({ limbs: 12, relations: [], maxBatches: 16, paired: [0, 1] });
    expect(layout.inputs.map(({ name, side, base }) => [name, side, base])).toEqual([
      ['debt', 'debt', 0],
      ['net', 'net', 1],
    ]);
  });

  test('spot: one equity an asset', () => {
    const layout = layoutOf({ ...common, mode: 'spot', assets: [asset('A', 3), asset('B', 6)] });
    expect(layout.bases.map(({ limbs, firstLimb }) => [limbs, firstLimb])).toEqual([
      [3, 0],
      [6, 3],
    ]);
    expect(layout).toMatchObject({ limbs: 9, paired: [0, 1], maxBatches: 21 });
    expect(layout.published.map(({ symbol, side }) => [symbol, side])).toEqual([
      ['A', 'equity'],
      ['B', 'equity'],
    ]);
    expect(layoutOf({ ...common, mode: 'spot', assets: [asset('A', 1)] }).maxBatches).toBe(192);
  });

  test('margin: equities, debts, then net tied to them by the prices', () => {
    const header: Header = {
      ...common,
      mode: 'margin',
      unit: 'USD',
      priceScale: 4,
      assets: [asset('A', 3, '5'), asset('B', 6, '7')],
    };
    const layout = layoutOf(header);
    expect(layout.bases.map(({ limbs }) => limbs)).toEqual([3, 6, 3, 6, 13]);
    expect(layout.relations[0]!.terms).toEqual([
      { base: 0, coefficient: -5n },
      { base: 1, coefficient: -7n },
      { base: 2, coefficient: 5n },
      { base: 3, coefficient: 7n },
      { base: 4, coefficient: 1n },
    ]);
    expect(layout.published.map(({ symbol, side }) => `${symbol} ${side}`)).toEqual([
      'A equity',
      'B equity',
      'A debt',
      'B debt',
    ]);
    expect(layout).toMatchObject({ paired: [0, 1, 2, 3], limbs: 31, maxBatches: 6 });
    expect(layout.inputs.map(({ name, widths }) => [name, widths])).toEqual([
      ['A equity', []],
      ['B equity', []],
      ['A debt', []],
      ['B debt', []],
    ]);
  });

  test('margin with tiers and pools: parts, debts, rooms, net; constants; pools published last', () => {
    const tier = (percent: number, upTo?: string) => ({ percent, ...(upTo ? { upTo } : {}) });
    const header = parseHeader({
      ...common,
      mode: 'margin',
      unit: 'USD',
      priceScale: 4,
      assets: [
        {
          ...asset('A', 3, '5'),
          pools: [
            { name: 'free', tiers: [tier(0)] },
            { name: 'x', tiers: [tier(90, '2047'), tier(40, '4095'), tier(10)] },
          ],
        },
        asset('B', 6, '7'),
        { ...asset('C', 2, '11'), tiers: [tier(80, '2048'), tier(5)] },
        { ...asset('D', 1, '13'), tiers: [tier(77)] },
      ],
    });
    const layout = layoutOf(header);
    expect(layout.bases.map(({ name, limbs }) => `${name}: ${limbs}`)).toEqual([
      'A free: 3',
      'A x tier 0: 1',
      'A x tier 1: 2',
      'A x tier 2: 3',
      'B equity: 6',
      'C equity tier 0: 2',
      'C equity tier 1: 2',
      'D equity: 1',
      'A debt: 3',
      'B debt: 6',
      'C debt: 2',
      'D debt: 1',
      'room of A x tier 0: 1',
      'room of A x tier 1: 2',
      'room of C equity tier 0: 2',
      'net: 14',
    ]);
    const terms = (r: number) =>
      layout.relations[r]!.terms.map(({ base, coefficient }) => [base, coefficient]);
    expect(layout.relations.map(({ constant }) => constant)).toEqual([-2047n, -2048n, -2048n, 0n]);
    expect([0, 1, 2].map(terms)).toEqual([
      [
        [1, 1n],
        [12, 1n],
      ],
      [
        [2, 1n],
        [13, 1n],
      ],
      [
        [5, 1n],
        [14, 1n],
      ],
    ]);
    expect(terms(3)).toEqual([
      [1, -450n],
      [2, -200n],
      [3, -50n],
      [4, -700n],
      [5, -880n],
      [6, -55n],
      [7, -1001n],
      [8, 500n],
      [9, 700n],
      [10, 1100n],
      [11, 1300n],
      [15, 1n],
    ]);
    expect(
      layout.published.map(({ symbol, side, pool, form, inputs }) => [
        [symbol, side, pool ?? ''].join(' '),
        form.terms.map(({ base }) => base),
        inputs,
      ]),
    ).toEqual([
      ['A equity ', [0, 1, 2, 3], [0, 1]],
      ['B equity ', [4], [2]],
      ['C equity ', [5, 6], [3]],
      ['D equity ', [7], [4]],
      ['A debt ', [8], [5]],
      ['B debt ', [9], [6]],
      ['C debt ', [10], [7]],
      ['D debt ', [11], [8]],
      ['A pool free', [0], [0]],
      ['A pool x', [1, 2, 3], [1]],
    ]);
    expect(layout.inputs.map(({ name, base, widths }) => [name, base, widths])).toEqual([
      ['A free', 0, []],
      ['A x', 1, [2047n, 2048n]],
      ['B equity', 4, []],
      ['C equity', 5, [2048n]],
      ['D equity', 7, []],
      ['A debt', 8, []],
      ['B debt', 9, []],
      ['C debt', 10, []],
      ['D debt', 11, []],
    ]);
    expect(layout.paired).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(sizeOf(header)).toEqual({ limbs: layout.limbs, published: layout.published.length });
    // Of every relation: its last base value is derived, has coefficient 1, is in no published value, and is
    // the last of no other.
    const last = layout.relations.map((relation) => relation.terms.at(-1)!);
    expect(last.every(({ coefficient }) => coefficient === 1n)).toBe(true);
    expect(last.map(({ base }) => base)).toEqual([12, 13, 14, 15]);
  });

  test.each<[string, Header]>([
    ['aggregate', { ...common, mode: 'aggregate', unit: 'USD', assets: [asset('USD', 5)] }],
    ['spot', { ...common, mode: 'spot', assets: [asset('A', 3), asset('B', 6)] }],
    [
      'margin',
      {
        ...common,
        mode: 'margin',
        unit: 'USD',
        priceScale: 4,
        assets: [
          {
            ...asset('A', 3, '5'),
            pools: [
              { name: 'free', tiers: [{ percent: 0 }] },
              { name: 'x', tiers: [{ percent: 9 }] },
            ],
          },
          {
            ...asset('B', 6, '7'),
            pools: [{ name: 'free', tiers: [{ percent: 50, upTo: '9' }, { percent: 0 }] }],
          },
        ],
      },
    ],
  ])('%s: inputs fill the values that are published, and the size is known beforehand', (_mode, header) => {
    const layout = layoutOf(header);
    expect(sizeOf(header)).toEqual({ limbs: layout.limbs, published: layout.published.length });
    const basesOf = ({ base, widths }: InputAmount) => [base, ...widths.map((_, i) => base + i + 1)];
    // An input's base values are its own; together they are what the prover need not derive.
    const filled = layout.inputs.flatMap(basesOf);
    expect(filled).toEqual([...filled.keys()]);
    const derived = layout.relations.map(({ terms }) => terms.at(-1)!.base);
    expect([...filled, ...derived]).toEqual([...layout.bases.keys()]);
    for (const { symbol, side, pool, form, inputs } of layout.published) {
      const own = inputs.map((input) => layout.inputs[input]!);
      expect(own.flatMap(basesOf)).toEqual(form.terms.map(({ base }) => base));
      for (const input of own) {
        expect(input.symbol).toBe(symbol);
        if (header.mode !== 'aggregate') expect(input.side).toBe(side === 'debt' ? 'debt' : 'equity');
        if (side === 'pool') expect(input.pool).toBe(pool);
      }
    }
    // Said once, by the input that lies in a pool.
    expect(layout.inputs.map(({ pool }) => pool).filter((pool) => pool !== undefined)).toEqual(
      layout.published.flatMap(({ side, pool }) => (side === 'pool' ? [pool] : [])),
    );
    expect(layout.inputs.every((input) => input.pool !== undefined || !('pool' in input))).toBe(true);
  });

  test.each([
    ['tiers', { tiers: [{ percent: 9 }] }],
    ['pools', { pools: ['a', 'b'].map((name) => ({ name, tiers: [{ percent: 9 }] })) }],
  ])('%s alone make percentages of prices, and net a limb longer', (_what, haircut) => {
    const assets = [asset('A', 3, '5'), { ...asset('B', 2, '7'), ...haircut }];
    const layout = layoutOf({ mode: 'margin', assets });
    expect(layout.bases.at(-1)).toMatchObject({ name: 'net', limbs: 14 });
    const { terms } = layout.relations.at(-1)!;
    expect(terms[0]).toEqual({ base: 0, coefficient: -500n });
    expect(terms.at(-2)!.coefficient).toBe(700n);
  });

  test('wide layouts are proved batch by batch', () => {
    const assets = Array.from({ length: 512 }, (_, t) => asset(`T${t}`, 6, '1'));
    const layout = layoutOf({ ...common, mode: 'margin', assets });
    expect(layout).toMatchObject({ limbs: 6157, maxBatches: 1 });
    expect(helperCount(layout, 1)).toBe(Math.ceil(6157 / 3));
    expect(maxProofLineBytes(layout)).toBeLessThan(1_500_000);
  });
});
