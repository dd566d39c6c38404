import {
  inverses,
  mod,
  rowPoint,
  ROWS,
  type FieldKernels,
  type KzgCommitter,
  type Vector,
} from '@solvent-por/kzg';

/**
 * A plain EIP-4844 point evaluation of a column at ω^row: what π1 is where π64 and π8 are infinity (section
 * 9). For whoever can check only that; it takes a full commitment.
 *
 * @param value the column's in that row
 * @returns 48 bytes
 */
export function plainOpening(
  kernels: FieldKernels,
  committer: KzgCommitter,
  column: Vector,
  row: number,
  value: bigint,
): Uint8Array {
  const mark = kernels.mark();
  const quotient = kernels.allocate(ROWS);
  const differences = kernels.allocate(ROWS);
  const points = kernels.allocate(ROWS);
  // 1/(ω^i − ω^row) = ω^(−row)·D[i − row], D[j] = 1/(ω^j − 1): one table serves all rows.
  const table = rowDifferences();
  kernels.loadBytes(differences, row, table.differences.subarray(0, 32 * (ROWS - row)));
  kernels.loadBytes(differences, 0, table.differences.subarray(32 * (ROWS - row)));
  kernels.loadBytes(points, row, table.points.subarray(0, 32 * (ROWS - row)));
  kernels.loadBytes(points, 0, table.points.subarray(32 * (ROWS - row)));
  kernels.openingQuotient(quotient, column, value, differences);
  kernels.scale(quotient, quotient, rowPoint(-row), ROWS);
  // q_row = −Σ q_i·ω^(i − row), over i ≠ row.
  kernels.load(quotient, row, [mod(-kernels.dot(quotient, points, ROWS))]);
  const opening = committer.commit(kernels.blob(quotient));
  kernels.release(mark);
  return opening;
}

let cached: { readonly differences: Uint8Array; readonly points: Uint8Array } | undefined;

/** D[j] = 1/(ω^j − 1), D[0] = 0, and ω^j: 32 bytes each, big-endian. */
function rowDifferences(): { readonly differences: Uint8Array; readonly points: Uint8Array } {
  if (!cached) {
    const rows = Array.from({ length: ROWS }, (_, j) => rowPoint(j));
    const differences = [0n, ...inverses(rows.slice(1).map((x) => mod(x - 1n)))];
    cached = { differences: encode(differences), points: encode(rows) };
  }
  return cached;
}

function encode(values: readonly bigint[]): Uint8Array {
  const hex = values.map((x) => x.toString(16).padStart(64, '0')).join('');
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
