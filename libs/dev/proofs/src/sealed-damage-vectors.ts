import { concat, toHex } from '@solvent-por/kzg';
import type { SealedSteps } from './sealed-bundle';
import {
  describeShard,
  flip,
  flipAt,
  type Changes,
  type SealedCase,
  type SealedVectorInput,
} from './sealed-vector-parts';
import { testKey } from './snapshots';
import type { Vector } from './vectors';
import { replaced } from './verify-file';

/** What the operator published is whole; what the host serves isn't, or the operator's own shard is none. */
export function damagedVectors(base: SealedCase): Vector[] {
  const honest = base.build();
  const number = base.sealed.shardOf(base.key, honest.shape);
  const shard = honest.shards[number]!;
  const [at, each] = [base.at(honest), describeShard(honest, number, []).entryBytes];
  const wrong = (name: string, code: string, input: SealedVectorInput, asked = 3): Vector => ({
    kind: 'incorrect',
    name: `damaged-${name}`,
    input,
    expected: {
      outcome: 'damaged',
      code,
      asked: ['index.json', 'tree.bin', base.file()].slice(0, asked),
    },
  });
  const served = (more: Partial<SealedVectorInput>) => base.input(honest, more);
  const changed = (changes: Changes) => base.input(honest, {}, changes);
  const other = (number ^ 1) % honest.shards.length;
  const elsewhere = honest.accounts.findIndex((entries, i) => entries.length > 0 && i !== number);
  const reordered = (entries: SealedSteps['entries']) => {
    const bundle = base.build(entries && { entries });
    return { bundle, bytes: bundle.shards[number]! };
  };
  const swap = (i: number): SealedVectorInput => {
    const { bundle, bytes } = reordered((list) => replaced(replaced(list, i, list[i + 1]!), i + 1, list[i]!));
    const insert = toHex(bytes.subarray(each * i, each * (i + 2)));
    return base.input(bundle, {}, [{ at: each * i, remove: 2 * each, insert }]);
  };
  const repeat = (i: number, entryOf: (list: readonly Uint8Array[]) => Uint8Array): SealedVectorInput => {
    const { bundle, bytes } = reordered((list) => replaced(list, i, entryOf(list)));
    return base.input(bundle, {}, [
      { at: each * i, remove: each, insert: toHex(bytes.subarray(each * i, each * (i + 1))) },
    ]);
  };
  const unreadable = (entry: SealedSteps['entry']) => base.input(base.build(entry && { entry }));
  const mine = at / each;
  const neighbour = mine > 0 ? mine - 1 : mine + 1;
  return [
    wrong('index-missing', 'SEALED_FILE_MISSING', served({ index: null }), 1),
    wrong('tree-missing', 'SEALED_FILE_MISSING', served({ tree: null }), 2),
    wrong('shard-missing', 'SEALED_FILE_MISSING', served({ shard: null })),
    wrong('tree-cut-off', 'SEALED_FILE_LENGTH', served({ tree: toHex(honest.tree.slice(0, -1)) }), 2),
    wrong('tree-with-a-byte-more', 'SEALED_FILE_LENGTH', served({ tree: `${toHex(honest.tree)}00` }), 2),
    wrong('tree-empty', 'SEALED_FILE_LENGTH', served({ tree: '0x' }), 2),
    wrong('tree-with-a-bit-changed', 'SEALED_TREE_DIGEST', served({ tree: toHex(flip(honest.tree, 40)) }), 2),
    wrong(
      'shard-cut-off',
      'SEALED_FILE_LENGTH',
      changed([{ at: shard.length - 1, remove: 1, insert: '0x' }]),
    ),
    wrong(
      'shard-with-a-byte-more',
      'SEALED_FILE_LENGTH',
      changed([{ at: shard.length, remove: 0, insert: '0x00' }]),
    ),
    wrong(
      'shard-without-its-path',
      'SEALED_FILE_LENGTH',
      changed([{ at: each * honest.shape.entries, remove: 160, insert: '0x' }]),
    ),
    wrong('entry-with-a-bit-changed', 'SEALED_SHARD_PATH', changed(flipAt(shard, at + 100))),
    wrong(
      'bit-changed-in-somebody-elses-entry',
      'SEALED_SHARD_PATH',
      changed(flipAt(shard, each * neighbour + 100)),
    ),
    wrong('path-with-a-bit-changed', 'SEALED_SHARD_PATH', changed(flipAt(shard, shard.length - 1))),
    wrong(
      'path-in-the-other-order',
      'SEALED_SHARD_PATH',
      changed([
        {
          at: shard.length - 64,
          remove: 64,
          insert: toHex(concat(shard.slice(-32), shard.slice(-64, -32))),
        },
      ]),
    ),
    wrong(
      'another-shard-in-its-place',
      'SEALED_SHARD_PATH',
      served({ shard: describeShard(honest, other, []) }),
    ),
    wrong(
      'shard-of-other-accounts-in-its-place',
      'SEALED_SHARD_PATH',
      served({ shard: describeShard(honest, elsewhere, []) }),
    ),
    // The host puts another entry where mine was.
    wrong(
      'entry-hidden-by-the-host',
      'SEALED_SHARD_PATH',
      changed([{ at, remove: 16, insert: toHex(flip(shard.slice(at, at + 16), 15)) }]),
    ),
    wrong(
      'entry-replaced-by-filling',
      'SEALED_SHARD_PATH',
      served({ shard: { ...describeShard(honest, number, []), accounts: [] } }),
    ),
    wrong(
      'filling-of-another-stream',
      'SEALED_SHARD_PATH',
      served({ shard: { ...describeShard(honest, number, []), fill: toHex(testKey('fill')) } }),
    ),
    wrong('signed-with-tags-unsorted', 'SEALED_SHARD_ORDER', swap(mine === 0 ? 1 : 0)),
    wrong('signed-with-last-tags-unsorted', 'SEALED_SHARD_ORDER', swap(honest.shape.entries - 2)),
    wrong(
      'signed-with-my-entry-twice',
      'SEALED_SHARD_ORDER',
      repeat(mine + 1, (list) => list[mine]!),
    ),
    wrong(
      'signed-with-a-tag-twice',
      'SEALED_SHARD_ORDER',
      repeat(10, (list) => concat(list[9]!.slice(0, 16), list[10]!.slice(16))),
    ),
    wrong(
      'signed-with-a-changed-ciphertext',
      'SEALED_ENTRY_UNREADABLE',
      unreadable((entry) => flip(entry, 20)),
    ),
    wrong(
      'signed-with-a-changed-mac',
      'SEALED_ENTRY_UNREADABLE',
      unreadable((entry) => flip(entry, entry.length - 1)),
    ),
    wrong(
      'sealed-with-the-key-of-its-id',
      'SEALED_ENTRY_UNREADABLE',
      unreadable((_, seal) => seal({ key: base.sealed.inclusion(base.account).id })),
    ),
    wrong(
      'sealed-with-the-account-key',
      'SEALED_ENTRY_UNREADABLE',
      unreadable((_, seal) => seal({ key: base.key })),
    ),
    wrong(
      'sealed-without-associated-data',
      'SEALED_ENTRY_UNREADABLE',
      unreadable((_, seal) => seal({ data: new Uint8Array(0) })),
    ),
    wrong(
      'sealed-with-another-nonce',
      'SEALED_ENTRY_UNREADABLE',
      unreadable((_, seal) => seal({ nonce: Uint8Array.from({ length: 12 }, (_x, i) => Number(i === 11)) })),
    ),
  ];
}
