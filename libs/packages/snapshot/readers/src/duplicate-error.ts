import { SolventError } from '@solvent-por/kzg';
import type { Duplicate, EntryPlace } from './entry-set';
import { placeText, shortKey } from './input-error';
import type { SourceReader } from './source-reader';

/**
 * ROW_DUPLICATE_ACCOUNT at the second place of a duplicate, with both lines.
 * @param reason says what is wrong, given the first place in words
 */
export async function duplicateError(
  source: SourceReader,
  { key, first, second }: Duplicate,
  reason: (first: string) => string,
): Promise<SolventError> {
  const nameOf = ({ file }: EntryPlace) => source.files[file]!.name;
  const firstLine = await source.lineOf(first.file, first.row);
  const line = await source.lineOf(second.file, second.row);
  const firstPlace = { file: nameOf(first), row: first.row };
  const place = { file: nameOf(second), row: second.row };
  const problem = reason(placeText(firstPlace, firstLine));
  return new SolventError('ROW_DUPLICATE_ACCOUNT', 'invalid', `${placeText(place, line)}: ${problem}`, {
    ...place,
    ...(line && { line }),
    reason: problem,
    account: shortKey(key),
    firstFile: firstPlace.file,
    firstRow: firstPlace.row,
    ...(firstLine && { firstLine }),
  });
}
