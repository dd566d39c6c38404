import { concat, toBytes, toHex, utf8 } from '@solvent-por/kzg';
import { createHash } from 'node:crypto';
import { accountId, accountKey, accountLeaf } from './account';
import { accountNode, AccountTree, climbAccounts } from './account-tree';

const sha256 = (...parts: Uint8Array[]) =>
  new Uint8Array(
    createHash('sha256')
      .update(concat(...parts))
      .digest(),
  );
const operator = sha256(utf8('operator'));

describe('account keys and ids (section 5)', () => {
  test('are the hashes of the page', () => {
    const key = accountKey(operator, 'Zoë-7Q');
    expect(key).toEqual(sha256(utf8('solvent/v1/key'), operator, utf8('Zoë-7Q')));
    const header = sha256(utf8('header'));
    expect(accountId(header, key)).toEqual(sha256(utf8('solvent/v1/id'), header, key));
  });

  test('NFC, neither trimmed nor case-folded', () => {
    expect(accountKey(operator, 'Zoe\u0308')).toEqual(accountKey(operator, 'Zo\u00eb'));
    for (const other of ['zoë', 'Zoë ', ' Zoë', 'Zoe'])
      expect(accountKey(operator, other)).not.toEqual(accountKey(operator, 'Zoë'));
  });

  test.each(['', 'a'.repeat(1025), '\ud800', 'a\udc00b'])('refuses %j', (identifier) => {
    expect(() => accountKey(operator, identifier)).toThrow(
      expect.objectContaining({ code: 'IDENTIFIER_MALFORMED', kind: 'invalid' }),
    );
  });

  test('ids of two snapshots and of two accounts differ, and none is its key', () => {
    const ids = ['a', 'b'].flatMap((name) =>
      ['x', 'y'].map((header) => toHex(accountId(sha256(utf8(header)), accountKey(operator, name)))),
    );
    const keys = ['a', 'b'].map((name) => toHex(accountKey(operator, name)));
    expect(new Set([...ids, ...keys]).size).toBe(6);
  });
});

describe('the account tree (section 5)', () => {
  const leaves = new Uint8Array(32 * 4096);
  for (let row = 0; row < 4080; row++) leaves.set(sha256(toBytes(BigInt(row))), 32 * row);
  const tree = new AccountTree(leaves);

  test('leaf and node are the hashes of the page', () => {
    const [id, salt] = [sha256(utf8('id')), sha256(utf8('salt'))];
    expect(accountLeaf(id, salt, [1n, (1n << 67n) - 1n])).toEqual(
      sha256(Uint8Array.of(3), id, salt, toBytes(1n), toBytes((1n << 67n) - 1n)),
    );
    expect(accountNode(id, salt)).toEqual(sha256(Uint8Array.of(4), id, salt));
  });

  test('the root is that of a tree built level by level', () => {
    let level = Array.from({ length: 4096 }, (_, row) => leaves.slice(32 * row, 32 * (row + 1)));
    while (level.length > 1)
      level = Array.from({ length: level.length / 2 }, (_, i) =>
        sha256(Uint8Array.of(4), level[2 * i]!, level[2 * i + 1]!),
      );
    expect(toHex(tree.root)).toBe(toHex(level[0]!));
  });

  test('every path leads to the root, from its own row and no other', () => {
    for (const row of [0, 1, 2, 1023, 2048, 4079, 4080, 4095]) {
      const [leaf, path] = [leaves.slice(32 * row, 32 * (row + 1)), tree.path(row)];
      expect(path).toHaveLength(12);
      expect(climbAccounts(leaf, path, row)).toEqual(tree.root);
      // Reserved rows are all the same.
      if (row < 4080) expect(climbAccounts(leaf, path, row ^ 4)).not.toEqual(tree.root);
      expect(climbAccounts(leaf, path.slice(1), row)).not.toEqual(tree.root);
    }
  });

  test('has 4,096 leaves, and does not share memory with what it gives', () => {
    expect(() => new AccountTree(leaves.subarray(32))).toThrow(RangeError);
    tree.root.fill(0);
    tree.path(0)[0]!.fill(0);
    expect(climbAccounts(leaves.slice(0, 32), tree.path(0), 0)).toEqual(tree.root);
  });
});
