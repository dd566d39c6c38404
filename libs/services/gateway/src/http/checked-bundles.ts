import { equalBytes, hexBytes, SolventError } from '@solvent-por/kzg';
import {
  alteredFile,
  type BundleContent,
  type BundleFile,
  type BundleFileName,
  type BundleReads,
  type PublishedDigests,
} from '@solvent-por/services/database';
import {
  climbAccounts,
  HASH_BYTES,
  parseSealedIndex,
  shardFile,
  verifySealedIndex,
  type Manifest,
  type SealedIndex,
} from '@solvent-por/verifier';
import { LRUCache } from 'lru-cache';

export interface CheckedBundlePorts {
  readonly bundles: Pick<BundleReads, 'open'>;
  /** The manifest of a published snapshot. */
  readonly manifest: (snapshotId: string) => Promise<Manifest | undefined>;
  readonly digests: Pick<PublishedDigests, 'of'>;
  /** Raises the alarm. */
  readonly onDamaged: (snapshotId: string, error: unknown) => void;
}

/**
 * Files of sealed bundles as they were made: the operator signed the index, the index says what the other
 * files are, and each is compared with it before it is sent.
 */
export class CheckedBundles {
  /** Indices whose signature was verified, by their digests. */
  readonly #indices = new LRUCache<string, SealedIndex>({ max: 64 });

  constructor(private readonly ports: CheckedBundlePorts) {}

  /** Undefined where no finished bundle has such a file. */
  open(snapshotId: string, name: BundleFileName): Promise<BundleFile | undefined> {
    return this.ports.bundles.open(snapshotId, name);
  }

  /**
   * To be called before a byte of it is sent.
   * @throws SolventError PUBLISHED_FILE_ALTERED | PUBLISHED_DIGESTS_DAMAGED (internal), after the alarm
   */
  async check(snapshotId: string, name: BundleFileName, file: BundleFile): Promise<void> {
    try {
      await this.#check(snapshotId, name, file);
    } catch (error) {
      if (error instanceof SolventError) this.ports.onDamaged(snapshotId, error);
      throw error;
    }
  }

  async #check(snapshotId: string, name: BundleFileName, file: BundleFile): Promise<void> {
    const index = await this.#indexOf(snapshotId, file);
    const content = await file.content();
    // Dropped just now: reading it says so.
    if (!content || name === 'index') return;
    const same = async (): Promise<boolean> => {
      if (typeof name === 'number') return equalBytes(shardRoot(name, content), hexBytes(index.shards, 32));
      if (name === 'tree') return equalBytes(content.hash, hexBytes(index.tree, 32));
      return equalBytes(content.hash, (await this.ports.digests.of(snapshotId)).manifest);
    };
    if (!(await same())) throw alteredFile(snapshotId, `${nameOf(name)} of the sealed bundle`);
  }

  async #indexOf(snapshotId: string, { digest, index: bytes }: BundleFile): Promise<SealedIndex> {
    const known = this.#indices.get(digest);
    if (known) return known;
    const manifest = await this.ports.manifest(snapshotId);
    const index = readIndex(bytes);
    if (!index || !manifest || !verifySealedIndex(index, manifest).valid)
      throw alteredFile(snapshotId, 'index.json of the sealed bundle');
    this.#indices.set(digest, index);
    return index;
  }
}

function readIndex(bytes: Uint8Array): SealedIndex | undefined {
  try {
    return parseSealedIndex(bytes);
  } catch (error) {
    if (error instanceof SolventError) return undefined;
    throw error;
  }
}

/** What a shard's leaf and its stored path lead to. */
function shardRoot(number: number, { hash, path }: BundleContent): Uint8Array {
  const siblings = Array.from({ length: (path?.length ?? 0) / HASH_BYTES }, (_, j) =>
    path!.subarray(HASH_BYTES * j, HASH_BYTES * (j + 1)),
  );
  return climbAccounts(hash, siblings, number);
}

function nameOf(name: BundleFileName): string {
  if (typeof name === 'number') return shardFile(name);
  return name === 'tree' ? 'tree.bin' : `${name}.json`;
}
