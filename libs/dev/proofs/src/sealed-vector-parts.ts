import { toHex } from '@solvent-por/kzg';
import {
  canonicalJson,
  entryTag,
  shardFile,
  shardShapes,
  type Manifest,
  type UnsignedSealedIndex,
} from '@solvent-por/verifier';
import { SealedBuilder, type SealedSteps, type SmallBundle } from './sealed-bundle';

/**
 * Input of a `sealed` vector: what a reader has, and what a host serves it. Shards are large and nearly all
 * filling, so one is described: `entries` entries, which are those of `accounts` and, up to that number, the
 * next ones of the ChaCha20 stream (zero nonce, counter 0) under `fill`, in the order of their tags; then
 * `path`; then each of `changes` in turn: at an offset so many bytes removed, others put in their place.
 */
export interface SealedVectorInput {
  /** The document of the manifest that the user trusts. */
  readonly manifest: string;
  /** The user's account key. */
  readonly key: string;
  /** Text of index.json; null where a file is missing, here and below. */
  readonly index: string | null;
  /** Bytes of tree.bin. */
  readonly tree: string | null;
  /** What is served as the shard, whichever is asked for. */
  readonly shard: ShardDescription | null;
}

export interface ShardDescription {
  readonly entries: number;
  readonly entryBytes: number;
  readonly accounts: readonly string[];
  readonly fill: string;
  readonly path: string;
  readonly changes: readonly { readonly at: number; readonly remove: number; readonly insert: string }[];
}

export type Changes = ShardDescription['changes'];

/** A bundle of a snapshot whose reader is one of its accounts. */
export class SealedCase {
  readonly sealed: SealedBuilder;
  readonly manifest: Manifest;
  readonly key: Uint8Array;

  constructor(
    readonly given: ConstructorParameters<typeof SealedBuilder>[0],
    readonly account: number,
  ) {
    this.sealed = new SealedBuilder(given);
    this.manifest = given.snapshot.manifest;
    this.key = given.accounts[account]!.key;
  }

  build(steps: Omit<SealedSteps, 'account'> = {}): SmallBundle {
    return this.sealed.build({ ...steps, account: this.account });
  }

  /** What is served to the account's owner, or to somebody with another key. */
  input(
    bundle: SmallBundle,
    more: Partial<SealedVectorInput> = {},
    changes: Changes = [],
  ): SealedVectorInput {
    const key = more.key === undefined ? this.key : Uint8Array.from(Buffer.from(more.key.slice(2), 'hex'));
    return {
      manifest: new TextDecoder().decode(this.given.snapshot.document),
      key: toHex(key),
      index: canonicalJson(bundle.index),
      tree: toHex(bundle.tree),
      shard: describeShard(bundle, this.sealed.shardOf(key, bundle.shape), changes),
      ...more,
    };
  }

  file(shape = shardShapes(this.manifest.batchCount)[0], key = this.key): string {
    return shardFile(this.sealed.shardOf(key, shape));
  }

  /** Where the account's entry stands in its shard, in bytes. */
  at(bundle: SmallBundle): number {
    const shard = bundle.shards[this.sealed.shardOf(this.key, bundle.shape)]!;
    const { manifest, id } = this.sealed.inclusion(this.account);
    return Buffer.from(shard).indexOf(entryTag(manifest, id));
  }
}

export function describeShard(bundle: SmallBundle, number: number, changes: Changes): ShardDescription {
  const { entries, bits } = bundle.shape;
  const shard = bundle.shards[number]!;
  const path = shard.subarray(shard.length - 32 * bits);
  return {
    entries,
    entryBytes: (shard.length - path.length) / entries,
    accounts: bundle.accounts[number]!.map(toHex),
    fill: toHex(bundle.fill[number]!),
    path: toHex(path),
    changes,
  };
}

export const flip = (bytes: Uint8Array, at: number) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
export const flipAt = (bytes: Uint8Array, at: number): Changes => [
  { at, remove: 1, insert: toHex(Uint8Array.of(bytes[at]! ^ 1)) },
];

export function unsigned({ index }: SmallBundle): UnsignedSealedIndex {
  return Object.fromEntries(
    Object.entries(index).filter(([name]) => name !== 'signature'),
  ) as unknown as UnsignedSealedIndex;
}
