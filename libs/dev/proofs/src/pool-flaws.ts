import { layoutOf, parseHeader, type Layout } from '@solvent-por/verifier';
import { haircutHeader } from './snapshots';

const [tiered, , whole] = haircutHeader(2).assets;

/** Three pools that count differently, beside an asset that counts wholly and one with tiers. */
export const POOLS = parseHeader({
  ...haircutHeader(2),
  snapshot: 'test-pools',
  assets: [
    {
      ...{ symbol: 'POOLED', scale: 2, limbs: 2, price: '4' },
      pools: [
        { name: 'free', tiers: [{ percent: 0 }] },
        { name: 'margin', tiers: [{ percent: 90, upTo: '1000' }, { percent: 40 }] },
        { name: 'portfolio', tiers: [{ percent: 60, upTo: '500' }, { percent: 20 }] },
      ],
    },
    whole,
    tiered,
  ],
});

const layout = layoutOf(POOLS);
const baseOf = (name: string) => layout.bases.findIndex((base) => base.name === name);
const net = layout.relations.length - 1;
const coefficientOf = (name: string) =>
  layout.relations[net]!.terms.find(({ base }) => base === baseOf(name))?.coefficient ?? 0n;

/** An account that owes more than counts, and what of the layout a verifier has wrong that takes it for solvent. */
export interface PoolFlaw {
  /** Words joined by hyphens. */
  readonly name: string;
  /** The layout's inputs. */
  readonly amounts: readonly bigint[];
  readonly layout: Layout;
  /** Index of the relation that does not hold. */
  readonly relation: number;
}

/** Net's relation where some base values count otherwise. */
function counting(change: (name: string, honest: bigint) => bigint): Layout {
  const terms = layout.bases.map(({ name }, base) => ({
    base,
    coefficient: change(name, coefficientOf(name)),
  }));
  return {
    ...layout,
    relations: layout.relations.map((relation, i) =>
      i === net ? { ...relation, terms: terms.filter(({ coefficient }) => coefficient !== 0n) } : relation,
    ),
  };
}

/** Under these names those of others. */
const as = (others: Readonly<Record<string, string>>) =>
  counting((name, honest) => (others[name] === undefined ? honest : coefficientOf(others[name])));

const PORTFOLIO_AS_MARGIN = {
  'POOLED portfolio tier 0': 'POOLED margin tier 0',
  'POOLED portfolio tier 1': 'POOLED margin tier 1',
};

export const POOL_FLAWS: readonly PoolFlaw[] = [
  {
    name: 'portfolio-at-the-percentages-of-margin',
    amounts: [0n, 0n, 400n, 0n, 0n, 300n, 0n, 0n],
    layout: as(PORTFOLIO_AS_MARGIN),
    relation: net,
  },
  {
    name: 'percentages-of-two-pools-permuted',
    amounts: [0n, 100n, 500n, 0n, 0n, 480n, 0n, 0n],
    layout: as({
      ...PORTFOLIO_AS_MARGIN,
      ...Object.fromEntries(Object.entries(PORTFOLIO_AS_MARGIN).map(([one, other]) => [other, one])),
    }),
    relation: net,
  },
  {
    name: 'free-at-the-percentage-of-portfolio',
    amounts: [1000n, 0n, 0n, 0n, 0n, 500n, 0n, 0n],
    layout: as({ 'POOLED free': 'POOLED portfolio tier 0' }),
    relation: net,
  },
  {
    name: 'pool-at-the-percentage-of-another-asset',
    amounts: [0n, 0n, 500n, 0n, 0n, 450n, 0n, 0n],
    layout: counting((name, c) => (name === 'POOLED portfolio tier 0' ? -4n * 95n : c)),
    relation: net,
  },
  {
    // What counts wholly, and debts, then count for one hundredth.
    name: 'd-of-1-where-there-are-pools',
    amounts: [0n, 0n, 1n, 0n, 0n, 60n, 0n, 0n],
    layout: counting((name, c) => (name.endsWith('debt') || name === 'WHOLE equity' ? c / 100n : c)),
    relation: net,
  },
  {
    // More lies in the best tier of margin than it holds.
    name: 'width-of-another-tier',
    amounts: [0n, 1800n, 0n, 0n, 0n, 1600n, 0n, 0n],
    layout: {
      ...layout,
      relations: layout.relations.map((relation, i) =>
        i === 0 ? { ...relation, constant: -2000n } : relation,
      ),
      inputs: layout.inputs.map((input) =>
        input.name === 'POOLED margin' ? { ...input, widths: [2000n] } : input,
      ),
    },
    relation: 0,
  },
];

/** A layout that publishes an unpaired value in a sum, which reserved rows could then change. */
export function smuggledInto(published: number, name: string): Layout {
  const base = baseOf(name);
  if (base < 0 || layout.paired.includes(base)) throw new RangeError(`${name} is no unpaired base value`);
  return {
    ...layout,
    published: layout.published.map((value, v) =>
      v === published
        ? { ...value, form: { terms: [...value.form.terms, { base, coefficient: 1n }] } }
        : value,
    ),
  };
}
