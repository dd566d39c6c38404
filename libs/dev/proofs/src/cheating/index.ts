export { cancellingMove, moveOpening } from './cancelling';
export { claimedOpenings, failingClaims } from './claims';
export {
  CheatingProver,
  type CellChange,
  type Cheat,
  type EvaluationChallenges,
  type LimbChange,
} from './cheating-prover';
export { fitted } from './fitting';
export * as hide from './hiding';
export { lyingAboutW } from './lying';
export { specifiedPowers, type Powers } from './powers';
export { constraintsAt, referenceFailures, type Flaw } from './reference-verifier';
export { contextOf, EMPTY_ROW, Forger, HONEST_ACCOUNTS, summed, TEST_GAMMA, type Forgery } from './forger';
