export { manifestVectors } from './manifest-vectors';
export { loadVectors, pinnedVectors, type Vector, type VectorKind } from './vectors';
export { TEST_KEYS, testAccounts, testHeader, testKey, toBatches, type TestAccount } from './snapshots';
