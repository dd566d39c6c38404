export {
  AccountOpener,
  type BatchOpenings,
  type OpeningBlinding,
  type SharedOpenings,
} from './account-openings';
export { CELL_ROWS, CELLS, cellRemainder, divideByPower, SUBCELL_ROWS, SUBCELLS } from './cell-polynomials';
export { buildOpeningTables, type OpeningTableOptions, type OpeningTables } from './opening-tables';
export { ColumnCommitter } from './column-committer';
export { buildLagrangeTables, type LagrangeTableOptions, type LagrangeTables } from './lagrange-tables';
export { buildCellTables, CellQuotients, type CellTables } from './cell-quotients';
export { createMultiScalar } from './multi-scalar';
