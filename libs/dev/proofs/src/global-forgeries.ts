import { R, toHex } from '@solvent-por/kzg';
import { operatorKeyOf } from '@solvent-por/prover';
import { leafNode, parentNode, treeRoot, type Asset, type Header } from '@solvent-por/verifier';
import { fitted } from './cheating';
import type { GlobalVectorInput } from './global-vectors';
import { laxSnapshot } from './lax-snapshot';
import type { SmallSnapshot } from './small-snapshot';
import { TEST_KEYS, testHeader } from './snapshots';
import { vectorSnapshots, type VectorSnapshot } from './vector-snapshots';
import type { Vector } from './vectors';

const input = ({ file }: SmallSnapshot): GlobalVectorInput => ({
  file: new TextDecoder().decode(file),
  operator: toHex(operatorKeyOf(TEST_KEYS.signing)),
});
const incorrect = (name: string, code: string, snapshot: SmallSnapshot): Vector => ({
  kind: 'incorrect',
  name,
  input: input(snapshot),
  expected: { valid: false, code },
});

/** Vectors of `global` that hold but for one thing: γ, the shape of the tree, the header. */
export async function globalForgeries(): Promise<Vector[]> {
  const { spot, haircuts } = await vectorSnapshots();
  return [fittedTotals(haircuts), ...shapes(spot), ...(await headers())];
}

/** Totals at will, found by one who knows γ before they stand: they fold to what the true ones do. */
function fittedTotals({ builder, lines, snapshot: { gamma, totals: truth } }: VectorSnapshot): Vector {
  const totals = fitted(
    gamma,
    truth,
    truth.map(() => 1n << 40n),
  );
  const cheat = builder.finalise(lines, { totals: () => totals, gamma: () => gamma });
  return incorrect('totals-fitted-to-a-gamma-drawn-before', 'PROOF_INVALID', cheat);
}

/** A leaf that stands for an inner node, and the reverse. */
function shapes({ builder, lines }: VectorSnapshot): Vector[] {
  const [a, b, c] = lines;
  const { digest } = builder;
  const below = builder.finalise([a!, b!], { summed: (batches) => [...batches, ...c!.stored] });
  const hidden = builder.leavesOf(c!.proof, below.gamma)[0]!;
  const inner = parentNode(below.nodes[1]!, leafNode(digest, 2, hidden.accounts, hidden.sum));
  const asLeaf = treeRoot(digest, 2, below.columns, parentNode(below.nodes[0]!, inner));

  const whole = builder.finalise([a!, b!, c!]);
  const [n0, n1, n2] = whole.nodes;
  const both = leafNode(digest, 0, a!.proof.accounts[0]!, n0!.sum.add(n1!.sum));
  const asInner = treeRoot(digest, 3, whole.columns, parentNode(both, n2!));
  return [
    incorrect(
      'inner-node-given-as-a-leaf',
      'GLOBAL_ROOT',
      builder.finalise([a!, b!], {
        summed: (batches) => [...batches, ...c!.stored],
        root: () => asLeaf,
      }),
    ),
    incorrect(
      'leaf-given-as-an-inner-node',
      'GLOBAL_ROOT',
      builder.finalise([a!, b!, c!], { root: () => asInner }),
    ),
  ];
}

async function headers(): Promise<Vector[]> {
  const plain = testHeader('margin', 1, 1);
  const made: [string, string, Partial<Asset>, readonly bigint[], number?][] = [
    ['price-of-minus-one', 'price', { price: String(R - 1n) }, [5n, 900n]],
    [
      'percentages-that-rise',
      'tiers[1].percent',
      { tiers: [{ percent: 10, upTo: '500' }, { percent: 90 }] },
      [1000n, 900n],
      1,
    ],
    ['more-than-a-hundred-percent', 'tiers[0].percent', { tiers: [{ percent: 101 }] }, [1000n, 1009n]],
  ];
  return Promise.all(
    made.map(async ([name, member, asset, amounts, tier]): Promise<Vector> => {
      const header: Header = { ...plain, assets: [{ ...plain.assets[0]!, ...asset }] };
      return {
        kind: 'malformed',
        name: `debtor-under-${name}`,
        input: input(await laxSnapshot(header, amounts, tier)),
        expected: { code: 'HEADER_MALFORMED', details: { member: `header.assets[0].${member}` } },
      };
    }),
  );
}
