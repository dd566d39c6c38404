import { tokensOf } from '@solvent/snapshot';
import { duplicateError } from './duplicate-error';
import { DuplicateFinder } from './duplicates';
import { shortId } from './input-error';
import { SourceReader, type SourceOptions, type SourceSummary } from './source-reader';
import { TotalsCounter } from './totals';

export interface CheckOptions extends SourceOptions {
  /** Where ids are spilled to find duplicates: 40 bytes an account. The system's temporary directory when missing. */
  readonly spillDirectory?: string | undefined;
}

export interface CheckedSnapshot extends SourceSummary {
  /** Of the published values, in layout order: aggregate: equity, debt; spot: equity_t; margin: equity_t …, debt_t …. */
  readonly totals: bigint[];
  /** Assets (not in `aggregate`) of which there is nothing: they could be left out. */
  readonly unheld: readonly string[];
}

/**
 * Reads the whole input and refuses it at the first bad row; then at the first id that stands twice, whichever files its places are in.
 *
 * @throws SolventError RowCode and InputCode; details hold `file`, `row`, `line` (of the file, from 1), `reason` and, where they are known, `token`,
 *   `account` (the first 8 digits of the id), `column`, and `firstFile`, `firstRow` and `firstLine` of a duplicate
 */
export async function checkSnapshot(options: CheckOptions): Promise<CheckedSnapshot> {
  const source = await SourceReader.open(options);
  const totals = new TotalsCounter(options.header, source.row.values);
  const ids = new DuplicateFinder(options.spillDirectory);
  try {
    for await (const file of source.chunks()) {
      while (source.next()) {
        totals.add(source.row);
        ids.add(source.row.id, file, source.rowNumber);
      }
    }
    const duplicate = ids.find();
    if (duplicate)
      throw await duplicateError(
        source,
        duplicate,
        (first) =>
          `the account ${shortId(duplicate.id)} stands in ${first} already: an account has one row, so add the amounts up before, equity and debt each by itself`,
      );
    const published = totals.published();
    return {
      ...source.summary(),
      totals: published,
      unheld: options.header.mode === 'aggregate' ? [] : unheldAssets(tokensOf(options.config), published),
    };
  } catch (error) {
    throw await source.located(error);
  } finally {
    ids.close();
  }
}

/** Totals are equity_t, then debt_t where there is any. */
function unheldAssets(symbols: readonly string[], totals: readonly bigint[]): string[] {
  return symbols.filter((_, t) => totals[t] === 0n && (totals[symbols.length + t] ?? 0n) === 0n);
}
