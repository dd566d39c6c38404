import { toHex } from '@solvent-por/kzg';
import { BatchProver } from '@solvent-por/prover';
import {
  accountId,
  accountLeaf,
  accountNode,
  climbAccounts,
  headerDigest,
  type Inclusion,
} from '@solvent-por/verifier';
import type { InclusionVectorInput } from './inclusion-vectors';
import type { SmallSnapshot } from './small-snapshot';
import { inclusionFile, SnapshotBuilder } from './snapshot-builder';
import { testAccounts, testHeader, testKey, toBatches } from './snapshots';
import { leavesOf, treeOf } from './stored-batches';
import type { Vector } from './vectors';
import { replaced } from './verify-file';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/**
 * Vectors of `inclusion` whose snapshot verifies as a whole: the cheater put into an account tree what they
 * show, and did all else honestly. Two batches of two accounts, whose balances are equal within a batch.
 */
export async function accountTreeForgeries(): Promise<Vector[]> {
  const header = { ...testHeader('spot', 1, 1), snapshot: 'test-account-trees' };
  const builder = await SnapshotBuilder.load(header);
  const accounts = testAccounts(header, 4).map((account, i) => ({
    ...account,
    amounts: [i < 2 ? 700n : 900n],
  }));
  const honest = builder.proveAll(toBatches(accounts, 2));
  const [first, second] = honest.map(({ proof }) => proof.accounts[0]!) as [Uint8Array, Uint8Array];
  const leaves = leavesOf(builder.layout, honest[0]!.stored[0]!);
  const tree = treeOf(leaves);

  const close = (...roots: readonly Uint8Array[]): SmallSnapshot =>
    builder.finalise(
      honest.map(({ stored }, batch) => {
        class OtherTree extends BatchProver {
          protected override accountsRoot = () => roots[batch]!;
        }
        return builder.prove(batch, [stored[0]!.accounts], builder.prover(OtherTree));
      }),
    );
  const include = (snapshot: SmallSnapshot, batch = 0) =>
    builder.include(snapshot, honest[batch]!.stored[0]!, 1);
  const vector = (
    kind: 'incorrect' | 'malformed',
    name: string,
    expected: object,
    { snapshot, key, ...shown }: Partial<Inclusion> & { snapshot: SmallSnapshot; key: Uint8Array },
    batch = 0,
  ): Vector => ({
    kind,
    name,
    input: {
      document: text(inclusionFile({ ...include(snapshot, batch), ...shown })),
      key: toHex(key),
      manifest: text(snapshot.document),
    } satisfies InclusionVectorInput,
    expected,
  });
  const malformed = (member: string) => ({ code: 'INCLUSION_MALFORMED', details: { member } });
  const invalid = (code: string) => ({ valid: false, code });

  /** Of nobody's row: the account in row 1 has the same balance. */
  const extra = { key: testKey('in no row'), salt: testKey('salt of nobody'), values: [700n] };
  const id = accountId(builder.digest, extra.key);
  const leaf = accountLeaf(id, extra.salt, extra.values);
  const below = treeOf(replaced(leaves, 0, accountNode(leaves[0]!, leaf)));
  const above = [accountNode(leaves[0]!, leaves[1]!), ...tree.path(0).slice(2)];

  const [, mine] = accounts as [unknown, (typeof accounts)[number]];
  const own = include(close(first, second));
  const short = own.salt.slice(0, 31);
  /** Row 1 with a leaf of other parts. */
  const relaid = (parts: { id?: Uint8Array; salt?: Uint8Array }) => {
    const shown = { id: own.id, salt: own.salt, ...parts };
    const other = treeOf(replaced(leaves, 1, accountLeaf(shown.id, shown.salt, own.values)));
    return {
      ...parts,
      ...{ snapshot: close(other.root, second), key: mine.key, accountPath: other.path(1) },
    };
  };
  const before = accountId(headerDigest({ ...header, snapshot: 'test-before' }), mine.key);
  return [
    vector('malformed', 'account-path-of-13-that-leads-to-the-root', malformed('accountPath'), {
      ...{ snapshot: close(below.root, second), ...extra, id },
      accountPath: [leaves[0]!, ...below.path(0)],
    }),
    vector('malformed', 'account-path-of-11-that-leads-to-the-root', malformed('accountPath'), {
      ...{ snapshot: close(climbAccounts(leaf, above, 1), second), ...extra, id },
      accountPath: above,
    }),
    vector('malformed', 'salt-of-31-bytes-in-the-leaf-too', malformed('salt'), relaid({ salt: short })),
    vector(
      'incorrect',
      'key-in-the-leaf-where-the-id-belongs',
      invalid('INCLUSION_ID'),
      relaid({ id: mine.key }),
    ),
    vector(
      'incorrect',
      'id-of-another-snapshot-in-the-leaf-too',
      invalid('INCLUSION_ID'),
      relaid({ id: before }),
    ),
    vector(
      'incorrect',
      'account-trees-of-two-batches-swapped',
      invalid('INCLUSION_OPENING'),
      {
        ...{ snapshot: close(second, first), key: mine.key },
        ...{ id: own.id, salt: own.salt, values: own.values, accountPath: own.accountPath },
      },
      1,
    ),
  ];
}
