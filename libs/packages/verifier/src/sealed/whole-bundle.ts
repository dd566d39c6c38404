import { equalBytes, hexBytes } from '@solvent-por/kzg';
import { sha256 } from '@noble/hashes/sha2.js';
import { sizeOf } from '../layout';
import { manifestDigest, type Manifest } from '../manifest';
import { invalid, type Invalid, type Valid } from '../verdict';
import { SEALED, type SealedSource } from './reader';
import { MAX_SEALED_INDEX_BYTES, parseSealedIndex, verifySealedIndex } from './sealed-index';
import { shardBytes } from './shape';
import { Shard, shardFile } from './shard';
import { treeFileBytes } from './tree-file';

/** Which of a bundle's files are there as its operator signed them. */
export interface SealedFiles {
  /** Files that the index stands for: tree.bin and the shards. */
  readonly count: number;
  readonly missing: readonly string[];
  /** Of another length or content than was signed, or with tags that do not ascend. */
  readonly changed: readonly string[];
}

/**
 * Compares a whole sealed bundle with its index (section 15), one file at a time: for whoever copied it. What
 * its entries hold only their users can tell, with `readSealedBundle`.
 *
 * @param manifest one that was verified
 * @returns codes of refusal: SEALED_FILE_MISSING of index.json, those of verifySealedIndex
 * @throws SolventError SEALED_INDEX_MALFORMED | DOCUMENT_* (malformed): index.json is not of its form;
 *   whatever the source throws
 */
export async function verifySealedFiles(
  source: SealedSource,
  manifest: Manifest,
): Promise<(Valid & SealedFiles) | Invalid> {
  const bytes = await source(SEALED.index, MAX_SEALED_INDEX_BYTES);
  if (!bytes) return invalid('SEALED_FILE_MISSING', `${SEALED.index} is missing`);
  const index = parseSealedIndex(bytes);
  const verdict = verifySealedIndex(index, manifest);
  if (!verdict.valid) return verdict;
  const { published } = sizeOf(manifest.header);
  const digest = manifestDigest(manifest);
  const [missing, changed]: [string[], string[]] = [[], []];
  const compare = async (name: string, length: number, isSigned: (file: Uint8Array) => boolean) => {
    const file = await source(name, length);
    if (!file) missing.push(name);
    else if (file.length !== length || !isSigned(file)) changed.push(name);
  };
  await compare(SEALED.tree, treeFileBytes(manifest.batchCount), (file) =>
    equalBytes(sha256(file), hexBytes(index.tree, 32)),
  );
  const shards = 2 ** index.bits;
  for (let number = 0; number < shards; number++)
    await compare(shardFile(number), shardBytes(index, published), (file) => {
      const shard = new Shard(number, file, index, published);
      return shard.leadsTo(hexBytes(index.shards, 32), digest) && shard.ascends();
    });
  return { ...verdict, count: 1 + shards, missing, changed };
}
