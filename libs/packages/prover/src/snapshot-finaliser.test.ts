import { equalBytes, toHex } from '@solvent-por/kzg';
import { encodedSum, proofLine, siblingRanges, unsummedBytes, type BatchProof } from '@solvent-por/verifier';
import { SnapshotBuilder, TEST_KEYS, testAccounts, testHeader, toBatches } from '@solvent-por/dev/proofs';
import { finaliseInThread, type BatchToFinalise, type FinalisingThread } from './finalise-in-thread';
import { packLeaf, type BatchLeaf } from './leaves-file';
import { headerOrigin } from './origin';
import { manifestOf } from './sign';
import { SnapshotFinaliser, type FinalisedSnapshot, type TreeNode } from './snapshot-finaliser';
import { summedLine } from './summed-line';
import { encodeStoredBatch, type StoredBatch } from './witness-file';

const COUNT = 11;
/** A snapshot of five small batches, in three proofs. */
async function small() {
  const header = testHeader('margin', 2, 2);
  const builder = await SnapshotBuilder.load(header);
  const lines = builder.proveAll(toBatches(testAccounts(header, COUNT), 3).concat(toBatches([])), 2);
  const stored = lines.flatMap((line) => line.stored);
  const proofs = lines.map(({ proof }) => proof);
  return { header, builder, snapshot: builder.finalise(lines), stored, proofs };
}
const made = small();

interface Given {
  readonly proofs: readonly BatchProof[];
  readonly stored: readonly StoredBatch[];
}

/** Both passes; the second one over other things, where they are given. */
function finalise(
  builder: SnapshotBuilder,
  first: Given,
  second: Partial<Given> = {},
): {
  readonly summed: FinalisedSnapshot;
  readonly nodes: TreeNode[];
  readonly sums: Uint8Array[][];
  readonly leaves: BatchLeaf[];
} {
  const nodes: TreeNode[] = [];
  const leaves: BatchLeaf[] = [];
  const finaliser = new SnapshotFinaliser(builder.header, builder.committer, (node) => nodes.push(node));
  first.proofs.forEach((proof) => finaliser.addProof(proof));
  first.stored.forEach((batch) => finaliser.addTotals(batch));
  const sums = (second.proofs ?? first.proofs).map((proof) => {
    const { encoded, points } = finaliser.sumProof(proof);
    points.forEach((sum, i) => leaves.push({ accounts: proof.accounts[i]!, sum }));
    return [...encoded];
  });
  (second.stored ?? first.stored).forEach((batch) => finaliser.addWitness(batch));
  return { summed: finaliser.finish(), nodes, sums, leaves };
}

function inThread({ builder, stored }: Awaited<typeof made>): BatchToFinalise[] {
  return stored.map((one, batch) => ({
    batch,
    witness: encodeStoredBatch(one, headerOrigin(builder.header)),
  }));
}

async function firstPass(thread: FinalisingThread): Promise<void> {
  for (const proof of (await made).proofs)
    expect(await thread.addProof(unsummedBytes(proof))).toBe(proof.accounts.length);
  for (const batch of inThread(await made)) await thread.addTotals(batch);
}

test('columns, root, totals and opening are those of the manifest; the nodes give every path, the sums every line', async () => {
  const { header, builder, snapshot, stored, proofs } = await made;
  const { summed, nodes, sums } = finalise(builder, { proofs, stored });
  expect(summed).toMatchObject({ totals: snapshot.totals, accounts: COUNT, batchCount: 5 });
  expect(manifestOf(header, summed, undefined, TEST_KEYS.signing)).toEqual(snapshot.manifest);
  expect(nodes).toHaveLength(9);
  for (let batch = 0; batch < 5; batch++) {
    const path = siblingRanges(batch, 5).map(({ start, size }) =>
      nodes.find((node) => node.start === start && node.size === size)!,
    );
    snapshot.tree.path(batch).forEach((node, i) => {
      expect(equalBytes(path[i]!.hash, node.hash)).toBe(true);
      expect(path[i]!.sum).toEqual(encodedSum(node));
    });
  }
  sums.forEach((ofProof, i) =>
    expect(summedLine(unsummedBytes(proofs[i]!), ofProof)).toEqual(proofLine(snapshot.summed[i]!)),
  );
});

