import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { toHex } from '@solvent-por/kzg';
import { LINES_INDEX, MAX_LINES_INDEX_BYTES, readLinesIndex } from '@solvent-por/prover';
import { manifestDigest, type Manifest } from '@solvent-por/verifier';
import { about, readBounded } from './files';
import { count, plural } from './format';
import { fileDigest } from './lines-file';
import type { PackFindings } from './pack';
import type { UserResult } from './verify-user-files';

/**
 * Compares a file of lines with the index beside it.
 * @param results what came of the lines
 * @throws SolventError INDEX_MALFORMED, DOCUMENT_* (malformed)
 */
export async function checkLines(
  indexFile: string,
  results: readonly UserResult[],
  manifest: Manifest,
): Promise<PackFindings> {
  const bytes = await readBounded(indexFile, MAX_LINES_INDEX_BYTES);
  const index = about(indexFile, () => readLinesIndex(bytes));
  const file = linesOf(indexFile, index.name);
  const { lines, sound, again } = soundLines(results, file);
  const there = existsSync(file);
  const same = there && (await fileDigest(file)) === index.sha256;
  // An index that counts more lines than the file of its own digest has is believed neither.
  const whole = same && lines >= index.count;
  const [fewer, more] = [index.count - sound, sound - index.count];
  return {
    index: indexFile,
    kind: 'lines',
    count: index.count,
    present: whole ? index.count : Math.min(sound, index.count),
    missing: !there ? [index.name] : !whole && fewer > 0 ? [`${plural(fewer, 'line')} of ${index.name}`] : [],
    changed: there && !same ? [index.name] : [],
    doubled: again,
    foreign: more > 0 ? [`${count(more)} more of ${index.name}`] : [],
    otherManifest: index.manifest !== toHex(manifestDigest(manifest)),
  };
}

/** How many lines were judged; accounts whose proofs hold, each once; and which lines are another's again. */
function soundLines(
  results: readonly UserResult[],
  file: string,
): { readonly lines: number; readonly sound: number; readonly again: readonly string[] } {
  const again: string[] = [];
  const own = new Map<string, number>();
  let [lines, others] = [0, 0];
  for (const result of results) {
    if (result.file !== file) continue;
    lines++;
    if (result.status === 'foreign') others++;
    if (result.status !== 'valid') continue;
    const { id, line = 0 } = result;
    const first = own.get(id);
    if (first === undefined) own.set(id, line);
    else again.push(`line ${line} is of the account of line ${first}`);
  }
  return { lines, sound: own.size + others, again };
}

/** Also where file and index were renamed together. */
function linesOf(indexFile: string, name: string): string {
  const written = join(dirname(indexFile), name);
  const renamed = indexFile.slice(0, -LINES_INDEX.length);
  return !existsSync(written) && existsSync(renamed) ? renamed : written;
}
