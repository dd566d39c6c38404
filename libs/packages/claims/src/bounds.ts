/** Levels of a claim tree: 12 of a batch's rows, 16 of batches (section 13). */
export const CLAIM_DEPTH = 28;
/** Levels of a batch's part of it. */
export const BATCH_DEPTH = 12;
/** Values that a leaf takes as they are. */
export const MOST_IN_LEAF = 12;
/** Values of a run, where there are more. */
export const RUN = 16;
/** Longest proving key or witness generator; for 1,024 published values either has some 40 MB. */
export const MAX_ARTEFACT_BYTES = 128 * 1024 * 1024;
/** Public signals of a claim: claimRoot, value, threshold, scope, challenge, nullifier. */
export const PUBLIC_SIGNALS = 6;
