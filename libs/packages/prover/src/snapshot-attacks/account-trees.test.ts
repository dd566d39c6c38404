import { concat, equalBytes, toBytes } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import {
  accountId,
  accountLeaf,
  accountNode,
  climbAccounts,
  headerDigest,
  parseInclusion,
  verifyInclusion,
  type Inclusion,
} from '@solvent-por/verifier';
import {
  inclusionFile,
  leavesOf,
  replaced,
  SnapshotBuilder,
  testAccounts,
  testHeader,
  testKey,
  toBatches,
  treeOf,
  verifyFile,
  type ProvedLine,
  type SmallSnapshot,
} from '@solvent-por/dev/proofs';
import { BatchProver } from '../batch-prover';

/**
 * Account trees that no honest operator makes. Nothing in the global proof constrains what is in them, so
 * each snapshot here verifies as a whole: only its users can refuse it.
 */
const kzg = nativeVerifier();
const header = testHeader('spot', 1, 2);
/** The same balance twice, so that one row could be shown to both. */
const accounts = testAccounts(header, 4).map((account) => ({ ...account, amounts: [700n] }));
let builder: SnapshotBuilder;
let honest: readonly ProvedLine[];

beforeAll(async () => {
  builder = await SnapshotBuilder.load(header);
  honest = builder.proveAll(toBatches(accounts, 2));
});

/** The two batches proved again under other roots of their account trees; all else is honest. */
function withRoots(...roots: readonly Uint8Array[]): { snapshot: SmallSnapshot; lines: ProvedLine[] } {
  const lines = honest.map(({ stored }, batch) => {
    class OtherTree extends BatchProver {
      protected override accountsRoot = () => roots[batch]!;
    }
    return builder.prove(batch, [stored[0]!.accounts], builder.prover(OtherTree));
  });
  return { snapshot: builder.finalise(lines), lines };
}
const leaves = (batch: number) => leavesOf(builder.layout, honest[batch]!.stored[0]!);
const root = (batch: number) => honest[batch]!.proof.accounts[0]!;
/** Any row's file with what the cheater shows in it. */
const file = (snapshot: SmallSnapshot, row: number, more: Partial<Inclusion>, batch = 0): Inclusion => ({
  ...builder.include(snapshot, honest[batch]!.stored[0]!, row),
  ...more,
});
const read = (inclusion: Inclusion, snapshot: SmallSnapshot, key?: Uint8Array) =>
  verifyInclusion(
    parseInclusion(inclusionFile(inclusion)),
    { manifest: snapshot.manifest, ...(key && { key }) },
    kzg,
  );
/** As a verifier would that takes lists and byte strings of any length. */
const unread = (inclusion: Inclusion, { manifest }: SmallSnapshot, key: Uint8Array) =>
  verifyInclusion(inclusion, { manifest, key }, kzg);
const malformed = (member: string) =>
  expect.objectContaining({ code: 'INCLUSION_MALFORMED', kind: 'malformed', details: { member } }) as Error;
const INVALID = (code: string) => ({ valid: false, code });

/** Somebody whose account is in no row. */
const extra = { key: testKey('in no row'), salt: testKey('salt of nobody'), values: [700n] };
const extraId = () => accountId(builder.digest, extra.key);
const extraLeaf = () => accountLeaf(extraId(), extra.salt, extra.values);

test('an account path of 13 hashes: two accounts below one row, one of them paid for by its neighbour’s', async () => {
  const [first, ...rest] = leaves(0);
  // Right below row 0, with the sides of row 1: where row 1's own account is, with the same balance.
  const tree = treeOf([accountNode(first!, extraLeaf()), ...rest]);
  const { snapshot } = withRoots(tree.root, root(1));
  expect(await verifyFile(snapshot.file)).toMatchObject({ valid: true });
  const accountPath = [first!, ...tree.path(0)];
  expect(accountPath).toHaveLength(13);
  expect(climbAccounts(extraLeaf(), accountPath, 1)).toEqual(tree.root);
  const shown = file(snapshot, 1, { id: extraId(), salt: extra.salt, values: extra.values, accountPath });
  expect(unread(shown, snapshot, extra.key)).toMatchObject({ valid: true });
  expect(() => read(shown, snapshot, extra.key)).toThrow(malformed('accountPath'));
  // The owner of row 1 is there as well, with 12.
  const own = file(snapshot, 1, { accountPath: tree.path(1) });
  expect(read(own, snapshot, accounts[1]!.key)).toMatchObject({ valid: true });
});

