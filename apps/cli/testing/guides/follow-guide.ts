import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { guideCommands, isShown, readGuide, type GuideCommand } from './guide-commands';
import { GuideShell, type Printed } from './guide-shell';

/** Whoever follows a guide, as its table sees them. */
export interface Reader {
  /** The clone in which they are. */
  readonly clone: string;
  /** What the last command printed. */
  readonly last: Printed;
  /** Types something that the guide takes for done. */
  type(command: string): Promise<Printed>;
}

/**
 * What a guide leaves to its reader. Every entry must be of use: what the guide no longer says goes from here
 * too.
 */
export interface GuideTable {
  /** What there is before the first command that begins so. */
  readonly before?: Readonly<Record<string, (reader: Reader) => unknown>>;
  /** What stands in place of a text in commands. */
  readonly instead?: readonly (readonly [
    text: string,
    by: string | ((reader: Reader) => string),
    why: string,
  ])[];
  /** Commands that are not run. */
  readonly notRun?: readonly (readonly [command: RegExp, why: string])[];
}

/**
 * Runs all commands of a guide as a stranger would, in an empty folder.
 * @param folder which is made
 * @returns the clone
 */
export async function followGuide(
  guide: string,
  table: GuideTable,
  folder: string,
  path: string,
): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const shell = new GuideShell(folder, path);
  const clone = join(folder, 'solvent');
  let last: Printed = { code: 0, stdout: '', stderr: '' };
  const used = new Set<unknown>();
  const reader: Reader = {
    clone,
    get last() {
      return last;
    },
    type: (command) => typed(shell, command, 'what the guide takes for done'),
  };
  try {
    for (const command of guideCommands(readGuide(guide))) {
      const skipped = table.notRun?.find(([pattern]) => pattern.test(command.text));
      if (skipped) {
        used.add(skipped);
        continue;
      }
      for (const [begin, prepare] of Object.entries(table.before ?? {}))
        if (command.text.startsWith(begin) && !used.has(prepare)) {
          used.add(prepare);
          await prepare(reader);
        }
      const where = `${guide}, line ${command.line}`;
      last = await typed(shell, filledIn(command, table, reader, used), where);
      if (command.shown !== undefined && !isShown(command.shown, last.stdout))
        throw new Error(`${where} shows\n${command.shown}\nbut was printed\n${last.stdout}`);
    }
  } finally {
    await shell.end();
  }
  const idle = [
    ...Object.values(table.before ?? {}),
    ...(table.instead ?? []),
    ...(table.notRun ?? []),
  ].filter((entry) => !used.has(entry));
  if (idle.length > 0) throw new Error(`${guide} says no more: ${idle.map(String).join('; ')}`);
  return clone;
}

function filledIn({ text }: GuideCommand, table: GuideTable, reader: Reader, used: Set<unknown>): string {
  let filled = text;
  for (const entry of table.instead ?? []) {
    const [open, by] = entry;
    if (!filled.includes(open)) continue;
    used.add(entry);
    filled = filled.replaceAll(open, typeof by === 'string' ? by : by(reader));
  }
  const command = filled.replace(/(^|\s)#.*$/gm, '');
  if (command.includes('…')) throw new Error(`nothing stands for … in: ${command}`);
  return filled;
}

async function typed(shell: GuideShell, command: string, where: string): Promise<Printed> {
  const printed = await shell.type(command);
  if (printed.code === 0) return printed;
  throw new Error(`${where}: exit code ${printed.code} of\n${command}\n${printed.stdout}\n${printed.stderr}`);
}
