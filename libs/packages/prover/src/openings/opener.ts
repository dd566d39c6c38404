import { AccountOpener, buildOpeningTables, type FieldKernels, type OpeningTables } from '@solvent-por/kzg';
import { buildCommitterTables, loadSetUpPoints, type CommitterTables } from '@solvent-por/kzg/native';

/**
 * Tables of 1.5 MB, made in a twentieth of a second, for whoever opens a row now and then, at twice the price
 * of a row.
 */
const NARROW = { rowWidth: 6, cellWidth: 4 };
/** From so many rows on, wide tables (62 MB, shared by all threads) pay for themselves. */
const WIDE_FROM = 2000;

/**
 * Tables for opening so many rows, to be handed to every thread.
 * @throws SolventError SETUP_DIGEST_MISMATCH (internal)
 */
export async function openingTables(rows: number): Promise<OpeningTables> {
  const { powers } = await loadSetUpPoints();
  return buildOpeningTables(powers, rows >= WIDE_FROM ? {} : NARROW);
}

/** What threads that open rows share. */
export interface SharedTables {
  readonly tables: OpeningTables;
  /** Where few rows are opened, whose cells are committed to one by one. */
  readonly committing?: CommitterTables;
}

/**
 * The same, with what else threads that open so many rows would each make for themselves.
 * @throws SolventError SETUP_DIGEST_MISMATCH (internal)
 */
export async function sharedTables(rows: number): Promise<SharedTables> {
  const tables = await openingTables(rows);
  return rows >= WIDE_FROM ? { tables } : { tables, committing: await buildCommitterTables() };
}

/**
 * What opens rows in this thread. It keeps tables in the kernels' memory: load it before any mark that will
 * be released.
 * @throws SolventError SETUP_DIGEST_MISMATCH (internal)
 */
export async function loadOpener(kernels: FieldKernels, tables?: OpeningTables): Promise<AccountOpener> {
  return new AccountOpener(tables ?? (await openingTables(1)), kernels);
}
