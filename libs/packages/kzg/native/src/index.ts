export { forcedBackend, type KzgBackend } from './choice';
export { loadCommitter, type CommitterBackend, type CommitterOptions } from './committer';
export { SETUP_DIGEST, TAU_G1, checkSetUp, parseSetUpText, setUpDigest, type KzgSetUp } from './set-up';
export { nativeVerifier } from './verifier';
export { loadSetUpPoints, type SetUpPoints } from './set-up-points';
export { buildCommitterTables, type CommitterTables } from './wasm-committer';
