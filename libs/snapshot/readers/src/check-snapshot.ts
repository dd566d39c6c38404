import { RowRefusal, tokensOf } from '@solvent/snapshot';
import { DuplicateFinder } from './duplicates';
import { rowError, shortId } from './input-error';
import type { NamesRead } from './names-read';
import { SourceReader, type SourceOptions, type SourceSummary } from './source-reader';
import { TotalsCounter } from './totals';

export interface CheckOptions extends SourceOptions {
  /** Where ids are spilled to find duplicates: 40 bytes an account. The system's temporary directory when missing. */
  readonly spillDirectory?: string | undefined;
}

export interface CheckedSnapshot extends SourceSummary {
  /** Of the published values, in layout order: aggregate: equity, debt; spot: equity_t; margin: equity_t …, debt_t …. */
  readonly totals: bigint[];
  readonly names: NamesRead;
  /** Assets (not in `aggregate`) of which there is nothing: they could be left out. */
  readonly unheld: readonly string[];
}

/**
 * Reads the whole input and refuses it at the first bad row; then at the first id that stands twice, whichever files its places are in.
 *
 * @throws SolventError RowCode and InputCode; details hold `file`, `row`, `reason` and, where they are known, `token`, `account` (the first
 *   8 digits of the id), `column`, and `firstFile` and `firstRow` of a duplicate
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
    if (duplicate) {
      const [first, second] = [duplicate.first, duplicate.second].map(({ file, row }) => ({
        file: source.files[file]!.name,
        row,
      })) as [{ file: string; row: number }, { file: string; row: number }];
      throw rowError(
        new RowRefusal(
          'ROW_DUPLICATE_ACCOUNT',
          `the account ${shortId(duplicate.id)} stands in ${first.file}, row ${first.row} already`,
        ),
        second,
        duplicate.id,
        { firstFile: first.file, firstRow: first.row },
      );
    }
    const published = totals.published();
    return {
      ...source.summary(),
      totals: published,
      names: source.namesRead(),
      unheld: options.header.mode === 'aggregate' ? [] : unheldAssets(tokensOf(options.config), published),
    };
  } finally {
    ids.close();
  }
}

/** Totals are equity_t, then debt_t where there is any. */
function unheldAssets(symbols: readonly string[], totals: readonly bigint[]): string[] {
  return symbols.filter((_, t) => totals[t] === 0n && (totals[symbols.length + t] ?? 0n) === 0n);
}
