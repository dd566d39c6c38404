import { createInterface } from 'node:readline';
import { utf8 } from '@solvent-por/kzg';
import { importBitmex, OkxImporter, type ImportedRow } from '@solvent-por/reserves';
import { canonicalJson } from '@solvent-por/verifier';
import type { Context, Outcome } from './context';
import { EXIT } from './exit-code';
import { about, openFile, readBounded } from './files';
import { count, plural, printable } from './format';
import { usage } from './reserves-outcome';
import { writeNewFile } from './service/write-new-file';

export const SOURCES = ['okx', 'okx-2025', 'bitmex'] as const;
const MOST_YAML_BYTES = 64 * 1024 * 1024;
/** So many refused rows are named. */
const MOST_NAMED = 100;
const PUBLIC = 0o644;

interface Imported {
  readonly counts: Record<string, number>;
  readonly refused: (Pick<ImportedRow, 'row' | 'verdict' | 'code' | 'reason'> & { readonly file: string })[];
  readonly lines: string[];
  readonly messages: string[];
}

/** Judges every row of every file; writes the lines of those that are not refused. */
export async function importReserves(
  files: readonly string[],
  { from, output }: { readonly from: string; readonly output?: string },
  context: Context,
): Promise<Outcome> {
  if (!SOURCES.some((source) => source === from)) usage(`--from must be one of ${SOURCES.join(', ')}`);
  const imported: Imported = { counts: {}, refused: [], lines: [], messages: [] };
  if (from === 'bitmex') for (const file of files) await readBitmex(file, imported);
  else await readOkx(files, from as 'okx' | 'okx-2025', imported, context);
  if (output !== undefined) await writeNewFile(output, utf8(imported.lines.join('')), PUBLIC);
  const { say, complain, style } = context;
  const { counts, refused, messages } = imported;
  for (const { file, row, verdict, reason } of refused.slice(0, MOST_NAMED))
    complain(`${style.cross} ${printable(file)}, row ${row}: ${verdict}: ${reason}`);
  if (refused.length > MOST_NAMED) complain(`… and ${count(refused.length - MOST_NAMED)} more`);
  for (const [verdict, number] of Object.entries(counts)) say(`${verdict}: ${plural(number, 'row')}`);
  for (const message of messages) say(`signed text: ${JSON.stringify(message)}`);
  if (output !== undefined) say(`${style.tick} wrote ${plural(imported.lines.length, 'line')}`);
  const right = refused.length === 0;
  return {
    exitCode: right ? EXIT.valid : EXIT.invalid,
    document: {
      verdict: right ? 'right' : 'wrong',
      rows: counts,
      lines: imported.lines.length,
      messages,
      refused: refused.slice(0, MOST_NAMED),
    },
  };
}

async function readOkx(
  files: readonly string[],
  form: 'okx' | 'okx-2025',
  imported: Imported,
  context: Context,
): Promise<void> {
  const importer = new OkxImporter(form);
  const progress = context.progress('judging');
  for (const file of files) {
    importer.begin();
    const handle = await openFile(file);
    const { size } = await handle.stat();
    let bytes = 0;
    for await (const line of createInterface({ input: handle.createReadStream(), crlfDelay: Infinity })) {
      bytes += line.length + 1;
      const row = importer.row(line);
      if (row) take(file, row, imported);
      progress.update(Math.min(bytes, size), size);
    }
    about(file, () => importer.finish());
  }
  progress.stop();
  imported.messages.push(...importer.messages);
}

async function readBitmex(file: string, imported: Imported): Promise<void> {
  const bytes = await readBounded(file, MOST_YAML_BYTES);
  const { rows, problem } = about(file, () => importBitmex(new TextDecoder().decode(bytes)));
  for (const row of rows) take(file, row, imported);
  if (problem !== undefined)
    imported.refused.push({ file, row: 0, verdict: 'wrong', code: 'FILE_UNTRUE', reason: problem });
}

function take(file: string, { line, decimals: _, ...said }: ImportedRow, imported: Imported): void {
  imported.counts[said.verdict] = (imported.counts[said.verdict] ?? 0) + 1;
  if (said.verdict === 'wrong' || said.verdict === 'malformed') imported.refused.push({ file, ...said });
  if (line) imported.lines.push(`${canonicalJson(line)}\n`);
}