test('an account path of 11 hashes: an account in the place of two rows, paid for by another row', async () => {
  const honestTree = treeOf(leaves(0));
  // In the place of the node above rows 2 and 3, with the sides of row 1.
  const [, aboveFirst, ...higher] = honestTree.path(0);
  const beside = accountNode(leaves(0)[0]!, leaves(0)[1]!);
  expect(equalBytes(aboveFirst!, accountNode(leaves(0)[2]!, leaves(0)[3]!))).toBe(true);
  const accountPath = [beside, ...higher];
  expect(accountPath).toHaveLength(11);
  const cheated = climbAccounts(extraLeaf(), accountPath, 1);
  const { snapshot } = withRoots(cheated, root(1));
  expect(await verifyFile(snapshot.file)).toMatchObject({ valid: true });
  const shown = file(snapshot, 1, { id: extraId(), salt: extra.salt, values: extra.values, accountPath });
  expect(unread(shown, snapshot, extra.key)).toMatchObject({ valid: true });
  expect(() => read(shown, snapshot, extra.key)).toThrow(malformed('accountPath'));
  const own = file(snapshot, 1, { accountPath: [leaves(0)[0]!, extraLeaf(), ...higher] });
  expect(read(own, snapshot, accounts[1]!.key)).toMatchObject({ valid: true });
});

test('an inner node given as a leaf with 12 hashes, and a leaf as an inner node: the first byte differs', () => {
  // What the node above rows 0 and 1 hashes, cut into an id and a salt: without values it would be a leaf's bytes.
  const [left, right] = leaves(0) as [Uint8Array, Uint8Array];
  const node = accountNode(left, right);
  expect(accountLeaf(left, right, [])).not.toEqual(node);
  const tree = treeOf(leaves(0));
  const [, ...above] = tree.path(0);
  const { snapshot } = withRoots(root(0), root(1));
  // A 12th hash above the root makes another root of it.
  const shown = file(snapshot, 0, { id: left, salt: right, accountPath: [...above, above[0]!] });
  expect(read(shown, snapshot)).toMatchObject(INVALID('INCLUSION_ROOT'));
});

test('a leaf made with a salt of 31 bytes', async () => {
  const { id, values, salt: whole } = file(withRoots(root(0), root(1)).snapshot, 1, {});
  const salt = whole.slice(0, 31);
  const tree = treeOf(replaced(leaves(0), 1, accountLeaf(id, salt, values)));
  const { snapshot } = withRoots(tree.root, root(1));
  expect(await verifyFile(snapshot.file)).toMatchObject({ valid: true });
  const shown = file(snapshot, 1, { salt, accountPath: tree.path(1) });
  expect(unread(shown, snapshot, accounts[1]!.key)).toMatchObject({ valid: true });
  expect(() => read(shown, snapshot, accounts[1]!.key)).toThrow(malformed('salt'));
  // And the byte that is missing cannot come from the values: they are 32 bytes each.
  const moved = { ...shown, salt: concat(salt, toBytes(values[0]!).slice(0, 1)) };
  expect(read(moved, snapshot, accounts[1]!.key)).toMatchObject(INVALID('INCLUSION_ROOT'));
});

describe('a leaf made of something else than the id of this snapshot', () => {
  const [, mine] = accounts as [unknown, (typeof accounts)[number]];
  const before = () => accountId(headerDigest({ ...header, snapshot: 'test-before' }), mine.key);
  test.each<[string, () => Uint8Array]>([
    ['the id of another snapshot', before],
    ['the account key', () => mine.key],
    ['an id made before the header stood', () => accountId(new Uint8Array(32), mine.key)],
  ])('%s: path and openings hold, the key refuses it', async (_, make) => {
    const { salt, values } = file(withRoots(root(0), root(1)).snapshot, 1, {});
    const id = make();
    const tree = treeOf(replaced(leaves(0), 1, accountLeaf(id, salt, values)));
    const { snapshot } = withRoots(tree.root, root(1));
    expect(await verifyFile(snapshot.file)).toMatchObject({ valid: true });
    const shown = file(snapshot, 1, { id, accountPath: tree.path(1) });
    expect(read(shown, snapshot, mine.key)).toMatchObject(INVALID('INCLUSION_ID'));
    // Without a key it is somebody's, and the verdict says that nobody's key was checked.
    expect(read(shown, snapshot)).toMatchObject({ valid: true, keyChecked: false });
  });
});

test('account trees of two batches swapped before anything was drawn', async () => {
  // Balances of the second batch differ, so that its rows don't open to those of the first.
  const others = toBatches(accounts.slice(2).map((account) => ({ ...account, amounts: [900n] })));
  const second = builder.prove(1, others);
  const roots = [second.proof.accounts[0]!, root(0)];
  const lines = [honest[0]!, second].map(({ stored }, batch) => {
    class OtherTree extends BatchProver {
      protected override accountsRoot = () => roots[batch]!;
    }
    return builder.prove(batch, [stored[0]!.accounts], builder.prover(OtherTree));
  });
  const snapshot = builder.finalise(lines);
  expect(await verifyFile(snapshot.file)).toMatchObject({ valid: true });
  const own = builder.include(snapshot, lines[0]!.stored[0]!, 1);
  const { key } = accounts[1]!;
  expect(read(own, snapshot, key)).toMatchObject(INVALID('INCLUSION_ROOT'));
  // In the batch whose root the path leads to, the row holds what is somebody else's.
  const there = builder.include(snapshot, lines[1]!.stored[0]!, 1);
  const { id, salt, values, accountPath } = own;
  expect(read({ ...there, id, salt, values, accountPath }, snapshot, key)).toMatchObject(
    INVALID('INCLUSION_OPENING'),
  );
});
