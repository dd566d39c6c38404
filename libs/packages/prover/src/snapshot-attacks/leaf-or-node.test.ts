import { R, type G1Point } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import {
  encodedSum,
  leafNode,
  parentNode,
  parseInclusion,
  treeRoot,
  verifyInclusion,
  type Inclusion,
  type SumNode,
} from '@solvent-por/verifier';
import {
  foldedRowsOf,
  inclusionFile,
  SnapshotBuilder,
  testAccounts,
  testHeader,
  toBatches,
  verifyFile,
  type ProvedLine,
  type SmallSnapshot,
  type SnapshotSteps,
} from '@solvent-por/dev/proofs';
import { RESERVED_ROWS } from '../reserved-rows';
import type { StoredBatch } from '../witness-file';

/**
 * A sum tree of another shape than RFC 6962's, in which a leaf stands for an inner node, or the reverse: a
 * path shows a hash beside it, not what that is of. What is owed to somebody is taken off by a batch that
 * nobody proved and no line has room for.
 */
const kzg = nativeVerifier();
const header = testHeader('spot', 1, 2);
const accounts = testAccounts(header, 6);
const HIDDEN = 1000n;
let builder: SnapshotBuilder;
let a: ProvedLine, b: ProvedLine, c: ProvedLine;
let negative: StoredBatch;

beforeAll(async () => {
  builder = await SnapshotBuilder.load(header);
  [a, b, c] = builder.proveAll(toBatches(accounts, 2)) as [ProvedLine, ProvedLine, ProvedLine];
  const nobody = toBatches([])[0]!;
  const reserved = [R - HIDDEN, ...new Array<bigint>(RESERVED_ROWS - 1).fill(0n)];
  negative = { ...b.stored[0]!, batch: 3, accounts: nobody, reservedSums: [reserved] };
});

/** A snapshot of these lines whose totals lack what is hidden, under a tree of the cheater's own shape. */
function close(
  lines: readonly ProvedLine[],
  shape: (nodes: readonly SumNode[], hidden: G1Point) => SumNode,
): SmallSnapshot {
  const steps: SnapshotSteps = {
    totals: (totals) => totals.map((total) => total - HIDDEN),
    summed: (batches) => [...batches, negative],
  };
  const { nodes, gamma, columns } = builder.finalise(lines, steps);
  const [hidden] = kzg.decodePoints([builder.commit(foldedRowsOf(builder.layout, negative, gamma))]);
  const root = treeRoot(builder.digest, lines.length, columns, shape(nodes, hidden!));
  return builder.finalise(lines, { ...steps, root: () => root });
}

const shown = (node: SumNode) => ({ hash: node.hash, sum: encodedSum(node) });

function verify(snapshot: SmallSnapshot, line: ProvedLine, own: SumNode, path: readonly SumNode[]) {
  const place = { sum: encodedSum(own), path: path.map(shown) };
  const file: Inclusion = builder.include(snapshot, line.stored[0]!, 0, place);
  const { key } = accounts[2 * file.batch]!;
  return verifyInclusion(parseInclusion(inclusionFile(file)), { manifest: snapshot.manifest, key }, kzg);
}

const INVALID = (code: string) => ({ valid: false, code });

test('an inner node given as a leaf: a batch that no line proves hangs below the second of two', async () => {
  let parts: { n0: SumNode; n1: SumNode; hidden: SumNode; inner: SumNode } | undefined;
  const cheat = close([a, b], ([n0, n1], sum) => {
    const hidden = leafNode(builder.digest, 2, new Uint8Array(32), sum);
    const inner = parentNode(n1!, hidden);
    parts = { n0: n0!, n1: n1!, hidden, inner };
    return parentNode(n0!, inner);
  });
  const { n0, n1, hidden, inner } = parts!;
  expect(await verifyFile(cheat.file)).toMatchObject(INVALID('GLOBAL_ROOT'));
  // To the users of the first batch it is a leaf: their files hold beside it. Those below it are one level too deep.
  expect(verify(cheat, a, n0, [inner])).toMatchObject({ valid: true });
  expect(verify(cheat, b, n1, [hidden, n0])).toMatchObject(INVALID('INCLUSION_PATH'));
  expect(verify(cheat, b, n1, [n0])).toMatchObject(INVALID('INCLUSION_ROOT'));
});

test('a leaf given as an inner node: one batch stands for two, and for less than they owe', async () => {
  let parts: { n2: SumNode; leaf: SumNode } | undefined;
  const cheat = close([a, b, c], ([n0, n1, n2], sum) => {
    const both = n0!.sum.add(n1!.sum).add(sum);
    const leaf = leafNode(builder.digest, 0, a.proof.accounts[0]!, both);
    parts = { n2: n2!, leaf };
    return parentNode(leaf, n2!);
  });
  const { n2, leaf } = parts!;
  expect(await verifyFile(cheat.file)).toMatchObject(INVALID('GLOBAL_ROOT'));
  // To the users of the third batch it is an inner node. Its own users have a level too few.
  expect(verify(cheat, c, n2, [leaf])).toMatchObject({ valid: true });
  expect(verify(cheat, a, leaf, [n2])).toMatchObject(INVALID('INCLUSION_PATH'));
});
