import { AccountOpener, buildOpeningTables, type FieldKernels, type OpeningTables } from '@solvent/algebra';
import { loadSetUpPoints } from '@solvent/algebra/native';

/** Tables of 1.5 MB, made in a twentieth of a second, for whoever opens a row now and then, at twice the price of a row. */
const NARROW = { rowWidth: 6, cellWidth: 4 };
/** From so many rows on, wide tables (62 MB, shared by all threads) pay for themselves. */
const WIDE_FROM = 2000;

/** Tables for opening so many rows, to be handed to every thread. @throws SolventError SETUP_DIGEST_MISMATCH (internal) */
export async function openingTables(rows: number): Promise<OpeningTables> {
  const { powers } = await loadSetUpPoints();
  return buildOpeningTables(powers, rows >= WIDE_FROM ? {} : NARROW);
}

/**
 * What opens rows in this thread. It keeps tables in the kernels' memory: load it before any mark that will be released.
 * @throws SolventError SETUP_DIGEST_MISMATCH (internal)
 */
export async function loadOpener(kernels: FieldKernels, tables?: OpeningTables): Promise<AccountOpener> {
  return new AccountOpener(tables ?? (await openingTables(1)), kernels);
}
