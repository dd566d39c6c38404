import { nativeVerifier } from '@solvent-por/kzg/native';
import {
  encodedSum,
  lineContext,
  proofLine,
  shownNode,
  treeRoot,
  verifyProofLine,
  type BatchProof,
  type Header,
  type LineVerifier,
} from '@solvent-por/verifier';
import {
  joinLines,
  SnapshotBuilder,
  TEST_KEYS,
  testAccounts,
  testHeader,
  testKey,
  toBatches,
  type ProvedLine,
  type SnapshotSteps,
  verifyFile,
} from '@solvent-por/dev/proofs';
import { concat, toHex, u32be } from '@solvent-por/kzg';
import { sha256 } from '@noble/hashes/sha2.js';
import { operatorKeyOf } from '../sign';

/**
 * Batches and proofs that are missing, doubled, in another place or from elsewhere. The cheater always signs
 * a manifest whose root, number of batches and totals are those of the lines in the file, so that neither can
 * be what refuses.
 */
const header = testHeader('spot', 1, 2);
const batches = toBatches(testAccounts(header, 6), 2);
let builder: SnapshotBuilder;
/** Batches 0, 1 and 2, each in a proof of its own. */
let a: ProvedLine, b: ProvedLine, c: ProvedLine;
/** Batches 0 and 1, and 1 and 2, in one proof. */
let ab: ProvedLine, bc: ProvedLine;

beforeAll(async () => {
  builder = await SnapshotBuilder.load(header);
  [a, b, c] = builder.proveAll(batches) as [ProvedLine, ProvedLine, ProvedLine];
  [ab, bc] = [builder.prove(0, batches.slice(0, 2)), builder.prove(1, batches.slice(1))];
});

const close = (lines: readonly ProvedLine[], steps?: SnapshotSteps) => builder.finalise(lines, steps);
const verdict = (lines: readonly ProvedLine[], steps?: SnapshotSteps) => verifyFile(close(lines, steps).file);
const under = (line: ProvedLine, first: number): ProvedLine => ({ ...line, proof: { ...line.proof, first } });

const ORDER = { valid: false, code: 'GLOBAL_ORDER' };
const PROOF = { valid: false, code: 'PROOF_INVALID' };
const ROOT = { valid: false, code: 'GLOBAL_ROOT' };

/**
 * Rearranges the batches inside a proof: account trees, limbs and (with one group a batch) helpers alike, in
 * commitments and evaluations.
 */
function rearranged(line: ProvedLine, order: readonly number[]): ProvedLine {
  const K = builder.layout.limbs;
  const pick = <T>(columns: { limbs: readonly T[]; helpers: readonly T[] }) => ({
    limbs: order.flatMap((i) => columns.limbs.slice(i * K, (i + 1) * K)),
    helpers: columns.helpers.slice(0, Math.ceil((order.length * K) / 3)),
  });
  const { commitments, evaluations } = line.proof;
  const proof: BatchProof = {
    ...line.proof,
    accounts: order.map((i) => line.proof.accounts[i]!),
    commitments: { ...commitments, ...pick(commitments) },
    evaluations: { ...evaluations, ...pick(evaluations) },
  };
  return { proof, stored: order.map((i) => line.stored[i]!) };
}

describe('the honest file', () => {
  test.each([
    ['three proofs', () => [a, b, c], 3],
    ['two batches in the first', () => [ab, c], 2],
    ['two batches in the last', () => [a, bc], 2],
  ] as const)('%s: valid', async (_name, lines, proofs) => {
    expect(await verdict(lines())).toMatchObject({ valid: true, proofs, manifest: { batchCount: 3 } });
  });
});

describe('a dropped batch or proof', () => {
  test('in the middle', async () => {
    expect(await verdict([a, c])).toMatchObject({
      ...ORDER,
      reason: 'line 3 proves batches from 2 on where 1 of 2 should follow',
    });
  });

  test('in the middle, the next one renumbered', async () => {
    expect(await verdict([a, under(c, 1)])).toMatchObject(PROOF);
  });

  test('at the beginning', async () => {
    expect(await verdict([b, c])).toMatchObject(ORDER);
  });

  test('at the end, the manifest as it was', async () => {
    const { document, summed } = close([a, b, c]);
    const file = joinLines(document, ...summed.slice(0, 2).map(proofLine));
    await expect(verifyFile(file)).rejects.toMatchObject({ code: 'FILE_CUT_OFF', kind: 'malformed' });
  });

  test('at the end, under a root of what is left and the old number of batches', async () => {
    await expect(verdict([a, b], { batchCount: () => 3 })).rejects.toMatchObject({ code: 'FILE_CUT_OFF' });
  });

  test('out of a proof of two', async () => {
    expect(await verdict([rearranged(ab, [0])])).toMatchObject(PROOF);
    expect(await verdict([rearranged(ab, [1]), under(c, 1)])).toMatchObject(PROOF);
  });
});

