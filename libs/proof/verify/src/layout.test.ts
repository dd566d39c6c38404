import type { Header } from './header';
import { layoutOf } from './layout';
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
    const layout = layoutOf({ ...common, mode: 'aggregate', unit: 'USD', assets: [asset('USD')] });
    expect(layout.bases.map(({ name, firstLimb }) => [name, firstLimb])).toEqual([
      ['debt', 0],
      ['net', 6],
    ]);
    expect(layout.published.map(({ side, form }) => [side, form.terms.map(({ base }) => base)])).toEqual([
      ['equity', [1, 0]],
      ['debt', [0]],
    ]);
    expect(layout).toMatchObject({ limbs: 12, inputs: 2, relations: [], maxBatches: 16 });
  });

  test('spot: one equity an asset', () => {
    const layout = layoutOf({ ...common, mode: 'spot', assets: [asset('A', 3), asset('B', 6)] });
    expect(layout.bases.map(({ limbs, firstLimb }) => [limbs, firstLimb])).toEqual([
      [3, 0],
      [6, 3],
    ]);
    expect(layout).toMatchObject({ limbs: 9, inputs: 2, maxBatches: 21 });
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
    expect(layout).toMatchObject({ inputs: 4, limbs: 31, maxBatches: 6 });
  });

  test('wide layouts are proved batch by batch', () => {
    const assets = Array.from({ length: 256 }, (_, t) => asset(`T${t}`, 6, '1'));
    const layout = layoutOf({ ...common, mode: 'margin', unit: 'USD', priceScale: 0, assets });
    expect(layout).toMatchObject({ limbs: 256 * 12 + 13, maxBatches: 1 });
    expect(helperCount(layout, 1)).toBe(Math.ceil((256 * 12 + 13) / 3));
    expect(maxProofLineBytes(layout)).toBeLessThan(1_000_000);
  });
});
