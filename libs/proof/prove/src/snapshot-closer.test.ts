import { encodeUncompressed, equalBytes, toHex } from '@solvent/algebra';
import { encodePoints } from '@solvent/algebra';
import { proofLine, siblingRanges } from '@solvent/proof/verify';
import { SnapshotBuilder, TEST_KEYS, testAccounts, testHeader, toBatches, type Leaf } from '@solvent/testing';
import { closeInThread, type BatchToClose } from './close-in-thread';
import { headerOrigin } from './origin';
import { manifestOf } from './sign';
import { SnapshotCloser, type ClosedSnapshot, type TreeNode } from './snapshot-closer';
import { encodeStoredBatch, type StoredBatch } from './witness-file';

const COUNT = 11;
/** A snapshot of five small batches. */
async function small() {
  const header = testHeader('margin', 2, 2);
  const builder = await SnapshotBuilder.load(header);
  const lines = builder.proveAll(toBatches(testAccounts(header, COUNT), 3).concat(toBatches([])), 2);
  const stored = lines.flatMap((line) => line.stored);
  return {
    header,
    builder,
    snapshot: builder.close(lines),
    stored,
    proofs: lines.map(({ proof }) => proofLine(proof)),
  };
}
const made = small();

function close(
  builder: SnapshotBuilder,
  leaves: readonly Leaf[],
  stored: readonly StoredBatch[],
): { readonly closed: ClosedSnapshot; readonly nodes: TreeNode[] } {
  const nodes: TreeNode[] = [];
  const closer = new SnapshotCloser(builder.header, builder.committer, (node) => nodes.push(node));
  leaves.forEach(({ tag, sums }, batch) => closer.addLeaf({ batch, tag, sums }));
  stored.forEach((batch) => closer.addWitness(batch));
  return { closed: closer.finish(), nodes };
}

function inThread({ builder, snapshot, stored }: Awaited<typeof made>): BatchToClose[] {
  return stored.map((one, batch) => ({
    batch,
    tag: snapshot.leaves[batch]!.tag,
    sums: encodeUncompressed(snapshot.leaves[batch]!.sums),
    witness: encodeStoredBatch(one, headerOrigin(builder.header)),
  }));
}

test('root, totals and opening are those of the manifest; the nodes give every path', async () => {
  const { header, builder, snapshot, stored } = await made;
  const { closed, nodes } = close(builder, snapshot.leaves, stored);
  expect(closed).toMatchObject({ totals: snapshot.totals, accounts: COUNT, batchCount: 5 });
  expect(manifestOf(header, closed, undefined, TEST_KEYS.signing)).toEqual(snapshot.manifest);
  expect(nodes).toHaveLength(9);
  for (let batch = 0; batch < 5; batch++) {
    const path = siblingRanges(batch, 5).map(({ start, size }) =>
      nodes.find((node) => node.start === start && node.size === size)!,
    );
    snapshot.tree.path(batch).forEach(({ hash, sums }, i) => {
      expect(equalBytes(path[i]!.hash, hash)).toBe(true);
      expect(path[i]!.sums).toEqual(encodePoints(sums));
    });
  }
});

test('the thread gives the same, nodes included', async () => {
  const { header, builder, snapshot, stored } = await made;
  const here = close(builder, snapshot.leaves, stored);
  const thread = closeInThread(header);
  try {
    const batches = inThread(await made)[Symbol.iterator]();
    for (const line of (await made).proofs)
      for (let left = await thread.addProof(line.slice()); left > 0; left--)
        await thread.add(batches.next().value!);
    const { nodes, ...closed } = await thread.finish();
    expect(closed).toEqual(here.closed);
    const plain = (list: Iterable<TreeNode>) =>
      [...list].map(({ start, size, hash, sums }) => [start, size, toHex(hash), ...sums.map(toHex)]);
    expect(plain(nodes)).toEqual(plain(here.nodes));
    expect(plain(nodes)).toEqual(plain(here.nodes));
  } finally {
    await thread.end();
  }
});

test('a witness that is not what its leaf commits to is refused', async () => {
  const { builder, snapshot, stored } = await made;
  const internal = (code: string) => expect.objectContaining({ code, kind: 'internal' }) as Error;
  const richer = stored.map((batch, i) => {
    if (i !== 1) return batch;
    const amounts = batch.accounts.amounts.slice();
    amounts[0]! += 1;
    return { ...batch, accounts: { ...batch.accounts, amounts } };
  });
  expect(() => close(builder, snapshot.leaves, richer)).toThrow(internal('CLOSE_SELF_CHECK'));
  const reblinded = stored.map((batch, i) =>
    i === 0
      ? { ...batch, reservedSums: batch.reservedSums.map(([a, ...rest]) => [a! + 1n, ...rest]) }
      : batch,
  );
  expect(() => close(builder, snapshot.leaves, reblinded)).toThrow(internal('CLOSE_SELF_CHECK'));
  const swapped = [snapshot.leaves[1]!, ...snapshot.leaves.slice(1)];
  expect(() => close(builder, swapped, stored)).toThrow(internal('CLOSE_SELF_CHECK'));
  expect(() => close(builder, snapshot.leaves.slice(0, 4), stored)).toThrow(internal('CLOSE_INCOMPLETE'));
  expect(() => close(builder, snapshot.leaves, stored.slice(0, 4))).toThrow(internal('CLOSE_INCOMPLETE'));
  expect(() => close(builder, [], [])).toThrow(internal('CLOSE_INCOMPLETE'));
  expect(() => close(builder, snapshot.leaves, stored.slice(1))).toThrow(internal('CLOSE_ORDER'));
});

test.each([
  ['out of order', 'CLOSE_ORDER', (_: BatchToClose, next: BatchToClose) => next],
  [
    'with a damaged witness',
    'WITNESS_FILE_DAMAGED',
    (b: BatchToClose) => ({ ...b, witness: b.witness.slice(1) }),
  ],
  [
    'with a sum that was not proved',
    'CLOSE_LEAF_DAMAGED',
    (b: BatchToClose) => ({ ...b, sums: b.sums.map((s) => s.fill(1)) }),
  ],
  [
    'with a tag that was not proved',
    'CLOSE_LEAF_DAMAGED',
    (b: BatchToClose, next: BatchToClose) => ({ ...b, tag: next.tag }),
  ],
  ['with a sum too few', 'CLOSE_LEAF_DAMAGED', (b: BatchToClose) => ({ ...b, sums: b.sums.slice(1) })],
  ['that no proof covers', 'CLOSE_LEAF_DAMAGED', (b: BatchToClose) => ({ ...b, batch: 9 })],
])('a batch %s is refused by the thread, and so is the rest', async (_, code, spoil) => {
  const thread = closeInThread((await made).header);
  try {
    const [first, second, third] = inThread(await made) as [BatchToClose, BatchToClose, BatchToClose];
    for (const line of (await made).proofs) await thread.addProof(line.slice());
    await thread.add(first);
    await thread.add(spoil(second, third));
    await expect(thread.add(third)).rejects.toMatchObject({ code });
    await expect(thread.finish()).rejects.toMatchObject({ code: expect.stringMatching(/./) as string });
  } finally {
    await thread.end();
  }
});

test('a line that is no proof is refused by the thread', async () => {
  const thread = closeInThread((await made).header);
  try {
    const [line] = (await made).proofs;
    await expect(thread.addProof(line!.slice(1))).rejects.toMatchObject({ kind: 'malformed' });
  } finally {
    await thread.end();
  }
});