test('the thread gives the same, nodes included', async () => {
  const { header, builder, stored, proofs } = await made;
  const here = finalise(builder, { proofs, stored });
  const thread = finaliseInThread(header);
  try {
    await firstPass(thread);
    expect(await thread.fix()).toMatchObject({ batchCount: 5, gamma: (await made).snapshot.gamma });
    for (const [i, proof] of proofs.entries())
      expect(await thread.sumProof(unsummedBytes(proof))).toEqual(here.sums[i]);
    for (const batch of inThread(await made)) await thread.addWitness(batch);
    const { nodes, leaves, ...summed } = await thread.finish();
    expect(summed).toEqual(here.summed);
    expect(Buffer.from(leaves)).toEqual(Buffer.concat(here.leaves.map(packLeaf)));
    const plain = (list: Iterable<TreeNode>) =>
      [...list].map(({ start, size, hash, sum }) => [start, size, toHex(hash), toHex(sum)]);
    expect(plain(nodes)).toEqual(plain(here.nodes));
    expect(plain(nodes)).toEqual(plain(here.nodes));
  } finally {
    await thread.end();
  }
});

describe('what is stored is not what was proved', () => {
  const internal = (code: string) => expect.objectContaining({ code, kind: 'internal' }) as Error;

  test('a witness with another amount, or other blinding', async () => {
    const { builder, stored, proofs } = await made;
    const richer = stored.map((batch, i) => {
      if (i !== 1) return batch;
      const amounts = batch.accounts.amounts.slice();
      amounts[0]! += 1;
      return { ...batch, accounts: { ...batch.accounts, amounts } };
    });
    expect(() => finalise(builder, { proofs, stored: richer })).toThrow(internal('FINALISE_SELF_CHECK'));
    expect(() => finalise(builder, { proofs, stored }, { stored: richer })).toThrow(
      internal('FINALISE_SELF_CHECK'),
    );
    const reblinded = stored.map((batch, i) =>
      i === 0
        ? { ...batch, reservedSums: batch.reservedSums.map(([a, ...rest]) => [a! + 1n, ...rest]) }
        : batch,
    );
    expect(() => finalise(builder, { proofs, stored: reblinded })).toThrow(internal('FINALISE_SELF_CHECK'));
  });

  test('proofs or witness missing, in either pass, or out of order', async () => {
    const { builder, stored, proofs } = await made;
    const all = { proofs, stored };
    const [first, ...later] = proofs;
    for (const [given, second, code] of [
      [{ proofs, stored: stored.slice(0, 4) }, {}, 'FINALISE_INCOMPLETE'],
      [{ proofs: proofs.slice(0, 2), stored }, {}, 'FINALISE_INCOMPLETE'],
      [{ proofs: [], stored: [] }, {}, 'FINALISE_INCOMPLETE'],
      [all, { stored: stored.slice(0, 4) }, 'FINALISE_INCOMPLETE'],
      [all, { proofs: proofs.slice(0, 2) }, 'FINALISE_INCOMPLETE'],
      [{ proofs: later, stored }, {}, 'FINALISE_ORDER'],
      [{ proofs, stored: stored.slice(1) }, {}, 'FINALISE_ORDER'],
      [all, { proofs: [...later, first!] }, 'FINALISE_ORDER'],
      [all, { stored: stored.slice(1) }, 'FINALISE_ORDER'],
    ] as [Given, Partial<Given>, string][])
      expect(() => finalise(builder, given, second)).toThrow(internal(code));
  });
});

test.each<[string, string, (b: BatchToFinalise, next: BatchToFinalise) => BatchToFinalise]>([
  ['out of order', 'FINALISE_ORDER', (_, next) => next],
  ['with a damaged witness', 'WITNESS_FILE_DAMAGED', (b) => ({ ...b, witness: b.witness.slice(1) })],
  ['of another place', 'WITNESS_FILE_FOREIGN', (b, next) => ({ ...b, witness: next.witness })],
])('a batch %s is refused by the thread, and so is the rest', async (_, code, spoil) => {
  const thread = finaliseInThread((await made).header);
  try {
    const [first, second, third] = inThread(await made) as [
      BatchToFinalise,
      BatchToFinalise,
      BatchToFinalise,
    ];
    for (const proof of (await made).proofs) await thread.addProof(unsummedBytes(proof));
    await thread.addTotals(first);
    await thread.addTotals(spoil(second, third));
    await expect(thread.addTotals(third)).rejects.toMatchObject({ code });
    await expect(thread.finish()).rejects.toMatchObject({ code: expect.stringMatching(/./) as string });
  } finally {
    await thread.end();
  }
});

test('bytes that are no proof, and a whole line, are refused by the thread', async () => {
  const { header, proofs, snapshot } = await made;
  const thread = finaliseInThread(header);
  try {
    await expect(thread.addProof(unsummedBytes(proofs[0]!).slice(1))).rejects.toMatchObject({
      kind: 'malformed',
    });
    await expect(thread.addProof(proofLine(snapshot.summed[0]!))).rejects.toMatchObject({
      code: 'PROOF_MALFORMED',
    });
  } finally {
    await thread.end();
  }
});
