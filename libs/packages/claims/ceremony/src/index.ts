export {
  applyBeacon,
  contribute,
  exportVerifyingKey,
  newCeremony,
  powersOfTau,
  verifyCeremony,
  verifyingKeyOf,
  type PowersOfTau,
  type VerifiedCeremony,
} from './ceremony';
export { compileCircuit, type CompiledCircuit } from './compile';
export { developmentKeys, type ClaimKeys } from './development-key';
export { developmentPowers } from './development-powers';
export { constraintCount, type CircuitSize } from './r1cs-header';
export { zkeyHistory, type ZkeyHistory } from './zkey-file';
export { endSnarkjs } from '@solvent-por/claims/prove';
