export { BATCH_DEPTH, CLAIM_DEPTH, MAX_ARTEFACT_BYTES, MOST_IN_LEAF, PUBLIC_SIGNALS, RUN } from './bounds';
export { BN254_R, elementBytes, elementOf, invert, modulo, SHORT_BYTES } from './field';
export { FULL_ROUNDS, MOST_INPUTS, poseidonParameters, type PoseidonParameters } from './poseidon/parameters';
export { poseidon } from './poseidon/poseidon';
export { claimKeyOf, claimLeaf, claimNode, claimNullifier, climbClaims, pathBit, valueDigests } from './leaf';
export { claimScope, MAX_SCOPE_TEXT_BYTES, newChallenge } from './scope';
export { encodeClaim, MAX_CLAIM_BYTES, parseClaim, type Claim } from './claim';
export { claimFragment, readClaimLink } from './claim-link';
export {
  checkClaimFile,
  encodeClaimFile,
  MAX_CLAIM_FILE_BYTES,
  parseClaimFile,
  type ClaimFile,
} from './claim-file';
export { encodeG1, encodeG2, G1_BYTES, G2_BYTES } from './points';
export { knownPower, POWERS_OF_TAU } from './powers-of-tau';
export { GROTH16_PROOF_BYTES, verifyGroth16, type Groth16Key } from './groth16';
export {
  BEACON_ITERATIONS,
  DEVELOPMENT_WARNING,
  encodeVerifyingKey,
  MAX_CONTRIBUTIONS,
  MAX_VERIFYING_KEY_BYTES,
  parseVerifyingKey,
  refuseUnfitKey,
  type Contribution,
  type SetUp,
  type VerifyingKey,
  type VerifyingKeyDocument,
} from './verifying-key';
export { verifyClaim, type ClaimFindingCode, type ClaimVerdict, type TrustedClaim } from './verify-claim';
