import { createKernels, ROWS, type FieldKernels, type KzgCommitter, type Vector } from '@solvent-por/kzg';
import { loadCommitter } from '@solvent-por/kzg/native';
import { testKey } from '@solvent-por/dev/proofs';
import { CELL_QUOTIENT_BYTES, cellQuotient, cellQuotients } from './cell-quotients';

/** FK20 and one commitment a cell give the same bytes. */
let kernels: FieldKernels;
let committer: KzgCommitter;
let column: Vector;

beforeAll(async () => {
  kernels = createKernels();
  committer = await loadCommitter();
  column = kernels.allocate(ROWS);
  const values = testKey('values');
  kernels.load(
    column,
    0,
    Array.from({ length: ROWS }, (_, i) => BigInt(values[i % 32]!) ** 20n + BigInt(i)),
  );
});

test('a committer without cell proofs gives the same', () => {
  const { name, commit } = committer;
  const plain = cellQuotients(kernels, { name, commit }, column);
  expect(plain).toHaveLength(CELL_QUOTIENT_BYTES);
  if (committer.cellProofs) expect(cellQuotients(kernels, committer, column)).toEqual(plain);
  for (const c of [0, 1, 32, 63])
    expect(cellQuotient(kernels, committer, column, c)).toEqual(plain.subarray(48 * c, 48 * (c + 1)));
});

test('a column of degree below 64 has quotients at infinity', () => {
  kernels.fill(column, ROWS, 5n);
  const quotients = cellQuotients(kernels, committer, column);
  for (let c = 0; c < 64; c++) {
    expect(quotients[48 * c]).toBe(0xc0);
    expect(quotients.subarray(48 * c + 1, 48 * (c + 1)).every((byte) => byte === 0)).toBe(true);
  }
});
