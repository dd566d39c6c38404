import { equalBytes, hexBytes, OpeningChecks, rowPoint, toHex, type KzgVerifier } from '@solvent-por/kzg';
import {
  ACCOUNT_ROWS,
  accountId,
  accountLeaf,
  addTotalsCheck,
  climb,
  climbAccounts,
  foldValues,
  headerDigest,
  leafNode,
  manifestChallenge,
  manifestDigest,
  shownNode,
  siblingSides,
  sizeOf,
  treeRoot,
} from '@solvent-por/verifier';
import type { Documents } from './check-account';

/** Which of the steps hold, each asked alone; undefined: could not be asked. */
export interface Holds {
  readonly row: boolean;
  readonly amounts: boolean | undefined;
  readonly batch: boolean | undefined;
  readonly totals: boolean | undefined;
}

/**
 * Why the verifier refused an inclusion: each of its equations by itself (section 9). The verdict is the
 * verifier's; this only finds the step at which it fails, and finds one always.
 * @throws SolventError POINT_MALFORMED
 */
export function diagnose(
  { manifest, inclusion }: Documents,
  key: Uint8Array | undefined,
  kzg: KzgVerifier,
): Holds {
  const { header, batchCount } = manifest;
  const { batch, row, values, path } = inclusion;
  const digest = headerDigest(header);
  const mine = !key || equalBytes(accountId(digest, key), inclusion.id);
  const belongs = equalBytes(inclusion.manifest, manifestDigest(manifest));
  // Of another snapshot: nothing further on can be asked of it.
  if (!belongs) return { row: true, amounts: undefined, batch: false, totals: undefined };
  if (row >= ACCOUNT_ROWS || values.length !== sizeOf(header).published)
    return { row: mine, amounts: false, batch: undefined, totals: undefined };
  const [sum, cell, subcell, single, totalsOpening, ...pathSums] = kzg.decodePoints([
    inclusion.sum,
    ...inclusion.openings,
    hexBytes(manifest.totalsOpening, 48),
    ...path.map((node) => node.sum),
  ]);
  const gamma = manifestChallenge(manifest, digest);
  const opening = new OpeningChecks();
  opening.addRow({
    commitment: { points: [sum!], scalars: [1n] },
    point: rowPoint(row),
    value: foldValues(gamma, values),
    proofs: [cell!, subcell!, single!],
  });
  const amounts = opening.holds(kzg);
  if (batch >= batchCount || path.length !== siblingSides(batch, batchCount).length)
    return { row: mine, amounts, batch: false, totals: undefined };
  const leaf = accountLeaf(inclusion.id, inclusion.salt, values);
  const top = climb(
    leafNode(digest, batch, climbAccounts(leaf, inclusion.accountPath, row), sum!, inclusion.sum),
    path.map((node, i) => shownNode(node.hash, pathSums[i]!, node.sum)),
    batch,
    batchCount,
  );
  const root = toHex(treeRoot(digest, batchCount, hexBytes(manifest.columns, 32), top));
  if (root !== manifest.root)
    // Values that open to nothing else are what is wrong; where they open, it is the way to the root.
    return { row: mine, amounts, batch: amounts ? false : undefined, totals: undefined };
  const equation = new OpeningChecks();
  addTotalsCheck(top.sum, gamma, manifest.totals.map(BigInt), totalsOpening!, equation);
  return { row: mine, amounts, batch: true, totals: equation.holds(kzg) };
}
