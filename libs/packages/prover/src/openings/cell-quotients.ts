import {
  bitReverse12,
  CELL_ROWS,
  CELLS,
  divideByPower,
  inverse,
  mod,
  rowPoint,
  ROWS,
  type FieldKernels,
  type KzgCommitter,
  type Vector,
} from '@solvent-por/kzg';

/** Bytes of a batch's cell quotients: 64 compressed points, cell 0 first. */
export const CELL_QUOTIENT_BYTES = 48 * CELLS;

/**
 * C(q) of all 64 cells of a column (section 9), where p = q·(X^64 − z^64) + ρ for the rows equal to c modulo
 * 64, unblinded and in the order of c.
 * Made once a batch: what FK20 computes (EIP-7594) in the time of about 6 commitments; where the committer
 * can't, one commitment a cell, the same bytes.
 */
export function cellQuotients(kernels: FieldKernels, committer: KzgCommitter, column: Vector): Uint8Array {
  const quotients = new Uint8Array(CELL_QUOTIENT_BYTES);
  if (committer.cellProofs) {
    const proofs = committer.cellProofs(kernels.blob(column));
    for (let c = 0; c < CELLS; c++) quotients.set(proofs[bitReverse6(c)]!, 48 * c);
    return quotients;
  }
  const coefficients = coefficientsOf(kernels, column);
  for (let c = 0; c < CELLS; c++) quotients.set(commitQuotient(kernels, committer, coefficients, c), 48 * c);
  return quotients;
}

/** The same of one cell, at the price of one commitment. */
export function cellQuotient(
  kernels: FieldKernels,
  committer: KzgCommitter,
  column: Vector,
  c: number,
): Uint8Array {
  return commitQuotient(kernels, committer, coefficientsOf(kernels, column), c);
}

function commitQuotient(
  kernels: FieldKernels,
  committer: KzgCommitter,
  coefficients: readonly bigint[],
  c: number,
): Uint8Array {
  const mark = kernels.mark();
  const work = kernels.allocate(ROWS);
  const { quotient } = divideByPower(coefficients, CELL_ROWS, rowPoint(CELL_ROWS * c));
  kernels.load(work, 0, [...quotient, ...new Array<bigint>(CELL_ROWS).fill(0n)]);
  kernels.evaluate(work, work);
  const commitment = committer.commit(kernels.blob(work));
  kernels.release(mark);
  return commitment;
}

/**
 * A column's coefficients in natural order: the inverse transform is the transform read backwards, over n.
 */
function coefficientsOf(kernels: FieldKernels, column: Vector): bigint[] {
  const mark = kernels.mark();
  const work = kernels.allocate(ROWS);
  kernels.evaluate(work, column);
  const transformed = kernels.read(work, 0, ROWS);
  kernels.release(mark);
  const n = inverse(BigInt(ROWS));
  return transformed.map((_, k) => mod(transformed[(ROWS - k) % ROWS]! * n));
}

function bitReverse6(c: number): number {
  return bitReverse12(c) >> 6;
}
