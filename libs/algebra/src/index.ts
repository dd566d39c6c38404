export { SolventError, type FailureKind } from './errors';
export { concat, equalBytes, fromHex, toHex, u32be, utf8 } from './bytes';
export { R, SCALAR_BYTES, decodeScalar, fromBytes, inverse, inverses, mod, pow, toBytes } from './field';
export { GENERATOR, OMEGA, ROWS, bitReverse12, lagrangeAt, rowPoint } from './domain';
export type { G1Point, KzgCommitter, KzgVerifier } from './kzg';
