import type { SnapshotConfig } from '@solvent-por/snapshot';
import type { SourceSummary } from '@solvent-por/snapshot/readers';
import type { Context } from './context';
import { plural, printable } from './format';
import { inLines } from './screen';

/** What of an input was read in another way than each name under its own, or not at all. */
type Reading = Pick<SourceSummary, 'notRead' | 'notes' | 'names'>;

/**
 * Says what of an input was not read, what is not as usual, and what was added up: nothing is passed over
 * without a word.
 */
export function sayReading(reading: Reading, config: SnapshotConfig, context: Context): void {
  const { ignored, added } = reading.names;
  const { say, style, screen } = context;
  sayFiles(reading, context);
  const list = (lead: string, names: readonly string[], noun: string) => {
    const shown = names.map((name) => printable(name) || '""');
    for (const line of inLines(lead, shown, noun, '  ', screen)) say(line);
  };
  if (ignored.length > 0)
    list(`${style.warning} not read: ${plural(ignored.length, 'column')}`, ignored, 'column');
  for (const { symbol, names } of added) {
    if (config.mode !== 'aggregate') {
      list(`${style.bullet} ${symbol} is the sum of ${plural(names.length, 'name')}`, names, 'name');
      continue;
    }
    say(
      `${style.bullet} added up as ${symbol}, each amount taken as ${symbol} already (0.1 of one and 100 of another make 100.10)`,
    );
    list(`  from ${plural(names.length, 'name')}`, names, 'name');
  }
}

/** The same of files alone. */
export function sayFiles({ notRead, notes }: Omit<Reading, 'names'>, { say, style }: Context): void {
  if (notRead.length > 0)
    say(
      `${style.warning} not read: ${notRead.map(({ name, reason }) => `${printable(name)} (${reason})`).join(', ')}`,
    );
  for (const note of notes) say(`${style.warning} ${printable(note)}`);
}

/** The same for `--json`. */
export function readingDocument({ notRead, notes, names }: Reading): Reading {
  return { notRead, notes, names };
}
