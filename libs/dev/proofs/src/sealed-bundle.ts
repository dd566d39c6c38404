import { createCipheriv, createHash, createHmac } from 'node:crypto';
import { concat, toHex, u32be, utf8 } from '@solvent-por/kzg';
import { ed25519 } from '@noble/curves/ed25519.js';
import { fillShard, ShardTree } from '@solvent-por/prover';
import {
  compareTags,
  encodedSum,
  encodeEntry,
  entryKey,
  entryTag,
  manifestDigest,
  sealedIndexDigest,
  shardLeaf,
  shardNumber,
  shardPrefix,
  shardShapes,
  treeFileRanges,
  type Inclusion,
  type SealedAccount,
  type ShardShape,
  type UnsignedSealedIndex,
} from '@solvent-por/verifier';
import { TEST_KEYS } from './snapshots';
import type { VectorSnapshot } from './vector-snapshots';
import { unhex } from './verify-file';

/**
 * Where a cheating operator departs from the honest way; every later step is done honestly with what a step
 * returns.
 */
export interface SealedSteps {
  /** An account's place in the snapshot whose entry is changed. */
  readonly account: number;
  /** What the account's entry seals. */
  readonly plain?: (honest: SealedAccount) => SealedAccount;
  /** The sealed entry; undefined leaves it out. */
  readonly entry?: (honest: Uint8Array, seal: Sealing) => Uint8Array | undefined;
  /** All entries of the account's shard, in the order of their tags. */
  readonly entries?: (honest: readonly Uint8Array[]) => readonly Uint8Array[];
  readonly shape?: ShardShape;
  readonly tree?: (honest: Uint8Array) => Uint8Array;
  /** Any JSON at all; it is signed as it is. */
  readonly index?: (honest: UnsignedSealedIndex) => object;
  readonly signing?: Uint8Array;
}

/** Seals bytes for the account under any tag, key and associated data. */
export type Sealing = (changes: {
  readonly tag?: Uint8Array;
  readonly key?: Uint8Array;
  readonly data?: Uint8Array;
  readonly nonce?: Uint8Array;
}) => Uint8Array;

/** A bundle in memory. */
export interface SmallBundle {
  /** As signed: `parseSealedIndex` may refuse it. */
  readonly index: object;
  readonly tree: Uint8Array;
  /** Whole files by their number. */
  readonly shards: readonly Uint8Array[];
  /** Entries of accounts, by the number of their shard. */
  readonly accounts: readonly (readonly Uint8Array[])[];
  /** Keys of the filling streams, by the number of the shard. */
  readonly fill: readonly Uint8Array[];
  readonly shape: ShardShape;
}

/** Builds the sealed bundle of a small snapshot in this thread (section 15). */
export class SealedBuilder {
  readonly #digest: Uint8Array;
  readonly #operator: Uint8Array;
  readonly #inclusions: readonly Inclusion[];

  constructor(readonly given: VectorSnapshot) {
    const { snapshot, lines, builder } = given;
    this.#digest = manifestDigest(snapshot.manifest);
    this.#operator = unhex(snapshot.header.operator);
    this.#inclusions = lines.flatMap(({ stored }) =>
      stored.flatMap((batch) =>
        Array.from({ length: batch.accounts.count }, (_, row) => builder.include(snapshot, batch, row)),
      ),
    );
  }

  /** The inclusion proof of an account, in the snapshot's order. */
  inclusion(account: number): Inclusion {
    return this.#inclusions[account]!;
  }

  /** Where an account's shard is. */
  shardOf(key: Uint8Array, { bits }: ShardShape): number {
    return shardNumber(shardPrefix(this.#operator, key), bits);
  }

  build(steps: SealedSteps = { account: 0 }): SmallBundle {
    const { manifest } = this.given.snapshot;
    const [rule] = shardShapes(manifest.batchCount);
    const shape = steps.shape ?? rule;
    const accounts = Array.from({ length: 2 ** shape.bits }, (): Uint8Array[] => []);
    this.given.accounts.forEach(({ key }, i) => {
      const entry = this.#entry(i, i === steps.account ? steps : undefined);
      if (entry) accounts[this.shardOf(key, shape)]!.push(entry);
    });
    const own = this.shardOf(this.given.accounts[steps.account]!.key, shape);
    const published = this.given.builder.layout.published.length;
    const filling = { blindingKey: TEST_KEYS.blinding, manifestDigest: this.#digest, shape, published };
    const contents = accounts.map((entries, number) => {
      const filled = fillShard(number, entries, filling);
      return number === own && steps.entries ? concat(...steps.entries(cut(filled, shape.entries))) : filled;
    });
    const shards = new ShardTree(contents.map((bytes, number) => shardLeaf(this.#digest, number, bytes)));
    const tree = steps.tree?.(this.#tree()) ?? this.#tree();
    const unsigned: UnsignedSealedIndex = {
      protocol: 'solvent/v1',
      manifest: toHex(this.#digest),
      ...shape,
      tree: toHex(createHash('sha256').update(tree).digest()),
      shards: toHex(shards.root),
    };
    return {
      index: signIndex(steps.index?.(unsigned) ?? unsigned, steps.signing),
      tree,
      shards: contents.map((bytes, number) => concat(bytes, shards.path(number))),
      accounts: accounts.map((entries) => entries.sort(compareTags)),
      fill: contents.map((_, number) =>
        createHmac('sha256', TEST_KEYS.blinding)
          .update(concat(utf8('solvent/v1/sealed-fill'), this.#digest, u32be(number)))
          .digest(),
      ),
      shape,
    };
  }

  #entry(i: number, steps: Partial<SealedSteps> | undefined): Uint8Array | undefined {
    const inclusion = this.inclusion(i);
    const { id } = inclusion;
    const plain = encodeEntry(steps?.plain?.(inclusion) ?? inclusion);
    const seal: Sealing = (changes) => {
      const { tag, key, nonce } = {
        tag: entryTag(this.#digest, id),
        key: entryKey(this.#digest, id),
        nonce: new Uint8Array(12),
        ...changes,
      };
      const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
      cipher.setAAD(changes.data ?? tag, { plaintextLength: plain.length });
      return concat(tag, cipher.update(plain), cipher.final(), cipher.getAuthTag());
    };
    return steps?.entry ? steps.entry(seal({}), seal) : seal({});
  }

  #tree(): Uint8Array {
    const { tree } = this.given.snapshot;
    const nodes = [...treeFileRanges(this.given.snapshot.manifest.batchCount)].map((range) =>
      tree.node(range),
    );
    return concat(...nodes.flatMap((node) => [node.hash, encodedSum(node)]));
  }
}

/** Signs an index as it is: false or malformed as it may be. */
export function signIndex(unsigned: object, seed: Uint8Array = TEST_KEYS.signing): object {
  const digest = sealedIndexDigest(unsigned as UnsignedSealedIndex);
  return { ...unsigned, signature: toHex(ed25519.sign(digest, seed)) };
}

function cut(bytes: Uint8Array, count: number): Uint8Array[] {
  const each = bytes.length / count;
  return Array.from({ length: count }, (_, i) => bytes.slice(each * i, each * (i + 1)));
}
