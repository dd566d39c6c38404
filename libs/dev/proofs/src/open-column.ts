import { inverse, mod, ROWS, type FieldKernels, type KzgCommitter, type Vector } from '@solvent-por/kzg';

/**
 * Opens a column at any point, on or off the domain, by dividing its polynomial by X − z: slow, and another
 * way than the prover's.
 * @returns the value there, and the 48 bytes of the proof
 */
export function openColumn(
  kernels: FieldKernels,
  committer: KzgCommitter,
  column: Vector,
  z: bigint,
): { readonly value: bigint; readonly proof: Uint8Array } {
  const mark = kernels.mark();
  const work = kernels.allocate(ROWS);
  // The inverse transform is the transform read backwards, over n.
  kernels.evaluate(work, column);
  const transformed = kernels.read(work, 0, ROWS);
  const n = inverse(BigInt(ROWS));
  const coefficients = transformed.map((_, k) => mod(transformed[(ROWS - k) % ROWS]! * n));
  const quotient = new Array<bigint>(ROWS).fill(0n);
  let carry = 0n;
  for (let i = ROWS - 1; i > 0; i--) quotient[i - 1] = carry = mod(coefficients[i]! + carry * z);
  kernels.load(work, 0, quotient);
  kernels.evaluate(work, work);
  const proof = committer.commit(kernels.blob(work));
  kernels.release(mark);
  return { value: mod(coefficients[0]! + carry * z), proof };
}
