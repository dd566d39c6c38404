// The kernels' exports; libs/packages/kzg/src/kernels.ts is their only caller and says what each does.
export {
  BLOB, BIAS, COMPLEMENT, ENTER, HEAP, INTEGER_ONE, LIMITS, MASK32, MASK64, MULTIPLES, RAISED2, RAISED4, SCALARS, TAIL,
} from './layout';
export * from './vectors';
export * from './transform';
export * from './lookup';
export * from './quotient';
