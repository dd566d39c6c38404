export { circuitInput, type CircuitInput, type ClaimRequest } from './circuit-input';
export { proveClaim, type ClaimArtefacts, type ClaimProverOptions } from './prove-claim';
export {
  endSnarkjs,
  loadSnarkjs,
  Log,
  toolsMissing,
  type Artefact,
  type MemoryFile,
  type Snarkjs,
} from './snarkjs';
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
