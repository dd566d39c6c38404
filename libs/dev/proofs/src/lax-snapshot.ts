import { mod, R } from '@solvent-por/kzg';
import { BatchProver } from '@solvent-por/prover';
import { layoutOf, type Header, type Layout } from '@solvent-por/verifier';
import type { SmallSnapshot } from './small-snapshot';
import { SnapshotBuilder } from './snapshot-builder';
import { testKey, toBatches } from './snapshots';

/**
 * A snapshot of one account under any header at all, proved, closed and signed as if that were one: every
 * equation of its file holds.
 *
 * @param amounts the layout's inputs
 * @param tier puts the whole first input into this base value, whatever tiers there are
 */
export async function laxSnapshot(
  header: Header,
  amounts: readonly bigint[],
  tier?: number,
): Promise<SmallSnapshot> {
  const builder = await SnapshotBuilder.load(header);
  const layout = centred(layoutOf(header));
  const [first, ...others] = layout.inputs;
  const inputs = tier === undefined ? layout.inputs : [{ ...first!, base: tier, widths: [] }, ...others];
  class LaxProver extends BatchProver {
    override readonly layout: Layout = { ...layout, inputs };
  }
  const accounts = toBatches([{ id: testKey('somebody'), amounts }]);
  return builder.finalise([builder.prove(0, accounts, builder.prover(LaxProver))]);
}

/** The same relations mod r, in the smallest integers: what an honest prover would add up without wrapping. */
function centred(layout: Layout): Layout {
  const least = (x: bigint) => (mod(x) > R / 2n ? mod(x) - R : mod(x));
  return {
    ...layout,
    relations: layout.relations.map(({ terms, constant }) => ({
      terms: terms.map((term) => ({ ...term, coefficient: least(term.coefficient) })),
      constant,
    })),
  };
}
