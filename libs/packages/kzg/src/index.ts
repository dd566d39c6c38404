export { SolventError, type FailureKind } from './errors';
export { concat, equalBytes, fromHex, hexBytes, toHex, u32be, utf8 } from './bytes';
export { asciiLower, asciiUpper } from './ascii';
export { withoutOuter, withoutTrailing } from './trimmed';
export { R, SCALAR_BYTES, decodeScalar, fromBytes, inverse, inverses, mod, pow, toBytes } from './field';
export { GENERATOR, OMEGA, ROWS, bitReverse12, lagrangeAt, rowPoint } from './domain';
export type { G1Point, KzgCommitter, KzgVerifier, SmallColumn } from './kzg';
export { G1_BASE, G1_ZERO, POINT_BYTES, encodePoints, horner, pointFromAffine } from './kzg/points';
export { nobleVerifier } from './kzg/noble-verifier';
export {
  OpeningChecks,
  type Combination,
  type Opening,
  type RandomBytes,
  type RowOpening,
} from './kzg/opening-checks';
export { TAU64_G2, TAU8_G2, TAU_G2 } from './kzg/pairing';
export { decodeUncompressed, encodeUncompressed } from './kzg/uncompressed';
export { createKernels, type FieldKernels, type Vector } from './kernels';
export { compileKernels } from './simd';
export { type BlindColumn, type GroupQuotient } from './kernels/group-quotient';
export { decodePointWith } from './kzg/decode';
export { nobleCommitter } from './kzg/noble-committer';
export {
  AccountOpener,
  CELL_ROWS,
  CELLS,
  CellQuotients,
  ColumnCommitter,
  SUBCELL_ROWS,
  SUBCELLS,
  buildCellTables,
  buildLagrangeTables,
  buildOpeningTables,
  cellRemainder,
  createMultiScalar,
  divideByPower,
  type BatchOpenings,
  type CellTables,
  type LagrangeTableOptions,
  type LagrangeTables,
  type OpeningBlinding,
  type OpeningTableOptions,
  type OpeningTables,
} from './g1';
