import {
  bitReverse12,
  buildCellTables,
  buildLagrangeTables,
  CellQuotients,
  ColumnCommitter,
  createKernels,
  ROWS,
  SCALAR_BYTES,
  type CellTables,
  type KzgCommitter,
  type LagrangeTables,
} from '@solvent-por/kzg';
import { loadSetUpPoints, type SetUpPoints } from './set-up-points';

/**
 * Tables of the G1 kernels, made once a process and handed to its threads; what is missing is built where it
 * is first needed.
 */
export interface CommitterTables {
  readonly lagrange?: LagrangeTables;
  readonly cells?: CellTables;
}

/**
 * The tables that a committer of this process's threads needs: 0.7 seconds; 4 more for those of cells, which
 * only serve where c-kzg is missing.
 */
export async function buildCommitterTables(
  options: { readonly cells?: boolean } = {},
): Promise<CommitterTables> {
  const { lagrange, powers } = await loadSetUpPoints();
  return {
    lagrange: buildLagrangeTables(lagrange),
    ...(options.cells ? { cells: buildCellTables(powers) } : {}),
  };
}

/** Our own kernel as a committer: everything that c-kzg's does. */
export async function loadWasmCommitter(tables: CommitterTables): Promise<KzgCommitter> {
  const points = await loadSetUpPoints();
  const columns = new ColumnCommitter(tables.lagrange ?? buildLagrangeTables(points.lagrange));
  let cells: ((blob: Uint8Array) => Uint8Array[]) | undefined;
  return {
    name: 'wasm',
    commit: (blob) => columns.commit(blob),
    commitSmall: (small) => columns.commitSmall(small),
    cellProofs: (blob) => (cells ??= cellProofs(tables.cells, points))(blob),
  };
}

function cellProofs(tables: CellTables | undefined, points: SetUpPoints): (blob: Uint8Array) => Uint8Array[] {
  const kernels = createKernels();
  const quotients = new CellQuotients(tables ?? buildCellTables(points.powers), kernels);
  const column = kernels.allocate(ROWS);
  return (blob) => {
    const rows = new Uint8Array(ROWS * SCALAR_BYTES);
    for (let row = 0; row < ROWS; row++) {
      const at = bitReverse12(row) * SCALAR_BYTES;
      rows.set(blob.subarray(at, at + SCALAR_BYTES), row * SCALAR_BYTES);
    }
    kernels.loadBytes(column, 0, rows);
    const bytes = quotients.quotients(column);
    // Proof i is that of cell i with its six bits reversed.
    return Array.from({ length: 64 }, (_, i) => {
      const c = bitReverse12(i) >> 6;
      return bytes.slice(48 * c, 48 * (c + 1));
    });
  };
}