describe('a doubled batch or proof', () => {
  test('one after the other', async () => {
    expect(await verdict([a, a, b])).toMatchObject(ORDER);
  });

  test('the second one renumbered', async () => {
    expect(await verdict([a, under(a, 1)])).toMatchObject(PROOF);
  });

  test('at the end, beyond the number of batches', async () => {
    expect(await verdict([a, b, b], { batchCount: () => 2 })).toMatchObject({
      ...ORDER,
      reason: 'line 4 proves batches from 1 on where 2 of 2 should follow',
    });
  });

  test('inside a proof', async () => {
    expect(await verdict([rearranged(ab, [0, 0])])).toMatchObject(PROOF);
  });
});

describe('swapped batches or proofs', () => {
  test('lines', async () => {
    expect(await verdict([b, a])).toMatchObject(ORDER);
    expect(await verdict([a, c, b])).toMatchObject(ORDER);
  });

  test('lines, renumbered', async () => {
    expect(await verdict([under(b, 0), under(a, 1)])).toMatchObject(PROOF);
  });

  test('batches of one proof', async () => {
    expect(await verdict([rearranged(ab, [1, 0])])).toMatchObject(PROOF);
  });

  test('leaves of the tree, the lines in order', async () => {
    expect(await verdict([a, b], { leaves: ([x, y]) => [y!, x!] })).toMatchObject(ROOT);
  });
});

describe('a foreign batch or proof', () => {
  async function foreign(other: Header, keys = TEST_KEYS): Promise<ProvedLine> {
    return (await SnapshotBuilder.load(other, keys)).prove(1, [batches[1]!]);
  }

  test('of another snapshot of the operator', async () => {
    const line = await foreign({ ...header, snapshot: 'test-before', takenAt: '2026-09-30T00:00:00Z' });
    expect(await verdict([a, line, c])).toMatchObject(PROOF);
  });

  test('of another operator', async () => {
    const line = await foreign({ ...header, operator: toHex(operatorKeyOf(testKey('another operator'))) });
    expect(await verdict([a, line, c])).toMatchObject(PROOF);
  });

  test('of other scale: the same limbs, another meaning', async () => {
    const line = await foreign({ ...header, assets: [{ ...header.assets[0]!, scale: 3 }] });
    expect(await verdict([a, line, c])).toMatchObject(PROOF);
  });

  test('in the tree alone: the leaf of a batch that is not in the file', async () => {
    const { gamma } = close([a, b]);
    const [foreignLeaf] = builder.leavesOf(c.proof, gamma);
    expect(await verdict([a, b], { leaves: ([x]) => [x!, foreignLeaf!] })).toMatchObject(ROOT);
  });

  test('the published prices are changed after proving', async () => {
    const priced = testHeader('margin', 1, 1);
    const margin = await SnapshotBuilder.load(priced);
    const account = { id: testKey('rich'), amounts: [2000n, 100n] };
    const line = margin.prove(0, toBatches([account]));
    expect(await verifyFile(margin.finalise([line]).file)).toMatchObject({ valid: true });
    const dearer = new SnapshotBuilder(
      { ...priced, assets: [{ ...priced.assets[0]!, price: '4' }] },
      margin.committer,
      margin.opener,
    );
    expect(await verifyFile(dearer.finalise([line]).file)).toMatchObject(PROOF);
  });
});

describe('lines that overlap or leave a gap', () => {
  test('overlap by one batch', async () => {
    expect(await verdict([ab, bc])).toMatchObject(ORDER);
    expect(await verdict([ab, b, c])).toMatchObject(ORDER);
  });

  test('a gap of one batch', async () => {
    expect(await verdict([a, under(b, 2)])).toMatchObject(PROOF); // found before the gap: the proof is bound to its place
    expect(await verdict([ab, builder.prove(3, [batches[2]!])])).toMatchObject(ORDER);
  });

  test('the last proof reaches beyond the number of batches, and the root with it', async () => {
    expect(await verdict([ab], { batchCount: () => 1 })).toMatchObject(ORDER);
    expect(await verdict([a, bc], { batchCount: () => 2 })).toMatchObject(ORDER);
  });
});

