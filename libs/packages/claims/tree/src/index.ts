export { ClaimHasher, type ClaimRows } from './claim-hasher';
export { ClaimBatchTree } from './claim-batch-tree';
export { ClaimRoots } from './claim-roots';
export { PoseidonKernel } from './kernel';
