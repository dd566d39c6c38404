// Exports of the G1 kernels; libs/packages/kzg/src/g1 is their only caller and says what each does.
export {
  BETA,
  CUBE,
  ENTER,
  FOUR,
  HALF_MODULUS,
  HEAP,
  INTEGER_ONE,
  INVERSE,
  MODULUS,
  NEGATIVE_INVERSE,
  ONE,
  PLAIN_MODULUS,
  ROOT,
  TWICE,
} from './layout';
export { CAPACITY, WORKSPACE, denominators, firsts, kinds, open, seconds, sums } from './workspace';
export {
  chain,
  complete,
  completeDoubling,
  endomorphism,
  prepare,
  prepareDoubling,
  setKind,
} from './addition';
export { compress, decompress, enterPoints } from './codec';
export { bounds, recode, scalarDigits, smallDigits, tableEntries, tableStep } from './lists';
export { compact, countEqual, digitCount, fromBlob, subtractAll } from './scalars';
export { clearPoints, pairUp, runStep, startRound, startSums, totalStep } from './trees';
// For tests of the products at the bounds of their limbs.
export { multiply, square } from './generated/fp';
