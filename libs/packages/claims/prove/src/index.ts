export { circuitInput, type CircuitInput, type ClaimRequest } from './circuit-input';
export { proveClaim, type ClaimProver, type ClaimProverOptions } from './prove-claim';
export { endSnarkjs } from './snarkjs';
export {
  g1FromSnarkjs,
  g1ToSnarkjs,
  g2FromSnarkjs,
  g2ToSnarkjs,
  proofFromSnarkjs,
  proofToSnarkjs,
  type SnarkjsKey,
  type SnarkjsProof,
} from './snarkjs-form';
