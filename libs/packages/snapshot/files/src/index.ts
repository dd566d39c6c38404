export { placeNew, PRIVATE, PRIVATE_DIRECTORY, removeTemporary, writeAtomic } from './atomic';
export { readSecretFile } from './secret-file';
export { readAtMost, readSmallFile } from './small-file';
export { storageError, storageFailed, storing } from './storage-error';
export { writeWhole } from './write-whole';
export {
  contentsOf,
  holdFolder,
  isLockFile,
  lockBeside,
  lockFolder,
  releaseLocks,
  takeLock,
  type Lock,
  type LockOwner,
} from './lock';
export {
  encodeLabelled,
  decodeLabelled,
  digestsIn,
  labelDigest,
  LabelledFile,
  originOf,
  labelledParts,
  type Expected,
} from './labelled-file';
export { DIGEST_BYTES, type Label, type Origin } from './label';
export { identityOf, isAlive } from './process-identity';