describe('the root', () => {
  const other = testHeader('spot', 2, 2);

  test('of another number of batches', async () => {
    const { tree, columns } = close([a, b, c]);
    const root = () => treeRoot(builder.digest, 4, columns, tree.top);
    expect(await verdict([a, b, c], { root })).toMatchObject(ROOT);
  });

  test('of another header', async () => {
    const { tree, columns } = close([a, b]);
    const { digest } = new SnapshotBuilder(other, builder.committer, builder.opener);
    expect(await verdict([a, b], { root: () => treeRoot(digest, 2, columns, tree.top) })).toMatchObject(ROOT);
  });

  test('of another file', async () => {
    expect(await verdict([a, b], { root: () => close([a, b, c]).root })).toMatchObject(ROOT);
  });

  test('with a sum moved from one leaf to its neighbour, all totals kept', async () => {
    const moved: SnapshotSteps['leaves'] = ([x, y]) => [
      { ...x!, sum: x!.sum.add(x!.sum) },
      { ...y!, sum: y!.sum.subtract(x!.sum) },
    ];
    expect(await verdict([a, b], { leaves: moved })).toMatchObject(ROOT);
  });

  test("with another account tree than the batch's, and with the batches' trees swapped", async () => {
    const one: SnapshotSteps['leaves'] = ([x, y]) => [{ ...x!, accounts: y!.accounts }, y!];
    expect(await verdict([a, b], { leaves: one })).toMatchObject(ROOT);
    const both: SnapshotSteps['leaves'] = ([x, y]) => [
      { ...x!, accounts: y!.accounts },
      { ...y!, accounts: x!.accounts },
    ];
    expect(await verdict([a, b], { leaves: both })).toMatchObject(ROOT);
  });

  test('without `columns`, and with an account tree dropped from a leaf’s hash', async () => {
    const { tree } = close([a, b]);
    const without = () =>
      sha256(concat(Uint8Array.of(2), builder.digest, u32be(2), tree.top.hash, encodedSum(tree.top)));
    expect(await verdict([a, b], { root: without })).toMatchObject(ROOT);
    const dropped: SnapshotSteps['leaves'] = ([x, y]) => [{ ...x!, accounts: new Uint8Array(0) }, y!];
    expect(await verdict([a, b], { leaves: dropped })).toMatchObject(ROOT);
  });

  test('with a leaf given as an inner node, and an inner node as a leaf', async () => {
    const { tree, nodes, columns } = close([a, b]);
    const [x, y] = nodes.map(encodedSum) as [Uint8Array, Uint8Array];
    // The top hashed as a leaf is, over the same bytes.
    const asLeaf = sha256(concat(Uint8Array.of(0), nodes[0]!.hash, x, nodes[1]!.hash, y));
    const top = shownNode(asLeaf, tree.top.sum, encodedSum(tree.top));
    expect(await verdict([a, b], { root: () => treeRoot(builder.digest, 2, columns, top) })).toMatchObject(
      ROOT,
    );
  });
});

describe('lines verified side by side', () => {
  /** Finishes the last line first. */
  function reversed(): LineVerifier {
    const waiting: (() => void)[] = [];
    return {
      concurrency: 3,
      verify: async (line, manifest) => {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          setImmediate(() => waiting.pop()!());
        });
        return verifyProofLine(line, lineContext(manifest, nativeVerifier()));
      },
    };
  }

  test('give the verdict of lines verified one by one', async () => {
    const lines = reversed();
    expect(await verifyFile(close([a, b, c]).file, { lines })).toMatchObject({ valid: true, proofs: 3 });
    expect(await verifyFile(close([a, c, b]).file, { lines })).toMatchObject(ORDER);
    expect(await verifyFile(close([a, under(c, 1), a]).file, { lines })).toMatchObject({
      ...PROOF,
      reason: 'the proof from batch 1 on does not hold',
    });
  });

  test('what is wrong with the file further on does not hide what is wrong before', async () => {
    const file = close([a, under(c, 1), c]).file;
    expect(await verifyFile(file.subarray(0, -5), { lines: reversed() })).toMatchObject(PROOF);
  });
});
