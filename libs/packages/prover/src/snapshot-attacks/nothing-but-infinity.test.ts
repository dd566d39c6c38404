import { nobleVerifier, ROWS } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import {
  accountId,
  accountLeaf,
  AccountTree,
  HASH_BYTES,
  manifestDigest,
  parseInclusion,
  verifyInclusion,
  type Inclusion,
} from '@solvent-por/verifier';
import {
  inclusionFile,
  nothing,
  SnapshotBuilder,
  testAccounts,
  testHeader,
  testKey,
  toBatches,
  verifyFile,
  type ProvedLine,
  type SmallSnapshot,
} from '@solvent-por/dev/proofs';

/**
 * A batch of nothing but zeros, reserved rows too, is one of zero liabilities: every point that comes of it
 * is infinity, and right (section 2).
 */

const header = testHeader('aggregate', 1, 2);
const [ROW, key, salt] = [7, testKey('owed nothing'), new Uint8Array(32).fill(5)] as const;
const infinity = Uint8Array.from({ length: 48 }, (_, i) => (i === 0 ? 0xc0 : 0));
let builder: SnapshotBuilder;
let tree: AccountTree;
let empty: ProvedLine;

beforeAll(async () => {
  builder = await SnapshotBuilder.load(header);
  const leaves = new Uint8Array(HASH_BYTES * ROWS);
  leaves.set(accountLeaf(accountId(builder.digest, key), salt, [0n, 0n]), HASH_BYTES * ROW);
  tree = new AccountTree(leaves);
  empty = { proof: { ...nothing(header), accounts: [tree.root] }, stored: [] };
});

function inclusionOf(snapshot: SmallSnapshot, values: readonly bigint[]): Inclusion {
  const path = snapshot.tree
    .path(0)
    .map((node, i) => ({ hash: node.hash, sum: snapshot.summed[1 + i]!.sums[0]! }));
  return {
    manifest: manifestDigest(snapshot.manifest),
    batch: 0,
    row: ROW,
    id: accountId(builder.digest, key),
    salt,
    values,
    accountPath: tree.path(ROW),
    sum: infinity,
    openings: [infinity, infinity, infinity],
    path,
  };
}
const verify = (snapshot: SmallSnapshot, values: readonly bigint[], verifier = nativeVerifier()) =>
  verifyInclusion(
    parseInclusion(inclusionFile(inclusionOf(snapshot, values))),
    { manifest: snapshot.manifest, key },
    verifier,
  );

test('a whole snapshot of it: sums, top and totals opening', async () => {
  const snapshot = builder.finalise([empty]);
  expect(snapshot.manifest).toMatchObject({ totals: ['0', '0'], totalsOpening: `0xc0${'00'.repeat(47)}` });
  expect(await verifyFile(snapshot.file)).toMatchObject({ valid: true });
  for (const verifier of [nativeVerifier(), nobleVerifier()])
    expect(verify(snapshot, [0n, 0n], verifier)).toMatchObject({ valid: true, keyChecked: true });
});

test('beside a batch that owes something, and no other value is shown by it', async () => {
  const stored = builder.prove(1, toBatches(testAccounts(header, 3)));
  const snapshot = builder.finalise([empty, stored]);
  expect(await verifyFile(snapshot.file)).toMatchObject({ valid: true });
  expect(verify(snapshot, [0n, 0n])).toMatchObject({ valid: true });
  expect(verify(snapshot, [1n, 0n])).toMatchObject({ valid: false, code: 'INCLUSION_ROOT' });
  // And its path shows infinity to the accounts of the other batch.
  const beside = builder.include(snapshot, stored.stored[0]!, 0);
  expect(beside.path.map(({ sum }) => sum)).toEqual([infinity]);
  expect(verifyInclusion(beside, { manifest: snapshot.manifest }, nativeVerifier())).toMatchObject({
    valid: true,
  });
});

test('total of one beside it is refused', async () => {
  const snapshot = builder.finalise([empty], { totals: () => [1n, 0n], totalsOpening: () => infinity });
  expect(await verifyFile(snapshot.file)).toMatchObject({ valid: false, code: 'GLOBAL_TOTALS' });
  expect(verify(snapshot, [0n, 0n])).toMatchObject({ valid: false, code: 'INCLUSION_OPENING' });
});
