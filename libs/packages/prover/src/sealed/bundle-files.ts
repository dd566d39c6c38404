import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { concat, utf8 } from '@solvent-por/kzg';
import { writeAtomic } from '@solvent-por/snapshot/files';
import {
  canonicalJson,
  manifestDigest,
  SEALED,
  shardFile,
  shardLeaf,
  sizeOf,
  treeFileRanges,
  type LeafRange,
  type Manifest,
  type PathNode,
  type SealedIndex,
  type ShardShape,
} from '@solvent-por/verifier';
import { fillShard } from './fill-shard';
import { ShardTree } from './shard-tree';
import { sealedIndexOf } from './sign-index';

export interface BundleFilesOptions {
  readonly manifest: Manifest;
  readonly shape: ShardShape;
  /** A node of section 8's tree by the leaves below it. */
  readonly node: (range: LeafRange) => PathNode;
  /** Entries of each shard, in the order of their numbers. */
  readonly shards: AsyncIterable<readonly Uint8Array[]>;
  readonly keys: {
    readonly blinding: Uint8Array;
    /** Ed25519 seed of the manifest's operator. */ readonly signing: Uint8Array;
  };
  /** Gets the bundle: public files. */
  readonly output: string;
  /** Beside or below it, on the same file system: shards are there until all are whole. */
  readonly staging: string;
  readonly onShard?: (written: number) => void;
}

/** Folder of a bundle's shards. */
const SHARDS = dirname(shardFile(0));

/**
 * Writes the files of a bundle (section 15) out of its entries: shards appear together, the signed index last
 * of all, so that what has an index is whole.
 * What an earlier run left unfinished is replaced.
 * @throws SolventError as signSealedIndex; STORAGE_FAILED (internal)
 */
export async function writeBundleFiles(options: BundleFilesOptions): Promise<SealedIndex> {
  const { manifest, shape, keys, output } = options;
  const shards = await writeShards(options);
  const tree = concat(
    ...[...treeFileRanges(manifest.batchCount)].map(options.node).flatMap(({ hash, sum }) => [hash, sum]),
  );
  await writeAtomic(join(output, SEALED.tree), tree);
  await writeAtomic(join(output, SEALED.manifest), utf8(canonicalJson(manifest)));
  const index = sealedIndexOf({ manifest, shape, tree, shards }, keys.signing);
  await writeAtomic(join(output, SEALED.index), utf8(canonicalJson(index)));
  return index;
}

/** @returns root of the tree of shards */
async function writeShards(options: BundleFilesOptions): Promise<Uint8Array> {
  const { manifest, shape, keys, shards, output, staging, onShard } = options;
  const folder = join(staging, SHARDS);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o755 });
  const filling = {
    blindingKey: keys.blinding,
    manifestDigest: manifestDigest(manifest),
    shape,
    published: sizeOf(manifest.header).published,
  };
  const fileOf = (number: number) => join(folder, basename(shardFile(number)));
  const leaves: Uint8Array[] = [];
  for await (const entries of shards) {
    const number = leaves.length;
    const filled = fillShard(number, entries, filling);
    await writeFile(fileOf(number), filled, { mode: 0o644 });
    leaves.push(shardLeaf(filling.manifestDigest, number, filled));
    onShard?.(leaves.length);
  }
  const tree = new ShardTree(leaves);
  for (const number of leaves.keys()) {
    const handle = await open(fileOf(number), 'a');
    try {
      await handle.writeFile(tree.path(number));
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
  await rm(join(output, SHARDS), { recursive: true, force: true });
  await rename(folder, join(output, SHARDS));
  return tree.root;
}
