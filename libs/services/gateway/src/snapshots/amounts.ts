import { layoutOf, type Header } from '@solvent/proof/verify';

/** A published value: of one account, or a total. */
export interface Amount {
  readonly symbol: string;
  readonly side: 'EQUITY' | 'DEBT';
  /** Decimal places of the smallest unit. */
  readonly scale: number;
  /** In smallest units, 10^(−scale): a decimal string. */
  readonly amount: string;
  /** In whole tokens: a decimal string with `scale` places. */
  readonly display: string;
}

/** Values in layout order, as they stand in a document, with what they count. */
export function amountsOf(header: Header, values: readonly string[]): Amount[] {
  return layoutOf(header).published.map(({ symbol, side, scale }, v) => ({
    symbol,
    side: side === 'equity' ? 'EQUITY' : 'DEBT',
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
