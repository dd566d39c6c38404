import { inverse, mod, ROWS, type FieldKernels, type KzgCommitter, type Vector } from '@solvent-por/kzg';

/** Coefficients of a column, lowest first, by plain arithmetic: the prover's own transforms are not asked. */
export function coefficientsOf(kernels: FieldKernels, column: Vector): bigint[] {
  const mark = kernels.mark();
  const work = kernels.allocate(ROWS);
  // The inverse transform is the transform read backwards, over n.
  kernels.evaluate(work, column);
  const transformed = kernels.read(work, 0, ROWS);
  kernels.release(mark);
  const n = inverse(BigInt(ROWS));
  return transformed.map((_, k) => mod(transformed[(ROWS - k) % ROWS]! * n));
}

/** Commitment to a polynomial of degree below 4,096 by its coefficients, lowest first. */
export function commitTo(
  kernels: FieldKernels,
  committer: KzgCommitter,
  polynomial: readonly bigint[],
): Uint8Array {
  const mark = kernels.mark();
  const work = kernels.allocate(ROWS);
  kernels.load(work, 0, [...polynomial, ...new Array<bigint>(ROWS - polynomial.length).fill(0n)]);
  kernels.evaluate(work, work);
  const commitment = committer.commit(kernels.blob(work));
  kernels.release(mark);
  return commitment;
}
