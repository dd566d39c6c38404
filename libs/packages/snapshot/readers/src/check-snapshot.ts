import { tokensOf } from '@solvent-por/snapshot';
import { duplicateError } from './duplicate-error';
import { DuplicateFinder } from './duplicates';
import { shortKey } from './input-error';
import { RefusedAccounts } from './refused-accounts';
import { SourceReader, type SourceOptions, type SourceSummary } from './source-reader';
import { TotalsCounter } from './totals';

export interface CheckOptions extends SourceOptions {
  /**
   * Where account keys are spilled to find duplicates: 40 bytes an account. The system's temporary directory
   * when missing.
   */
  readonly spillDirectory?: string | undefined;
}

export interface CheckedSnapshot extends SourceSummary {
  /**
   * Of the published values, in layout order: aggregate: equity, debt; spot: equity_t; margin: equity_t …,
   * debt_t …, then what lies in each pool.
   */
  readonly totals: bigint[];
  /** Assets (not in `aggregate`) of which there is nothing: they could be left out. */
  readonly unheld: readonly string[];
}

/**
 * Reads the whole input and refuses it at the first bad row, or at the end where all that is wrong is that
 * accounts cannot be proved: then all of them are named.
 * After that it is refused at the first key that stands twice, whichever files its places are in.
 *
 * @throws SolventError RowCode and InputCode; details hold `file`, `row`, `line` (of the file, from 1),
 *   `reason` and, where they are known, `token`,
 *   `account` (the first 8 digits of the key), `column`, and `firstFile`, `firstRow` and `firstLine` of a
 * duplicate; `refused` where several accounts cannot be proved
 */
export async function checkSnapshot(options: CheckOptions): Promise<CheckedSnapshot> {
  const source = await SourceReader.open(options);
  const totals = new TotalsCounter(options.header);
  const keys = new DuplicateFinder(options.spillDirectory);
  const refused = new RefusedAccounts();
  source.onRefused = (error) => refused.add(error);
  try {
    for await (const file of source.chunks()) {
      while (source.next()) {
        totals.add(source.row);
        keys.add(source.row.key, file, source.rowNumber);
      }
    }
    if (refused.first) throw refused.first;
    const duplicate = keys.find();
    if (duplicate)
      throw await duplicateError(
        source,
        duplicate,
        (first) =>
          `the account ${shortKey(duplicate.key)} stands in ${first} already: an account has one row, so add the amounts up before, equity and debt each by itself`,
      );
    const published = totals.totals();
    return {
      ...source.summary(),
      totals: published,
      unheld: options.header.mode === 'aggregate' ? [] : unheldAssets(tokensOf(options.config), published),
    };
  } catch (error) {
    throw await refused.all(error, (one) => source.located(one));
  } finally {
    keys.close();
  }
}

/** Totals are equity_t, then debt_t where there is any, then pools. */
function unheldAssets(symbols: readonly string[], totals: readonly bigint[]): string[] {
  return symbols.filter((_, t) => totals[t] === 0n && (totals[symbols.length + t] ?? 0n) === 0n);
}
