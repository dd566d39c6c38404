export { BN254_R, elementBytes, elementOf, invert, modulo, SHORT_BYTES } from './field';
export { FULL_ROUNDS, MOST_INPUTS, poseidonParameters, type PoseidonParameters } from './poseidon/parameters';
export { poseidon } from './poseidon/poseidon';
