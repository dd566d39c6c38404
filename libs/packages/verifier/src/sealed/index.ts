export { entryKey, entryTag, shardNumber, shardPrefix } from './account';
export { decodeEntry, encodeEntry, openEntry, type SealedAccount } from './entry';
export { hostView } from './host-view';
export {
  readSealedBundle,
  SEALED,
  type SealedSource,
  type SealedVerdict,
  type TrustedSealed,
} from './reader';
export {
  MAX_SEALED_INDEX_BYTES,
  parseSealedIndex,
  sealedIndexDigest,
  verifySealedIndex,
  type SealedIndex,
  type UnsignedSealedIndex,
} from './sealed-index';
export {
  entryBytes,
  MAX_SHARD_BITS,
  plainBytes,
  shardBits,
  shardBytes,
  shardEntries,
  shardShapes,
  TAG_BYTES,
  type ShardShape,
} from './shape';
export { compareTags, Shard, shardFile, shardLeaf } from './shard';
export { placeInTree, treeFileBytes, treeFileRanges } from './tree-file';
export { verifySealedFiles, type SealedFiles } from './whole-bundle';
