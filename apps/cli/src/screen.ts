import { plural } from './format';

/** What what is said is shown on. */
export interface Screen {
  /** Characters that fit in a line. */
  readonly columns: number;
  /**
   * A terminal shows so much and no more: long lists are folded there. A file, a pipe or a pager gets all.
   */
  readonly folds: boolean;
}

/** Lines of a file, and of terminals that don't say how wide they are. */
const [FILE_COLUMNS, USUAL_COLUMNS] = [120, 80];
/** Longest lists that are shown whole where lists are folded, and how much is shown of longer ones. */
const [WHOLE, SHOWN] = [40, 20];

export function screenOf(stream: {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}): Screen {
  if (!stream.isTTY) return { columns: FILE_COLUMNS, folds: false };
  return { columns: stream.columns || USUAL_COLUMNS, folds: true };
}

/**
 * What is shown of a list, and what is said of the rest.
 * @param noun of one item: `asset`
 * @param heightOf how many lines an item takes
 */
export function folded<T>(
  all: readonly T[],
  noun: string,
  { folds }: Screen,
  heightOf: (item: T) => number,
): { readonly items: readonly T[]; readonly rest?: string } {
  const height = all.reduce((sum, item) => sum + heightOf(item), 0);
  if (!folds || height <= WHOLE) return { items: all };
  let [shown, used] = [0, 0];
  while (used < SHOWN) used += heightOf(all[shown++]!);
  const hidden = all.length - shown;
  if (hidden === 0) return { items: all };
  return {
    items: all.slice(0, shown),
    rest: `… and ${plural(hidden, `more ${noun}`)}: \`| less\` or \`> FILE\` shows all, --json too`,
  };
}

/**
 * A list behind what it is of: `lead: a, b, c` where that fits in a line, else in lines below it; folded like
 * other long lists.
 * @param noun of one item
 * @param indent before the lines below
 */
export function inLines(
  lead: string,
  all: readonly string[],
  noun: string,
  indent: string,
  screen: Screen,
): string[] {
  const line = `${lead}: ${all.join(', ')}`;
  if (line.length <= screen.columns) return [line];
  const { items, rest } = folded(all, noun, screen, () => 1);
  const lines: string[] = [];
  items.forEach((item, i) => {
    const text = i === items.length - 1 ? item : `${item},`;
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + text.length <= screen.columns)
      lines[lines.length - 1] = `${last} ${text}`;
    else lines.push(indent + text);
  });
  return [`${lead}:`, ...lines, ...(rest === undefined ? [] : [indent + rest])];
}
