import { layoutOf, type Header, type PublishedValue } from '@solvent-por/verifier';

/** A published value: of one account, or a total. */
export interface Amount {
  readonly symbol: string;
  readonly side: 'EQUITY' | 'DEBT' | 'POOL';
  /** Of side POOL, which part of the asset's equity it is. */
  readonly pool: string | null;
  /** Decimal places of the smallest unit. */
  readonly scale: number;
  /** In smallest units, 10^(−scale): a decimal string. */
  readonly amount: string;
  /** In whole tokens: a decimal string with `scale` places. */
  readonly display: string;
}

const SIDES = { equity: 'EQUITY', debt: 'DEBT', pool: 'POOL' } as const;

/** A layout of hundreds of assets takes milliseconds to make: each header's is made once. */
const known = new WeakMap<Header, readonly PublishedValue[]>();

/** Values in layout order, as they stand in a document, with what they count. */
export function amountsOf(header: Header, values: readonly string[]): Amount[] {
  let published = known.get(header);
  if (!published) known.set(header, (published = layoutOf(header).published));
  return published.map(({ symbol, side, pool, scale }, v) => ({
    symbol,
    side: SIDES[side],
    pool: pool ?? null,
    scale,
    amount: values[v]!,
    display: withPoint(values[v]!, scale),
  }));
}

/** 123456 at scale 4 is `12.3456`; zeros at the end stay: they tell the precision. */
export function withPoint(units: string, scale: number): string {
  if (scale === 0) return units;
  const digits = units.padStart(scale + 1, '0');
  return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
