export { placeNew, PRIVATE, PRIVATE_DIRECTORY, removeTemporary, writeAtomic } from './atomic';
export { storageError, storing } from './storage-error';
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
  labelDigest,
  LabelledFile,
  labelledParts,
  type Expected,
  type Label,
  type Origin,
} from './labelled-file';
export { identityOf, isAlive } from './process-identity';
